import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { takenFor } from '../../paths/taken-for.ts';
import type { ScanRule } from '../../verdict.ts';

/** Longer or deeper ones are no names of a model's files. */
const mostBytes = 1024;
const mostFolders = 64;

/** What is wrong with a name of an entry of an archive; undefined for a plain relative path. */
export function nameProblem(name: string): string | undefined {
  if (name === '' || name === '/') return 'is empty';
  if (name.includes('\0')) return 'holds a zero byte, where some programs end it';
  if (name.includes('\\')) return 'holds a backslash, which some programs take for a folder';
  if (name.startsWith('/')) return 'is an absolute path';
  if (/^[a-z]:/i.test(name)) return 'names a drive';
  const folders = name.replace(/\/$/, '').split('/');
  if (folders.includes('..')) return 'leaves the folder';
  if (folders.includes('.') || folders.includes('')) return 'is not the shortest form of its path';
  return undefined;
}

/** Names that two entries have, also where they differ only in what some systems do not tell apart. */
export class EntryNames {
  readonly #part: Inspection;
  readonly #rule: ScanRule;
  readonly #seen = new Map<string, 'file' | 'folder'>();
  /** Folders that entries are in. */
  readonly #around = new Set<string>();

  /** @param rule of what is wrong with a name */
  constructor(part: Inspection, rule: ScanRule) {
    this.#part = part;
    this.#rule = rule;
  }

  /** Reports what is wrong with the name of an entry, by itself and together with those before. */
  add(name: string, at: number, kind: 'file' | 'folder'): void {
    const problem = nameProblem(name) ?? this.#clash(name, kind);
    if (problem !== undefined) this.#part.report(this.#rule, { message: `the name ${shown(name)} ${problem}`, at });
    const isLong = Buffer.byteLength(name) > mostBytes || name.split('/', mostFolders + 1).length > mostFolders;
    if (isLong) this.#part.leave(`the name ${shown(name)} is longer or deeper than names are`, { at });
    else this.#keep(name, kind);
  }

  #clash(name: string, kind: 'file' | 'folder'): string | undefined {
    const key = keyOf(name);
    if (this.#seen.has(key)) return 'is that of another entry, too';
    if (kind === 'file' && this.#around.has(key)) return 'is that of a folder, too';
    for (const folder of foldersOf(key)) {
      if (this.#seen.get(folder) === 'file') return 'is in a folder that is a file';
      if (this.#around.has(folder)) break;
    }
    return undefined;
  }

  #keep(name: string, kind: 'file' | 'folder'): void {
    const key = keyOf(name);
    this.#seen.set(key, kind);
    for (const folder of foldersOf(key)) {
      if (this.#around.has(folder)) break;
      this.#around.add(folder);
    }
  }
}

function keyOf(name: string): string {
  return takenFor(name.replace(/\/$/, ''));
}

/** From the innermost out. */
function* foldersOf(key: string): Generator<string> {
  for (let end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1)) yield key.slice(0, end);
}
