import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@holdfast/evidence/canonical-json';
import type { ArtifactReader, CheckDescription, Report } from '@holdfast/evidence/check';
import type { ArtifactDigest } from '@holdfast/evidence/digest/index';
import { EvidenceError } from '@holdfast/evidence/errors';
import { type CheckPredicate, checkPredicate } from '@holdfast/evidence/predicates/check';
import { evidenceAs, type ReadEvidence } from '@holdfast/evidence/predicates/parse';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { type Statement, sameDigests, statementOf } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';

/** The artifact of a check, as `holdfast.yaml` declares it and as it lies there. */
export interface CheckedArtifact {
  readonly name: string;
  readonly kind: ArtifactReader['kind'];
  /** Absolute. */
  readonly path: string;
  readonly digest: ArtifactDigest;
}

/** The newest report of a check on exactly these bytes with exactly these options, by this version of the check. */
export function currentReport(
  check: CheckDescription,
  options: unknown,
  digest: ArtifactDigest,
  view: EvidenceView,
): ReadEvidence<CheckPredicate> | undefined {
  return view.evidence.findLast((piece): piece is ReadEvidence<CheckPredicate> => {
    const report = evidenceAs('check', piece);
    if (report === undefined) return false;
    const { name, version, options: given } = report.statement.predicate.check;
    return (
      name === check.name &&
      version === check.version &&
      canonicalJson(given) === canonicalJson(options) &&
      report.statement.subject.some((subject) => sameDigests(subject.digest, { ...digest.digests }))
    );
  });
}

/**
 * Runs a check. A check that throws has found out nothing: its report is `unknown`, with the error as what was left.
 */
export async function runCheck(
  check: CheckDescription,
  options: Record<string, unknown>,
  artifact: CheckedArtifact,
  signal: AbortSignal,
): Promise<Statement<CheckPredicate>> {
  const startedOn = new Date().toISOString();
  const report = await reportOf(check, options, artifact, signal);
  const timing = { startedOn, finishedOn: new Date().toISOString() };
  const subject = [{ name: artifact.name, digest: { ...artifact.digest.digests } }];
  return statementOf(predicateTypes.check, subject, checkPredicate(check, options, report, timing));
}

async function reportOf(
  check: CheckDescription,
  options: Record<string, unknown>,
  artifact: CheckedArtifact,
  signal: AbortSignal,
): Promise<Report> {
  try {
    const loaded = await check.load();
    return await loaded.run(artifactReader(artifact), options, { signal, progress: () => undefined });
  } catch (error) {
    // who interrupts a check has found out nothing about the artifact, and nothing is recorded
    if (signal.aborted) throw error;
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

/** Reads the files of an artifact, and only the bytes that were digested. */
export function artifactReader({ name, kind, path, digest }: CheckedArtifact): ArtifactReader {
  const files =
    digest.kind === 'folder'
      ? digest.files
      : [{ name: path.split('/').at(-1) ?? path, size: digest.size, sha256: digest.digests.sha256 }];
  return {
    name,
    kind,
    path,
    digest: { ...digest.digests },
    files,
    async read(file, limit) {
      const listed = files.find((candidate) => candidate.name === file);
      const where = digest.kind === 'folder' ? join(path, file) : path;
      if (listed === undefined || listed.size > limit || (await stat(where)).size !== listed.size) {
        throw new EvidenceError(
          'HF_DIGEST_CHANGED',
          `\`${file}\` is not what was digested, or larger than ${limit} bytes`,
          { where },
        );
      }
      const bytes = await readFile(where);
      if (createHash('sha256').update(bytes).digest('hex') === listed.sha256) return bytes;
      throw new EvidenceError('HF_DIGEST_CHANGED', `\`${file}\` is not what was digested`, { where });
    },
  };
}
