import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

/**
 * The relative POSIX path of `file` in the folder `path`, or undefined when it lies elsewhere. `file` itself need
 * not exist. Links on the way are resolved on both sides.
 */
export function pathInside(path: string, file: string): string | undefined {
  const inside = relative(resolved(path), join(resolved(dirname(resolve(file))), basename(file)));
  return inside === '' || inside.split(sep)[0] === '..' ? undefined : inside.split(sep).join('/');
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path); // does not exist: the digest says so
  }
}
