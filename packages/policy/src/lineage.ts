import { evidenceAs, type ReadEvidence } from '@holdfast/evidence/predicates/parse';
import type { RunPredicate } from '@holdfast/evidence/predicates/run';
import { artifactId, type DigestSet, sameDigests } from '@holdfast/evidence/statement';

export type Run = ReadEvidence<RunPredicate>;

/** A stage of the configuration. */
export interface DeclaredStage {
  readonly name: string;
  /** Name of the signer whose provenance counts; `null`: any builder. */
  readonly owner: string | null;
  /** Whether it must stand behind the artifact in question. */
  readonly behind: boolean;
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
  producerOf(digest: DigestSet, stages: readonly DeclaredStage[]): Run | undefined;
  /** The run that wrote a folder with this very file in it: of the stage and at the path that the dependency names. */
  writerOf(file: Dependency, stages: readonly DeclaredStage[]): Run | undefined;
}

/** Indexes the runs among verified evidence by what they made. */
export function indexRuns(evidence: readonly ReadEvidence[]): RunIndex {
  const all = evidence.flatMap((piece) => evidenceAs('run', piece) ?? []);
  const byOutput = new Map<string, Run[]>();
  for (const run of all) {
    for (const name of new Set(run.statement.subject.map(({ digest }) => artifactId(digest)))) {
      byOutput.set(name, [...(byOutput.get(name) ?? []), run]);
    }
  }
  // Folders can hold many files, and few lineages need them one by one.
  let byFile: ReadonlyMap<string, readonly { readonly run: Run }[]> | undefined;
  const ownersNewest = (made: readonly Run[], stages: readonly DeclaredStage[]): Run | undefined =>
    made.findLast((run) => isByOwner(run, stages)) ?? made.at(-1);
  return {
    all,
    producerOf(digest, stages) {
      const made = (byOutput.get(artifactId(digest)) ?? []).filter((run) =>
        run.statement.subject.some((subject) => sameDigests(subject.digest, digest)),
      );
      return ownersNewest(made, stages);
    },
    writerOf({ name, digest, annotations }, stages) {
      const { sha256, ...others } = digest;
      if (sha256 === undefined || Object.keys(others).length > 0 || annotations?.stage === undefined) return undefined;
      byFile ??= Map.groupBy(all.flatMap(writtenFiles), ({ key }) => key);
      const written = byFile.get(fileKey(annotations.stage, name, sha256)) ?? [];
      return ownersNewest(
        written.map(({ run }) => run),
        stages,
      );
    },
  };
}

const fileKey = (stage: string, path: string, sha256: string): string => JSON.stringify([stage, path, sha256]);

/** Every file inside the folders that a run wrote. */
function writtenFiles(run: Run): readonly { readonly key: string; readonly run: Run }[] {
  const { stage, outputs } = run.statement.predicate.buildDefinition.externalParameters;
  return outputs.flatMap(({ path, files = [] }) =>
    files.map(({ name, sha256 }) => ({ key: fileKey(stage, `${path}/${name}`, sha256), run })),
  );
}

/**
 * Whether a run was signed by the owner of its stage; a stage without an owner takes any builder. A stage that the
 * configuration does not declare is nobody's: else a builder could slip a step of another name between two others.
 * Without any declared stage (a model from elsewhere) there is no owner to ask for.
 */
export function isByOwner(run: Run, stages: readonly DeclaredStage[]): boolean {
  if (stages.length === 0) return true;
  const name = run.statement.predicate.buildDefinition.externalParameters.stage;
  const stage = stages.find((declared) => declared.name === name);
  return stage !== undefined && (stage.owner === null || stage.owner === run.signerName);
}

/**
 * Walks from an artifact back to its sources.
 *
 * @param isFollowed whether what a run read is walked to; all is unless given
 */
export function traceLineage(
  digest: DigestSet,
  index: RunIndex,
  stages: readonly DeclaredStage[],
  isFollowed: (run: Run, dependency: Dependency) => boolean = () => true,
): Lineage {
  const runs = new Map<string, Run>();
  const missing: string[] = [];
  const materials = new Set<string>();
  const origin = index.producerOf(digest, stages);
  const queue: Run[] = origin === undefined ? [] : [origin];
  for (let run = queue.shift(); run !== undefined && runs.size < maximumRuns; run = queue.shift()) {
    if (runs.has(run.id)) continue;
    runs.set(run.id, run);
    for (const dependency of run.statement.predicate.buildDefinition.resolvedDependencies) {
      if (!isFollowed(run, dependency)) continue;
      for (const material of materialsOf(dependency)) materials.add(material);
      const producer = index.producerOf(dependency.digest, stages) ?? index.writerOf(dependency, stages);
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

/** Something that a run read. */
export type Dependency = RunPredicate['buildDefinition']['resolvedDependencies'][number];

/** The digests by which a dependency can be recognised: its own, and those of the files inside. */
export function materialsOf({ digest, annotations }: Pick<Dependency, 'digest' | 'annotations'>): readonly string[] {
  return [artifactId(digest), ...(annotations?.files ?? []).map(({ sha256 }) => `sha256:${sha256}`)];
}
