import { readHead } from './file-head.ts';
import type { ListedFile } from './listing.ts';

/** Python distributions that lie in a folder. */
export interface Distributions {
  /** `numpy==2.4.6`, sorted, each once. */
  readonly names: readonly string[];
  /** How many more there are, or say nothing of themselves. */
  readonly more: number;
}

const maximumDistributions = 2000;
const maximumHead = 8192;

/**
 * Reads name and version of each distribution from its own metadata.
 *
 * @see https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-metadata-file
 */
export function distributionsIn(files: readonly ListedFile[]): Distributions {
  const metadata = files.filter(({ name, kind }) => kind === 'file' && isMetadata(name));
  const read = metadata
    .slice(0, maximumDistributions)
    .map(({ path }) => distributionOf(readHead(path, maximumHead) ?? ''));
  const names = [...new Set(read.filter((name) => name !== undefined))].sort();
  const unnamed = read.filter((name) => name === undefined).length;
  return { names, more: metadata.length - read.length + unnamed };
}

/** Those that a package vendors lie deeper, and are part of it. */
function isMetadata(name: string): boolean {
  return /(?:^|\/)(?:site|dist)-packages\/[^/]+\.(?:dist-info\/METADATA|egg-info\/PKG-INFO|egg-info)$/.test(name);
}

/**
 * @param metadata Header fields (Core metadata specifications), name and version among the first.
 * @returns `undefined` for what is no valid name or version: others would read it as something else.
 */
export function distributionOf(metadata: string): string | undefined {
  const head = metadata.split(/\r?\n\r?\n/, 1)[0] ?? '';
  const name = /^Name: *([A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?) *\r?$/m.exec(head)?.[1];
  const version = /^Version: *([A-Za-z0-9][A-Za-z0-9.!+_-]{0,126}) *\r?$/m.exec(head)?.[1];
  return name === undefined || version === undefined ? undefined : `${name}==${version}`;
}
