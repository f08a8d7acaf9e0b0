import { EvidenceError } from '../errors.ts';

/** The file name under which a model signature lies in its folder, as OpenSSF Model Signing names it. */
export const SIGNATURE_NAME = 'model.sig';

/**
 * What no folder digest covers: OpenSSF Model Signing's git paths and the signature itself. They count at the top
 * of the folder only, and each stands for itself and everything below it. `dirHash`, the root digest and model
 * signatures all use this one list, so that they speak of the same files.
 */
export const IGNORED_PATHS: readonly string[] = ['.git', '.gitattributes', '.github', '.gitignore', SIGNATURE_NAME];

/**
 * The fixed list and the caller's paths, each once.
 *
 * @param paths relative POSIX paths inside the folder
 * @throws EvidenceError `HF_DIGEST_NAME` for a path that is absolute, empty or leaves the folder
 */
export function ignoreList(paths: readonly string[] = []): readonly string[] {
  return [...new Set([...IGNORED_PATHS, ...normaliseIgnored(paths)])];
}

/**
 * The caller's ignored paths in their shortest form.
 *
 * @throws EvidenceError `HF_DIGEST_NAME`
 */
export function normaliseIgnored(paths: readonly string[]): readonly string[] {
  return paths.map(normalised);
}

/** Whether `name` is one of `ignored`, or lies below one of them. */
export function isIgnored(name: string, ignored: ReadonlySet<string>): boolean {
  for (let slash = name.indexOf('/'); slash !== -1; slash = name.indexOf('/', slash + 1)) {
    if (ignored.has(name.slice(0, slash))) return true;
  }
  return ignored.has(name);
}

function normalised(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.startsWith('/') || path.includes('\0') || parts.length === 0 || parts.includes('..')) {
    throw new EvidenceError('HF_DIGEST_NAME', `the ignored path \`${path}\` is not a path inside the folder`);
  }
  return parts.join('/');
}
