import { createHash } from 'node:crypto';
import { compareBytewise, compareComponents } from './order.ts';

/** A file of a folder, by its relative POSIX path. */
export interface FileEntry {
  readonly name: string;
  /** Lowercase hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * in-toto's `dirHash` (in-toto/attestation, spec/v1/digest_set.md; Go's `dirhash.Hash1` without `h1:`): SHA-256 over
 * the lines `<hex>  <name>\n`, sorted bytewise by name. It commits to names and contents. Lowercase hex.
 *
 * A name with a backslash is taken as it is, as Go does; `sha256sum` would escape it, so the shell recipe in the
 * specification gives another value for such a folder.
 */
export function dirHash(files: readonly Pick<FileEntry, 'name' | 'sha256'>[]): string {
  const hash = createHash('sha256');
  for (const file of files.toSorted((a, b) => compareBytewise(a.name, b.name))) {
    hash.update(`${file.sha256}  ${file.name}\n`);
  }
  return hash.digest('hex');
}

/** Files in the order of OpenSSF Model Signing v1: by path components. */
export function inModelOrder<T extends { readonly name: string }>(files: readonly T[]): T[] {
  return files.toSorted((a, b) => compareComponents(a.name, b.name));
}

/**
 * The root digest of OpenSSF Model Signing v1: SHA-256 over the raw digests, concatenated in the order given. It
 * does not commit to names, so it never stands alone: compare the list as well, or `dirHash`.
 *
 * @param digests lowercase hex
 * @returns lowercase hex
 */
export function rootDigest(digests: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const digest of digests) hash.update(digest, 'hex');
  return hash.digest('hex');
}
