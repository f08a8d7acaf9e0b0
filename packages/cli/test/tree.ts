import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What may change although nothing was done: locks, caches, logs and what was seen of the ledger. */
const fleeting = /^\.holdfast\/(cache|logs|runs\/lock|seen\.json|ledger\/\.?lock)/;

/** Every file of a folder with its digest; two of them are equal when nothing was written. */
export function treeOf(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (entry.isDirectory() || fleeting.test(name)) return [];
    return [[name, entry.isSymbolicLink() ? `→ ${readlinkSync(path)}` : digestOf(path)] as const];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const digestOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
