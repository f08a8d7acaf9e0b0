import { findArtifact, type GateResult, gate, openProject, type Project } from '@holdfast/pipeline';
import type { Reason } from '@holdfast/policy';
import { type CommandModule, type CommandResult, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { failureOf } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

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

function decided(name: string, environment: string, { decision, view, evidence }: GateResult, terminal: Terminal): CommandResult {
  const result = {
    artifact: name,
    environment,
    allowed: decision.allowed,
    reasons: decision.reasons,
    passed: decision.passed,
    broken: view.broken,
    ignored: view.ignored,
    policyDigest: decision.policyDigest,
    decision: evidence,
  };
  const broken = view.broken.slice(0, 5).map(({ index, code, message }) => `  ledger entry ${index}: ${message} (${code})`);
  const recorded =
    evidence === undefined
      ? 'nothing was recorded: the ledger cannot be built on'
      : `decision ${evidence.id.slice(0, 4)}…${evidence.id.slice(-2)} is in the ledger at ${evidence.index}`;
  const [shown, unmet] = whatToSay(decision.reasons);
  const longest = Math.max(0, ...shown.map(({ policy }) => policy.length));
  const lines = [
    decision.allowed ? terminal.paint('green', 'ALLOWED') : terminal.paint('red', 'DENIED'),
    '',
    ...broken,
    ...(broken.length > 0 ? [''] : []),
    ...shown.flatMap((reason) => reasonLines(reason, longest)),
    ...(shown.length === decision.reasons.length ? [] : wrap(`  no evidence about these bytes for: ${unmet.join(', ')}`, terminal.columns)),
    ...(decision.reasons.length > 0 ? [''] : []),
    ...wrap(`  passed: ${decision.passed.join(', ') || 'nothing'}`, terminal.columns),
    `  ${recorded}`,
  ];
  return { exit: decision.allowed ? 0 : 1, lines, result };
}

/** When the artifact is not what was written, that is the reason; every rule that lacks evidence only follows. */
function whatToSay(reasons: readonly Reason[]): [shown: readonly Reason[], unmet: readonly string[]] {
  const changed = reasons.filter(({ policy }) => policy === 'unchanged');
  const follows = reasons.some(({ missing }) => missing === 'provenance');
  if (changed.length === 0 || !follows) return [reasons, []];
  return [changed, reasons.filter(({ policy }) => policy !== 'unchanged').map(({ policy }) => policy)];
}

function reasonLines({ policy, message, fix }: Reason, longest: number): string[] {
  const width = Math.max(longest, 12) + 2;
  const [first = '', ...more] = wrap(message, 80 - width - 2);
  const indent = ' '.repeat(width + 2);
  return [
    `  ${policy.padEnd(width)}${first}`,
    ...more.map((line) => `${indent}${line}`),
    ...(fix === undefined ? [] : [`${indent}→ ${fix}`]),
  ];
}

/** Breaks a line between words; what follows keeps the indentation. */
export function wrap(text: string, columns: number): string[] {
  const indent = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line = '';
  for (const word of text.trim().split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > columns) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, indent + line];
}

/** What the gate cannot verify is a denial, with the reason that verification gave; wrong usage stays wrong usage. */
function unverifiable(name: string, environment: string, error: unknown, terminal: Terminal): CommandResult {
  const failure = failureOf(error);
  if (failure.exit !== 1) throw error;
  const { code, message, where, fix } = failure;
  return {
    exit: 1,
    lines: [
      terminal.paint('red', 'DENIED'),
      '',
      ...reasonLines({ policy: 'verification', message: `${message} (${code})`, ...(fix === undefined ? {} : { fix }) }, 0),
      ...(where === undefined ? [] : [`                at ${where}`]),
    ],
    result: { artifact: name, environment, allowed: false, reasons: [{ policy: 'verification', message, code, where, fix }], passed: [] },
  };
}
