/** Finds every place of many short texts in one pass, whatever the case of their letters (Aho and Corasick 1975). */
export class MarkAutomaton {
  readonly longest: number;
  readonly #lengths: readonly number[];
  readonly #classes = new Uint8Array(256);
  readonly #count: number;
  readonly #table: Int32Array;
  readonly #found: readonly (readonly number[])[];

  /** @param marks - of signs below U+0100 */
  constructor(marks: readonly string[]) {
    const lower = marks.map((mark) => mark.toLowerCase());
    this.#lengths = marks.map(({ length }) => length);
    this.longest = Math.max(0, ...this.#lengths);
    const signs = [...new Set(lower.join(''))];
    this.#count = signs.length + 1;
    for (const [index, sign] of signs.entries()) {
      this.#classes[sign.charCodeAt(0)] = index + 1;
      this.#classes[sign.toUpperCase().charCodeAt(0)] = index + 1;
    }
    const { children, found } = this.#trieOf(lower);
    this.#found = found;
    // Where the row of a node begins, doubled, and 1 more where a mark ends in it.
    const entries = withFailures(children, found, this.#count)
      .flat()
      .map((node) => node * this.#count * 2 + (found[node]?.length === 0 ? 0 : 1));
    this.#table = Int32Array.from(entries);
  }

  /** For each node its child by class, 0 where it has none, and the marks that end in it. */
  #trieOf(marks: readonly string[]): { children: number[][]; found: number[][] } {
    const none = (): number[] => Array.from({ length: this.#count }, () => 0);
    const children = [none()];
    const found: number[][] = [[]];
    for (const [index, mark] of marks.entries()) {
      let node = 0;
      for (const sign of mark) {
        const group = this.#classes[sign.charCodeAt(0)] ?? 0;
        const row = children[node] ?? [];
        if (row[group] === 0) {
          row[group] = children.push(none()) - 1;
          found.push([]);
        }
        node = row[group] ?? 0;
      }
      found[node]?.push(index);
    }
    return { children, found };
  }

  /**
   * Every mark in `units` that lies from `from` up to `to`.
   * @returns two numbers each: the place of the mark in the list, and where it starts
   */
  find(units: Uint16Array, from: number, to: number): number[] {
    const places: number[] = [];
    const table = this.#table;
    const classes = this.#classes;
    let state = 0;
    for (let at = from; at < to; at++) {
      const code = units[at] as number;
      state = code < 256 ? (table[(state >> 1) + (classes[code] as number)] as number) : 0;
      if ((state & 1) === 0) continue;
      for (const mark of this.#found[(state >> 1) / this.#count] as readonly number[]) {
        places.push(mark, at + 1 - (this.#lengths[mark] as number));
      }
    }
    return places;
  }
}

/** Where a node has no child, the way is that of the longest proper end of what was read that is in the trie. */
function withFailures(children: number[][], found: number[][], count: number): number[][] {
  const failure = children.map(() => 0);
  const queue = (children[0] ?? []).filter((child) => child !== 0);
  for (const node of queue) {
    const fallback = failure[node] ?? 0;
    found[node]?.push(...(found[fallback] ?? []));
    for (let group = 0; group < count; group++) {
      const child = children[node]?.[group] ?? 0;
      const otherwise = children[fallback]?.[group] ?? 0;
      if (child === 0) {
        const row = children[node];
        if (row !== undefined) row[group] = otherwise;
      } else {
        failure[child] = otherwise;
        queue.push(child);
      }
    }
  }
  return children;
}
