import type { ArtifactDigest } from '@holdfast/evidence/digest/index';
import { evidenceAs } from '@holdfast/evidence/predicates/parse';
import { sameDigests } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import type { Lineage } from '@holdfast/policy/lineage';
import type { NamedArtifact } from './artifacts.ts';
import { type DigestedFiles, digestPaths } from './stage-files.ts';

/** A thing as evidence recorded it. */
interface Recorded {
  readonly path: string;
  readonly digest: Readonly<Record<string, string>>;
  readonly files?: readonly { readonly name: string; readonly sha256: string }[] | undefined;
}

/**
 * Says what changed in an artifact since a stage wrote it: the files, by name. Empty when the newest run that wrote
 * this path wrote exactly these bytes, or none ever did.
 */
export function explainChange(
  view: EvidenceView,
  { path, digest }: Pick<NamedArtifact, 'path' | 'digest'>,
): readonly string[] {
  for (const piece of view.evidence.toReversed()) {
    const parameters = evidenceAs('run', piece)?.statement.predicate.buildDefinition.externalParameters;
    const output = parameters?.outputs.find((candidate) => candidate.path === path);
    if (parameters === undefined || output === undefined) continue;
    return changedFiles(output, digest).map((file) => `\`${file}\` is not what \`${parameters.stage}\` wrote`);
  }
  return [];
}

/** The paths whose bytes are not the recorded ones. */
function changedFiles(recorded: Recorded, now: ArtifactDigest): readonly string[] {
  if (sameDigests(recorded.digest, { ...now.digests })) return [];
  if (now.kind === 'file' || recorded.files === undefined) return [recorded.path];
  const before = new Map(recorded.files.map(({ name, sha256 }) => [name, sha256]));
  const after = new Map(now.files.map(({ name, sha256 }) => [name, sha256]));
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  return names.map((name) => `${recorded.path}/${name}`);
}

/**
 * Compares what lies in the project with what the runs behind an artifact read: a data set that changed since is not
 * the one that the evidence speaks of. A file that is not here (a clone without the data) cannot be compared, and is
 * not a change.
 */
export async function changedMaterials(folder: string, lineage: Lineage): Promise<readonly string[]> {
  const newest = new Map<string, { recorded: Recorded; stage: string }>();
  for (const run of lineage.runs) {
    const { externalParameters, resolvedDependencies } = run.statement.predicate.buildDefinition;
    for (const { name, digest, annotations } of resolvedDependencies) {
      if (!newest.has(name) && annotations?.kind !== 'toolchain')
        newest.set(name, {
          recorded: { path: name, digest, files: annotations?.files },
          stage: externalParameters.stage,
        });
    }
  }
  const now: DigestedFiles = await digestPaths(folder, [...newest.keys()]);
  return [...newest].flatMap(([path, { recorded, stage }]) => {
    const found = now.get(path);
    return found === undefined
      ? []
      : changedFiles(recorded, found).map((file) => `\`${file}\` is not what \`${stage}\` read`);
  });
}
