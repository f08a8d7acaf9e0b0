import { projectPath } from '@holdfast/contracts';

/**
 * A path as a file of the repository writes it, from a folder of the project.
 *
 * @param base Posix path of the folder that it is relative to; `''` for the project
 * @returns the path inside the project in its one spelling; `''` for the project itself; `undefined` for what is
 *   outside, absolute, not a path of one machine (`s3://…`), or not a path that `holdfast.yaml` can name
 * @example
 * ```ts
 * insideProject('notebooks', '../data/x.csv'); // 'data/x.csv'
 * insideProject('', '/etc/passwd'); // undefined
 * ```
 */
export function insideProject(base: string, text: string): string | undefined {
  if (text === '' || text.length > 1024 || text.startsWith('/') || text.startsWith('~')) return undefined;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return undefined;
  const parts: string[] = [];
  for (const part of [...base.split('/'), ...text.split('/')]) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  if (parts.length === 0) return '';
  const parsed = projectPath.safeParse(parts.join('/'));
  return parsed.success ? parsed.data : undefined;
}

/** Whether `path` is `folder` or lies in it. */
export const isWithin = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`);

/** Whether one of two paths holds the other. */
export const overlaps = (a: string, b: string): boolean => isWithin(a, b) || isWithin(b, a);

/** The folder of a path; `''` at the top. */
export const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/');

/** The last part of a path. */
export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
