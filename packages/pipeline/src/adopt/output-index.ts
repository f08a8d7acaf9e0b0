import { folderOf } from './project-path.ts';

/** Which stage writes a path, something in it, or the folder that it is in. Asking takes as long as the path is deep. */
export class OutputIndex {
  readonly #exact = new Map<string, string>();
  /** By every folder that an output is in. */
  readonly #below = new Map<string, { readonly owners: Set<string>; readonly paths: Set<string> }>();

  add(path: string, owner: string): void {
    this.#exact.set(path, owner);
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
      const there = this.#below.get(folder) ?? { owners: new Set(), paths: new Set() };
      there.owners.add(owner);
      there.paths.add(path);
      this.#below.set(folder, there);
    }
  }

  /** Names of the stages that write it, something in it, or a folder that it is in. */
  overlapping(path: string): ReadonlySet<string> {
    const found = new Set(this.#below.get(path)?.owners);
    for (let folder = path; folder !== ''; folder = folderOf(folder)) {
      const owner = this.#exact.get(folder);
      if (owner !== undefined) found.add(owner);
    }
    return found;
  }

  /** The stage that writes exactly this. */
  owner(path: string): string | undefined {
    return this.#exact.get(path);
  }

  /** Outputs in a folder, itself not counted. */
  within(folder: string): ReadonlySet<string> {
    return this.#below.get(folder)?.paths ?? new Set();
  }
}

/** Whether a path is one of `paths`, or lies in one of them. */
export function isInOneOf(path: string, paths: { has(path: string): boolean }): boolean {
  for (let folder = path; folder !== ''; folder = folderOf(folder)) if (paths.has(folder)) return true;
  return false;
}
