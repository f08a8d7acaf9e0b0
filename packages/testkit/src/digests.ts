import { createHash } from 'node:crypto';
import type { DigestSet } from '@holdfast/evidence';
import { dirHash, rootDigest } from '@holdfast/evidence/digest/index';

/** SHA-256 of a text in UTF-8, lower-case hex. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A thing that exists only as digests, as evidence names it. */
export interface Thing {
  readonly path: string;
  readonly digest: DigestSet;
  /** The files of a folder. */
  readonly files?: readonly { readonly name: string; readonly sha256: string }[];
}

/** A file with this content. */
export function fileThing(path: string, content: string): Thing {
  return { path, digest: { sha256: sha256Of(content) } };
}

/** A folder with these files: name to content. */
export function folderThing(path: string, contents: Readonly<Record<string, string>>): Thing {
  const files = Object.entries(contents).map(([name, content]) => ({ name, sha256: sha256Of(content) }));
  return { path, digest: { dirHash: dirHash(files), sha256: rootDigest(files.map(({ sha256 }) => sha256)) }, files };
}
