import { evidenceErrors } from '@holdfast/evidence/errors';
import type { EvidenceProblem } from '@holdfast/evidence/view';
import type { GateResult, Project } from '@holdfast/pipeline';
import { findArtifact } from '@holdfast/pipeline/artifacts';
import { gate } from '@holdfast/pipeline/gate';
import { openProject } from '@holdfast/pipeline/project';
import type { Reason } from '@holdfast/policy/request';
import { type CommandModule, type CommandResult, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { type Failure, failureOf } from '../failure.ts';
import { shortHex } from '../short-hex.ts';
import type { Terminal } from '../terminal.ts';
import { labelled } from '../wrap.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const project = await openProject(invocation.folder);
  const environment = environmentOf(project, textOption(invocation, 'to'));
  const name = invocation.arguments[0] ?? '';
  const artifact = await findArtifact(project, name, invocation.folder);
  try {
    const result = await gate(project, artifact, environment, textOption(invocation, 'key'));
    return decided(name, environment, result, terminal);
  } catch (error) {
    return unverifiable(name, environment, error, terminal);
  }
};

function environmentOf(project: Project, named: string | undefined): string {
  const [only, ...more] = Object.keys(project.config.environments);
  if (named !== undefined) return named;
  if (only !== undefined && more.length === 0) return only;
  throw new CliError('HF_CLI_USAGE', 'the gate needs to know where to', { fix: 'name it: --to ENVIRONMENT' });
}

function decided(
  name: string,
  environment: string,
  { decision, view, evidence }: GateResult,
  terminal: Terminal,
): CommandResult {
  const { allowed, reasons, passed, policyDigest } = decision;
  const { broken, ignored } = view;
  const [shown, follows] = whatToSay(reasons, broken);
  const lines = [
    verdict(allowed, terminal),
    '',
    ...reasonsLines(shown),
    ...(follows === '' ? [] : labelled('  ', 2, follows)),
    ...(reasons.length > 0 ? [''] : []),
    ...labelled('  ', 2, `passed: ${passed.join(', ') || 'nothing'}`),
    evidence === undefined
      ? '  nothing was recorded: the ledger cannot be built on'
      : `  decision ${shortHex(evidence.id)} is in the ledger at ${evidence.index}`,
  ];
  const result = {
    artifact: name,
    environment,
    allowed,
    reasons,
    passed,
    broken,
    ignored,
    policyDigest,
    decision: evidence,
  };
  return { exit: allowed ? 0 : 1, lines, result };
}

const verdict = (allowed: boolean, terminal: Terminal): string =>
  allowed ? terminal.paint('green', 'ALLOWED') : terminal.paint('red', 'DENIED');

/**
 * What a person should hear. When evidence does not verify, or the artifact is not what was written, that is the
 * reason; every rule that then lacks evidence only follows.
 */
function whatToSay(
  reasons: readonly Reason[],
  broken: readonly EvidenceProblem[],
): [shown: readonly Reason[], follows: string] {
  const others = (shown: string): string =>
    reasons.flatMap(({ policy }) => (policy === shown ? [] : [policy])).join(', ');
  if (broken.length > 0) {
    const follows = others('evidence-verifies');
    return [broken.slice(0, 5).map(brokenReason), follows === '' ? '' : `nothing can be relied on for: ${follows}`];
  }
  const changed = reasons.filter(({ policy }) => policy === 'unchanged');
  const unproven = reasons.some(({ missing }) => missing === 'provenance');
  if (changed.length === 0 || !unproven) return [reasons, ''];
  return [changed, `no evidence about these bytes for: ${others('unchanged')}`];
}

function brokenReason({ index, code, message }: EvidenceProblem): Reason {
  const { fix } = evidenceErrors[code];
  return { policy: 'evidence-verifies', message: `ledger entry ${index}: ${message} (${code})`, fix };
}

function reasonsLines(reasons: readonly Reason[]): string[] {
  const width = Math.max(12, ...reasons.map(({ policy }) => policy.length)) + 4;
  return reasons.flatMap(({ policy, message, fix }) => [
    ...labelled(`  ${policy}`.padEnd(width), width, message),
    ...(fix === undefined ? [] : labelled(`${' '.repeat(width)}→ `, width + 2, fix)),
  ]);
}

/** What the gate cannot verify is a denial, with the reason that verification gave; the rest stays what it was. */
function unverifiable(name: string, environment: string, error: unknown, terminal: Terminal): CommandResult {
  const failure = failureOf(error);
  if (!isAboutTrust(failure)) throw error;
  const { code, message, where, fix } = failure;
  const place = where === undefined ? '' : ` at \`${where}\``;
  const reason = {
    policy: 'verification',
    message: `${message}${place} (${code})`,
    ...(fix === undefined ? {} : { fix }),
  };
  return {
    exit: 1,
    lines: [verdict(false, terminal), '', ...reasonsLines([reason]), '', '  nothing was recorded'],
    result: { artifact: name, environment, allowed: false, reasons: [{ ...reason, message, code, where }], passed: [] },
  };
}

/** Codes that say that this machine could not do it now, and nothing about what was to be verified. */
const operational = /^HF_(CLI_.*|RUN_.*|POLICY_.*|STORE_DISK_FULL|LEDGER_(LOCKED|SIZE_CHANGED|DISK_FULL|IO|CLOSED))$/;

const isAboutTrust = ({ code, exit }: Failure): boolean => exit === 1 || (exit === 3 && !operational.test(code));
