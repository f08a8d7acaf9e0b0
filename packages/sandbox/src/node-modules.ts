import { type Dirent, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isWithin } from './paths.ts';

const maximumEntries = 50_000;

/**
 * Every `node_modules` from the project upwards, as Node.js searches them, and the folders that links in them lead to
 * (workspaces, pnpm). A link to something above the project is left out: it would show the whole project.
 *
 * @see https://nodejs.org/api/modules.html#loading-from-node_modules-folders
 */
export function findNodeModules(project: string): string[] {
  const found: string[] = [];
  for (let folder = project; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (lstatSync(modules, { throwIfNoEntry: false })?.isDirectory() === true) {
      found.push(modules, ...linkedPackages(modules).filter((target) => !isWithin(target, project)));
    }
    if (folder === '/') return [...new Set(found)];
  }
}

/** Packages are one level deep, or two when they have a scope. */
function linkedPackages(modules: string): string[] {
  return entriesOf(modules).flatMap((entry) => {
    const path = join(modules, entry.name);
    if (entry.isSymbolicLink()) return targetOutside(modules, path);
    if (!entry.isDirectory() || !entry.name.startsWith('@')) return [];
    const scoped = entriesOf(path).filter((inner) => inner.isSymbolicLink());
    return scoped.flatMap((inner) => targetOutside(modules, join(path, inner.name)));
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).slice(0, maximumEntries);
  } catch {
    return [];
  }
}

function targetOutside(modules: string, path: string): string[] {
  try {
    const target = realpathSync(path);
    return isWithin(modules, target) ? [] : [target];
  } catch {
    return []; // it leads nowhere
  }
}
