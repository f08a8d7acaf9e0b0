import type { Piece, PieceModel } from './piece-model.ts';

/** The fields of `BPE` in a `tokenizer.json`. */
export interface BytePairFields {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Pairs that are put together, the first ones first. */
  readonly merges: readonly (readonly [string, string])[];
  /** The id of a character that is not in the vocabulary; absent where such a one is left out. */
  readonly unknown?: number | undefined;
  /** Whether a word that is in the vocabulary is taken as it is. */
  readonly ignoresMerges: boolean;
}

interface Merge {
  readonly rank: number;
  readonly id: number;
}

interface Part {
  id: number;
  readonly from: number;
  to: number;
  /** Indices of the parts beside it; -1 where there is none. */
  before: number;
  behind: number;
  isThere: boolean;
}

/**
 * Puts pairs of neighbours together, the pair that was learnt first before all others and from left to right, until none is left
 * (Sennrich et al. 2016, byte-pair encoding): n log n steps for a word of n characters.
 */
export function bytePair({ vocabulary, merges, unknown, ignoresMerges }: BytePairFields): PieceModel {
  const known = new Map<string, Merge>();
  for (const [rank, [left, right]] of merges.entries()) {
    const [a, b, id] = [left, right, left + right].map((piece) => vocabulary.get(piece));
    if (a !== undefined && b !== undefined && id !== undefined) known.set(`${a} ${b}`, { rank, id });
  }
  return (word) => {
    const whole = ignoresMerges ? vocabulary.get(word) : undefined;
    if (whole !== undefined) return [{ id: whole, from: 0, to: word.length }];
    const parts = charactersOf(word, vocabulary, unknown);
    join(parts, known);
    return parts.filter(({ isThere }) => isThere).map(({ id, from, to }): Piece => ({ id, from, to }));
  };
}

function charactersOf(word: string, vocabulary: ReadonlyMap<string, number>, unknown: number | undefined): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const character of word) {
    const id = vocabulary.get(character) ?? unknown;
    const to = from + character.length;
    if (id !== undefined) {
      parts.push({ id, from, to, before: parts.length - 1, behind: parts.length + 1, isThere: true });
    }
    from = to;
  }
  const last = parts.at(-1);
  if (last !== undefined) last.behind = -1;
  return parts;
}

/** A pair that may be put together: its left part, and the ids that it had when it was found. */
interface Candidate {
  readonly rank: number;
  readonly left: number;
  readonly id: number;
  readonly pair: string;
}

function join(parts: Part[], known: ReadonlyMap<string, Merge>): void {
  const candidates = new Heap();
  const pairOf = (left: Part, right: Part | undefined): string => `${left.id} ${right?.id ?? ''}`;
  const offer = (left: number): void => {
    const one = parts[left];
    if (one === undefined || one.behind === -1) return;
    const pair = pairOf(one, parts[one.behind]);
    const merge = known.get(pair);
    if (merge !== undefined) candidates.add({ ...merge, left, pair });
  };
  for (const index of parts.keys()) offer(index);
  for (let best = candidates.take(); best !== undefined; best = candidates.take()) {
    const left = parts[best.left];
    const right = left === undefined ? undefined : parts[left.behind];
    if (left === undefined || right === undefined || !left.isThere || pairOf(left, right) !== best.pair) continue;
    Object.assign(left, { id: best.id, to: right.to, behind: right.behind });
    right.isThere = false;
    const next = parts[right.behind];
    if (next !== undefined) next.before = best.left;
    offer(best.left);
    offer(left.before);
  }
}

/** Gives the candidate that was learnt first, of equals the leftmost. */
class Heap {
  readonly #all: Candidate[] = [];

  add(candidate: Candidate): void {
    let at = this.#all.push(candidate) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#isLess(at, above)) return;
      this.#swap(at, above);
      at = above;
    }
  }

  take(): Candidate | undefined {
    const first = this.#all[0];
    const last = this.#all.pop();
    if (first === undefined || last === undefined || this.#all.length === 0) return first;
    this.#all[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < this.#all.length && this.#isLess(left, least)) least = left;
      if (right < this.#all.length && this.#isLess(right, least)) least = right;
      if (least === at) return first;
      this.#swap(at, least);
      at = least;
    }
  }

  #isLess(one: number, other: number): boolean {
    const [a, b] = [this.#all[one], this.#all[other]];
    if (a === undefined || b === undefined) return false;
    return a.rank === b.rank ? a.left < b.left : a.rank < b.rank;
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#all[one], this.#all[other]];
    if (a !== undefined && b !== undefined) [this.#all[one], this.#all[other]] = [b, a];
  }
}
