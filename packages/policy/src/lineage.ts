import {
  artifactId,
  type DigestSet,
  evidenceAs,
  type ReadEvidence,
  type RunPredicate,
  sameDigests,
} from '@holdfast/evidence';

export type Run = ReadEvidence<RunPredicate>;

/** A stage that must stand behind an artifact, as the configuration declares it. */
export interface ExpectedStage {
  readonly name: string;
  /** Name of the signer whose provenance counts; `null`: any builder. */
  readonly owner: string | null;
}

/** Everything that an artifact was made from, as far as evidence reaches. */
export interface Lineage {
  /** The runs behind the artifact, nearest first. */
  readonly runs: readonly Run[];
  /** Dependencies that a stage is said to have made, but no run proves it. */
  readonly missing: readonly string[];
  /** `sha256` of every file that went in, files of folders included, and `dirHash` of every folder. */
  readonly materials: ReadonlySet<string>;
}

const maximumRuns = 10_000;

/** Finds the run that made an artifact; the owner's newest one when there are several. */
export interface RunIndex {
  readonly all: readonly Run[];
  producerOf(digest: DigestSet, owners: ReadonlyMap<string, string>): Run | undefined;
}

/** Indexes the runs among verified evidence by what they made. */
export function indexRuns(evidence: readonly ReadEvidence[]): RunIndex {
  const all = evidence.flatMap((piece) => evidenceAs('run', piece) ?? []);
  const byOutput = new Map<string, Run[]>();
  for (const run of all) {
    for (const name of new Set(run.statement.subject.flatMap(({ digest }) => digestNames(digest)))) {
      byOutput.set(name, [...(byOutput.get(name) ?? []), run]);
    }
  }
  return {
    all,
    producerOf(digest, owners) {
      const made = (byOutput.get(artifactId(digest)) ?? []).filter((run) =>
        run.statement.subject.some((subject) => sameDigests(subject.digest, digest)),
      );
      return made.filter((run) => isByOwner(run, owners)).at(-1) ?? made.at(-1);
    },
  };
}

const digestNames = (digest: DigestSet): string[] => [artifactId(digest)];

/** Whether a run was signed by the owner of its stage; a stage without an owner takes any builder. */
export function isByOwner(run: Run, owners: ReadonlyMap<string, string>): boolean {
  const owner = owners.get(run.statement.predicate.buildDefinition.externalParameters.stage);
  return owner === undefined || owner === run.signerName;
}

export function ownersOf(stages: readonly ExpectedStage[]): ReadonlyMap<string, string> {
  return new Map(stages.flatMap(({ name, owner }) => (owner === null ? [] : [[name, owner] as const])));
}

/** Walks from an artifact back to its sources. */
export function traceLineage(digest: DigestSet, index: RunIndex, stages: readonly ExpectedStage[]): Lineage {
  const owners = ownersOf(stages);
  const runs = new Map<string, Run>();
  const missing: string[] = [];
  const materials = new Set<string>();
  const origin = index.producerOf(digest, owners);
  const queue: Run[] = origin === undefined ? [] : [origin];
  for (let run = queue.shift(); run !== undefined && runs.size < maximumRuns; run = queue.shift()) {
    if (runs.has(run.id)) continue;
    runs.set(run.id, run);
    for (const dependency of run.statement.predicate.buildDefinition.resolvedDependencies) {
      for (const material of materialsOf(dependency)) materials.add(material);
      const producer = index.producerOf(dependency.digest, owners);
      if (producer !== undefined) queue.push(producer);
      else if (dependency.annotations?.stage !== undefined) missing.push(dependency.name);
    }
  }
  return {
    runs: [...runs.values()],
    missing: queue.length > 0 ? [...missing, 'more runs than are followed'] : missing,
    materials,
  };
}

type Dependency = RunPredicate['buildDefinition']['resolvedDependencies'][number];

/** The digests by which a dependency can be recognised: its own, and those of the files inside. */
export function materialsOf({ digest, annotations }: Pick<Dependency, 'digest' | 'annotations'>): readonly string[] {
  return [artifactId(digest), ...(annotations?.files ?? []).map(({ sha256 }) => `sha256:${sha256}`)];
}
