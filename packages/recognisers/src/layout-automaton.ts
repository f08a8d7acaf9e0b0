import { wordSigns } from './script.ts';

/** Where a layout occurs: its place in the list, and offsets into the text. */
export interface LayoutMatch {
  readonly layout: number;
  readonly start: number;
  readonly end: number;
}

interface Node {
  readonly next: Map<string, number>;
  readonly layouts: number[];
}

const dead = 0;
const digit = 1;
const upper = 2;
const lower = 3;

/** The signs of a layout that a unit satisfies, beside itself. */
const signsOf: Readonly<Record<number, readonly string[]>> = {
  [digit]: ['#', '*', '@'],
  [upper]: ['A', '*', '@'],
  [lower]: ['A', '*'],
};
const wild = new Set(['#', 'A', '*', '@']);

function kindOf(code: number): number {
  if (code >= 48 && code <= 57) return digit;
  if (code >= 65 && code <= 90) return upper;
  return code >= 97 && code <= 122 ? lower : dead;
}

const kinds = Uint8Array.from({ length: 128 }, (_, code) => kindOf(code));

/**
 * Finds every place where one of many layouts stands alone, in one pass: a deterministic automaton over the layouts, started at
 * every edge of a word. A walk is no longer than the longest layout, and nearly all end after a few units.
 */
export class LayoutAutomaton {
  readonly longest: number;
  readonly #classes = new Uint8Array(128);
  readonly #classCount: number;
  readonly #table: Int32Array;
  readonly #accepts: readonly (readonly number[])[];

  constructor(layouts: readonly string[]) {
    this.longest = Math.max(0, ...layouts.map(({ length }) => length));
    const literals = [...new Set(layouts.join(''))].filter((sign) => !wild.has(sign));
    for (let code = 0; code < 128; code++) this.#classes[code] = kindOf(code);
    for (const [index, sign] of literals.entries()) this.#classes[sign.charCodeAt(0)] = 4 + index;
    this.#classCount = 4 + literals.length;
    const signs = Array.from({ length: this.#classCount }, (_, index): readonly string[] => {
      const literal = literals[index - 4];
      return literal === undefined
        ? (signsOf[index] ?? [])
        : [literal, ...(signsOf[kindOf(literal.charCodeAt(0))] ?? [])];
    });
    const { rows, accepts } = determinise(trieOf(layouts), signs);
    this.#table = Int32Array.from(rows.flat());
    this.#accepts = accepts;
  }

  /** Every layout that begins in a text from `from` up to `to`, in order of its start. */
  find(text: string, from: number, to: number): LayoutMatch[] {
    const found: LayoutMatch[] = [];
    const end = Math.min(to, text.length);
    let wasWord = from > 0 && kindOf(text.charCodeAt(from - 1)) !== dead;
    for (let at = from; at < end; at++) {
      const code = text.charCodeAt(at);
      const isWord = code < 128 && kinds[code] !== dead;
      if (isWord && !wasWord) this.#walk(text, at, found);
      wasWord = isWord;
    }
    return found;
  }

  #walk(text: string, start: number, found: LayoutMatch[]): void {
    const table = this.#table;
    const classes = this.#classes;
    const count = this.#classCount;
    const { length } = text;
    let state = 1;
    for (let at = start; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code > 127) return;
      state = table[state * count + (classes[code] as number)] as number;
      if (state === dead) return;
      const accepted = this.#accepts[state] as readonly number[];
      if (accepted.length === 0 || !standsAlone(text, start, at + 1)) continue;
      for (const layout of accepted) found.push({ layout, start, end: at + 1 });
    }
  }
}

const wordSign = new RegExp(wordSigns, 'u');

/** A letter or digit of a script that puts spaces between words; half of a surrogate pair counts as one. */
function isWordAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (Number.isNaN(code)) return false;
  return code < 128 ? kindOf(code) !== dead : (code >= 0xd800 && code < 0xe000) || wordSign.test(text.charAt(at));
}

/** A point, hyphen or slash with a digit behind it: a part of a longer number, a date, a version. */
function isJoined(text: string, at: number, step: 1 | -1): boolean {
  const code = text.charCodeAt(at);
  return code >= 45 && code <= 47 && kindOf(text.charCodeAt(at + step)) === digit;
}

function standsAlone(text: string, start: number, end: number): boolean {
  return (
    !isWordAt(text, start - 1) && !isWordAt(text, end) && !isJoined(text, start - 1, -1) && !isJoined(text, end, 1)
  );
}

function trieOf(layouts: readonly string[]): Node[] {
  const root: Node = { next: new Map(), layouts: [] };
  const nodes = [root];
  for (const [index, layout] of layouts.entries()) {
    let node = root;
    for (const sign of layout) {
      let at = node.next.get(sign);
      if (at === undefined) {
        at = nodes.push({ next: new Map(), layouts: [] }) - 1;
        node.next.set(sign, at);
      }
      node = nodes[at] ?? root;
    }
    node.layouts.push(index);
  }
  return nodes;
}

/** The subset construction. State 0 is where nothing fits any more, state 1 the beginning. */
function determinise(
  nodes: readonly Node[],
  signs: readonly (readonly string[])[],
): { rows: number[][]; accepts: number[][] } {
  const rows: number[][] = [signs.map(() => dead)];
  const accepts: number[][] = [[]];
  const sets: number[][] = [[], [0]];
  const known = new Map([
    ['', dead],
    ['0', 1],
  ]);
  for (let state = 1; state < sets.length; state++) {
    const set = sets[state] ?? [];
    accepts.push(set.flatMap((node) => nodes[node]?.layouts ?? []));
    rows.push(
      signs.map((those) => {
        const reached = set.flatMap((node) => those.flatMap((sign) => nodes[node]?.next.get(sign) ?? []));
        const key = reached.sort((one, other) => one - other).join(' ');
        let next = known.get(key);
        if (next === undefined) {
          next = sets.push(reached) - 1;
          known.set(key, next);
        }
        return next;
      }),
    );
  }
  return { rows, accepts };
}
