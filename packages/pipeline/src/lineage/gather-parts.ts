import type { Run } from '@holdfast/policy/lineage';
import { type ArtifactBook, artifactNode } from './artifact-book.ts';
import type { LineagePart } from './lineage.ts';

/** A folder as a run names it, and the files in it. */
interface Folder {
  readonly path: string;
  readonly digest: Readonly<Record<string, string>>;
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
}

/**
 * Where a file was written and the folder around it read, or the other way about. Path and digest must be the same: an
 * empty file is in many folders.
 */
export function gatherParts(runs: readonly Run[], artifacts: ArtifactBook): readonly LineagePart[] {
  const parts = new Map<string, LineagePart>();
  const read = runs.flatMap(foldersRead);
  const written = runs.flatMap(foldersWritten);
  const add = (from: string, to: string): void => {
    if (artifacts.pages.has(from) && artifacts.pages.has(to)) parts.set(`${from} ${to}`, { from, to });
  };
  const filesRead = placesOf(runs, 'read');
  for (const { folder, place, file } of written.flatMap(filesOf)) if (filesRead.has(place)) add(folder, file);
  const filesWritten = placesOf(runs, 'written');
  for (const { folder, place, file } of read.flatMap(filesOf)) if (filesWritten.has(place)) add(file, folder);
  return [...parts.values()];
}

/** The folders that hold a file of such a name, wherever in them it lies. */
export function foldersWith(names: ReadonlySet<string>, runs: readonly Run[]): readonly string[] {
  return [...runs.flatMap(foldersRead), ...runs.flatMap(foldersWritten)].flatMap(({ digest, files }) =>
    files.some(({ sha256 }) => names.has(`sha256:${sha256}`)) ? [artifactNode(digest)] : [],
  );
}

const placeOf = (path: string, sha256: string): string => `${sha256} ${path}`;

function filesOf({ path, digest, files }: Folder): readonly { folder: string; place: string; file: string }[] {
  const folder = artifactNode(digest);
  return files.map(({ name, sha256 }) => ({
    folder,
    place: placeOf(`${path}/${name}`, sha256),
    file: artifactNode({ sha256 }),
  }));
}

function foldersRead({ statement }: Run): readonly Folder[] {
  return statement.predicate.buildDefinition.resolvedDependencies.flatMap(({ name, digest, annotations }) => {
    const files = annotations?.files;
    return files === undefined ? [] : [{ path: name, digest, files }];
  });
}

function foldersWritten({ statement }: Run): readonly Folder[] {
  return statement.predicate.buildDefinition.externalParameters.outputs.flatMap(({ path, digest, files }) =>
    files === undefined ? [] : [{ path, digest, files }],
  );
}

/** Files that runs read or wrote on their own: path and digest. */
function placesOf(runs: readonly Run[], way: 'read' | 'written'): ReadonlySet<string> {
  const places = runs.flatMap(({ statement }) => {
    const { resolvedDependencies, externalParameters } = statement.predicate.buildDefinition;
    const files = way === 'read' ? resolvedDependencies : externalParameters.outputs;
    return files.flatMap((file) => {
      const { sha256, ...others } = file.digest;
      const path = 'path' in file && typeof file.path === 'string' ? file.path : String(file['name']);
      return sha256 === undefined || Object.keys(others).length > 0 ? [] : [placeOf(path, sha256)];
    });
  });
  return new Set(places);
}
