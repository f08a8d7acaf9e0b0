import { evidenceAs, type ReadEvidence } from '@holdfast/evidence/predicates/parse';
import { artifactId, type DigestSet, sameDigests } from '@holdfast/evidence/statement';
import { type DeclaredStage, type Dependency, type Lineage, type Run, type RunIndex, traceLineage } from './lineage.ts';

/** What is known of data that somebody may have planted something in, in an artifact and all it was made from. */
export interface PlantedFacts {
  /** Rows are in it that were set aside. */
  readonly setAside: boolean;
  /** Data are in it in which `data.poison` found something, and out of which nothing was set aside on the way. */
  readonly suspect: boolean;
  /** Evidence that says so. */
  readonly used: readonly ReadEvidence[];
}

/** The check that looks for what was planted. */
export const poisonCheck = 'data.poison';

/**
 * Follows an artifact back to its data. What lies behind a quarantine is not suspect any more: the rows that are kept are data of
 * their own, with reports of their own.
 *
 * @param own names of the artifact itself and of the files in it
 */
export function plantedFacts(
  digest: DigestSet,
  own: ReadonlySet<string>,
  { evidence, index, stages, lineage }: Surroundings,
): PlantedFacts {
  const quarantines = evidence.flatMap((piece) => evidenceAs('quarantine', piece) ?? []);
  const isIn = (materials: Lineage['materials'], subject: DigestSet): boolean =>
    own.has(artifactId(subject)) || materials.has(artifactId(subject));
  const aside = quarantines.filter(({ statement }) =>
    statement.subject.some((subject) => isIn(lineage.materials, subject.digest)),
  );
  const isTakenOut = (run: Run, dependency: Dependency): boolean =>
    quarantines.some(({ statement: { predicate } }) => {
      const isKept = run.statement.subject.some((subject) => sameDigests(subject.digest, predicate.kept.digest));
      return isKept && sameDigests(dependency.digest, predicate.from.digest);
    });
  const trusting = traceLineage(digest, index, stages, (run, dependency) => !isTakenOut(run, dependency));
  const accused = newestReports(evidence).filter(({ statement }) =>
    statement.subject.some((subject) => isIn(trusting.materials, subject.digest)),
  );
  const suspect = accused.filter(({ statement }) => statement.predicate.verdict === 'fail');
  return { setAside: aside.length > 0, suspect: suspect.length > 0, used: [...aside, ...suspect] };
}

interface Surroundings {
  readonly evidence: readonly ReadEvidence[];
  readonly index: RunIndex;
  readonly stages: readonly DeclaredStage[];
  readonly lineage: Lineage;
}

/** The newest report of {@link poisonCheck} on each data set. */
function newestReports(evidence: readonly ReadEvidence[]) {
  const reports = evidence.flatMap((piece) => evidenceAs('check', piece) ?? []);
  const newest = new Map<string, (typeof reports)[number]>();
  for (const report of reports) {
    if (report.statement.predicate.check.name !== poisonCheck) continue;
    for (const { digest } of report.statement.subject) newest.set(artifactId(digest), report);
  }
  return [...newest.values()];
}
