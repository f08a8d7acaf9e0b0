import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import rooms from './packages.json' with { type: 'json' };

/** The folder that the repository lies in. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The packages that are published, in the order in which they are built: what a room imports comes before it. */
export const publishedPackages: readonly string[] = Object.keys(rooms);

/** What no tool of the repository looks into: installed, built, or evidence of somebody's run. */
const notOurs = new Set(['node_modules', 'dist', 'build', '.git', '.holdfast', '.cache', '.vitest', 'coverage']);

/** A path below the root, with `/` on every system. */
export function shown(path: string): string {
  return relative(root, path).replaceAll('\\', '/');
}

export interface Walk {
  /** Ends of file names to keep, such as `.ts`; all when left out. */
  readonly ends?: readonly string[];
  /** Names of folders to leave out, beside those that are never ours. */
  readonly without?: readonly string[];
}

/** The files below a folder of the repository, as absolute paths in a fixed order; none if there is no such folder. */
export function filesBelow(folder: string, { ends, without = [] }: Walk = {}): string[] {
  const start = join(root, folder);
  const found: string[] = [];
  const visit = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (!notOurs.has(entry.name) && !without.includes(entry.name)) visit(path);
      } else if (entry.isFile() && (ends === undefined || ends.some((end) => entry.name.endsWith(end)))) {
        found.push(path);
      }
    }
  };
  try {
    visit(start);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return found.sort();
}

/** The packages that have sources, published or not. */
export function packageFolders(): string[] {
  return readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** A file of the repository as text. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
