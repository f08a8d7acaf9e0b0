import type { Classes } from './classes.ts';

/** Classes of nodes that were looked at, from which those of coarser nodes are made; what was not used for longest goes first. */
export class Snapshots {
  readonly #kept: Classes[];
  readonly #most: number;
  #size = 0;

  /** @param most numbers that may be held beside the finest classes, which stay */
  constructor(finest: Classes, most: number) {
    this.#kept = [finest];
    this.#most = most;
  }

  /** The fewest classes that those of the levels can be made of. */
  under(levels: readonly number[]): Classes {
    let best: Classes | undefined;
    for (const each of this.#kept) {
      if (best !== undefined && each.count >= best.count) continue;
      if (each.levels.every((level, at) => level <= (levels[at] ?? 0))) best = each;
    }
    const found = best ?? this.#kept[0];
    if (found === undefined) throw new Error('there are no classes');
    this.#use(found);
    return found;
  }

  /** Keeps classes that spare work: those that are far fewer than what they were made of. */
  keep(classes: Classes, from: Classes): void {
    if (classes.count * 2 > from.count) return;
    this.#kept.push(classes);
    this.#size += sizeOf(classes);
    while (this.#size > this.#most || this.#kept.length > 512) {
      const [gone] = this.#kept.splice(1, 1);
      if (gone === undefined) return;
      this.#size -= sizeOf(gone);
    }
  }

  #use(classes: Classes): void {
    const at = this.#kept.indexOf(classes);
    if (at <= 0) return;
    this.#kept.splice(at, 1);
    this.#kept.push(classes);
  }
}

const sizeOf = ({ count, sensitive }: Classes): number =>
  sensitive.reduce((sum, { codes, starts }) => sum + 2 * codes.length + starts.length, 5 * count);
