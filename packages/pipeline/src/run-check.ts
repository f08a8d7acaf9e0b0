import { canonicalJson } from '@holdfast/evidence/canonical-json';
import type { CheckDescription, Report } from '@holdfast/evidence/check';
import type { ArtifactDigest } from '@holdfast/evidence/digest/index';
import { besidePredicate } from '@holdfast/evidence/predicates/beside';
import { type CheckPredicate, checkPredicate } from '@holdfast/evidence/predicates/check';
import { evidenceAs, type ReadEvidence } from '@holdfast/evidence/predicates/parse';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { type Statement, sameDigests, statementOf } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import { type CheckInputs, inputDigests, noInputs } from './check-inputs.ts';
import { artifactReader, type CheckedArtifact } from './checked-artifact.ts';

/**
 * The newest report of a check on exactly these bytes with exactly these options and inputs, by this version of the
 * check.
 */
export function currentReport(
  check: CheckDescription,
  options: unknown,
  digest: ArtifactDigest,
  view: EvidenceView,
  inputs: CheckInputs = noInputs,
): ReadEvidence<CheckPredicate> | undefined {
  return view.evidence.findLast((piece): piece is ReadEvidence<CheckPredicate> => {
    const report = evidenceAs('check', piece);
    if (report === undefined) return false;
    const { name, version, options: given } = report.statement.predicate.check;
    return (
      name === check.name &&
      version === check.version &&
      canonicalJson(given) === canonicalJson(options) &&
      canonicalJson(report.statement.predicate.inputs ?? {}) === canonicalJson(inputDigests(inputs)) &&
      report.statement.subject.some((subject) => sameDigests(subject.digest, { ...digest.digests }))
    );
  });
}

/** What is signed after a check: its report, and what it states beside about the same artifact. */
export interface CheckStatements {
  readonly report: Statement<CheckPredicate>;
  readonly beside: readonly Statement[];
}

/**
 * Runs a check. A check that throws has found out nothing: its report is `unknown`, with the error as what was left.
 */
export async function runCheck(
  check: CheckDescription,
  options: Record<string, unknown>,
  artifact: CheckedArtifact,
  { inputs = noInputs, ...how }: CheckSurroundings,
): Promise<CheckStatements> {
  const startedOn = new Date().toISOString();
  const report = await reportOf(check, options, artifact, { inputs, ...how });
  const timing = { startedOn, finishedOn: new Date().toISOString() };
  const subject = [{ name: artifact.name, digest: { ...artifact.digest.digests } }];
  const predicate = checkPredicate(check, options, report, timing, inputDigests(inputs));
  return {
    report: statementOf(predicateTypes.check, subject, predicate),
    beside: (report.statements ?? []).map((stated) =>
      statementOf(stated.predicateType, subject, besidePredicate(check.name, stated)),
    ),
  };
}

/** What goes on around a check. */
export interface CheckSurroundings {
  readonly signal: AbortSignal;
  readonly inputs?: CheckInputs;
  /** Is told how far it is, 0 to 1. */
  readonly progress?: (done: number) => void;
  /** Who asks is there to hear it: that the request itself is wrong (an error of exit 2) is thrown. */
  readonly isDirect?: boolean;
}

async function reportOf(
  check: CheckDescription,
  options: Record<string, unknown>,
  artifact: CheckedArtifact,
  { signal, inputs = noInputs, progress = () => undefined, isDirect = false }: CheckSurroundings,
): Promise<Report> {
  const readers = Object.fromEntries([...inputs].map(([option, input]) => [option, artifactReader(input)]));
  try {
    const loaded = await check.load();
    return await loaded.run(artifactReader(artifact), options, { signal, inputs: readers, progress });
  } catch (error) {
    // who interrupts a check has found out nothing about the artifact, and nothing is recorded
    if (signal.aborted || (isDirect && isWrongUsage(error))) throw error;
    const message = error instanceof Error ? error.message : String(error);
    return {
      verdict: 'unknown',
      origin: 'measured',
      metrics: {},
      findings: [],
      coverage: { examined: 0, total: 1, left: [`the check failed: ${message.slice(0, 1000)}`] },
    };
  }
}

const isWrongUsage = (error: unknown): boolean => error instanceof Error && 'exit' in error && error.exit === 2;
