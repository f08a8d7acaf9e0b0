import type { Expression } from './expression.ts';
import { goesOnWith, isDigit, isWordUnit } from './signs.ts';

/** What may follow, and stand before, a beginning: anything; no letter or digit; nothing that a longer number has. */
export type Standing = 'anyhow' | 'word' | 'alone';

/** Something that is looked for at every edge of a word. */
export interface Beginning {
  readonly expression: Expression;
  readonly standing: Standing;
}

/** A place in a beginning: the units that fit, and the places that come after them. One without units is its end. */
interface Node {
  readonly units: ReadonlySet<number> | undefined;
  readonly next: readonly number[];
  readonly beginning: number;
}

const dead = 0;
const unknown = -1;

// What a unit can be: the first of a beginning, a letter or digit.
const start = 1;
const word = 2;

/** States that are kept; beyond them all are forgotten and made again as they are met. */
const mostStates = 16_384;

/**
 * Finds every place where one of many beginnings stands at the edge of a word: a deterministic automaton, whose states are made
 * when they are first met, is started at every sign that no letter or digit of ASCII precedes. A walk is no longer than the
 * longest beginning, and nearly all end after a few units.
 */
export class EdgeAutomaton {
  /** Units that were walked over. */
  walked = 0;
  readonly longest: number;
  readonly #standing: readonly Standing[];
  readonly #nodes: readonly Node[];
  readonly #first: readonly number[];
  readonly #classes = new Uint8Array(128);
  readonly #classesBeyond = new Map<number, number>();
  /** A unit of each class. */
  readonly #members: readonly number[];
  readonly #count: number;
  readonly #roles = new Uint8Array(128);
  #root = dead;
  #table = new Int32Array(0);
  #sets: (readonly number[])[] = [];
  #accepts: (readonly number[])[] = [];
  #known = new Map<string, number>();

  constructor(beginnings: readonly Beginning[]) {
    this.#standing = beginnings.map(({ standing }) => standing);
    const graph = new Graph();
    this.#first = [...new Set(beginnings.flatMap(({ expression }, index) => graph.add(expression, index)))];
    this.#nodes = graph.nodes;
    this.longest = Math.max(0, ...beginnings.map(({ expression }) => lengthOf(expression)));
    this.#members = this.#classify();
    this.#count = this.#members.length;
    this.#forget();
    for (let code = 0; code < 128; code++) {
      this.#roles[code] = (this.#isStart(code) ? start : 0) | (isWordUnit(code) ? word : 0);
    }
  }

  #isStart(code: number): boolean {
    return this.#first.some((node) => this.#nodes[node]?.units?.has(code));
  }

  /** Units that fit the same places are of one class; class 0 fits nowhere. */
  #classify(): number[] {
    const sets = new Map<string, ReadonlySet<number>>();
    for (const { units } of this.#nodes) {
      if (units !== undefined) sets.set([...units].sort((one, other) => one - other).join(' '), units);
    }
    const members = [-1];
    const classOf = new Map<string, number>([['', 0]]);
    const all = new Set([...sets.values()].flatMap((units) => [...units]));
    for (const code of all) {
      const signature = [...sets.values()].flatMap((units, index) => (units.has(code) ? index : [])).join(' ');
      const known = classOf.get(signature) ?? members.push(code) - 1;
      classOf.set(signature, known);
      if (code < 128) this.#classes[code] = known;
      else this.#classesBeyond.set(code, known);
    }
    return members;
  }

  #forget(): void {
    this.#table = new Int32Array(256 * this.#count).fill(unknown);
    this.#sets = [];
    this.#accepts = [];
    this.#known = new Map();
    this.#stateOf([]);
    this.#root = this.#stateOf(this.#first);
    this.#table.fill(dead, 0, this.#count);
  }

  /** A state as the table has it: where its row begins, doubled, and 1 more where something ends in it. */
  #stateOf(set: readonly number[]): number {
    const key = set.join(' ');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const index = this.#sets.push(set) - 1;
    const accepted = set.filter((node) => this.#nodes[node]?.units === undefined);
    this.#accepts.push(accepted.map((node) => this.#nodes[node]?.beginning ?? 0));
    const state = index * this.#count * 2 + (accepted.length === 0 ? 0 : 1);
    this.#known.set(key, state);
    if (this.#sets.length * this.#count > this.#table.length) {
      const larger = new Int32Array(this.#table.length * 2).fill(unknown);
      larger.set(this.#table);
      this.#table = larger;
    }
    return state;
  }

  #step(state: number, group: number): number {
    const member = this.#members[group] ?? -1;
    const reached = new Set<number>();
    for (const node of this.#sets[(state >> 1) / this.#count] ?? []) {
      const { units, next } = this.#nodes[node] as Node;
      if (units?.has(member) === true) for (const one of next) reached.add(one);
    }
    const set = [...reached].sort((one, other) => one - other);
    if (this.#sets.length >= mostStates) {
      this.#forget();
      return this.#stateOf(set);
    }
    const next = this.#stateOf(set);
    this.#table[(state >> 1) + group] = next;
    return next;
  }

  /**
   * Every beginning in `units` whose first unit stands from `from` up to `to`.
   * @returns three numbers each: the place of the beginning in the list, where it starts, where it ends
   */
  find(units: Uint16Array, length: number, from: number, to: number): number[] {
    const found: number[] = [];
    const end = Math.min(to, length);
    const roles = this.#roles;
    this.walked += Math.max(0, end - from);
    let before = from > 0 && isWordUnit(units[from - 1] as number) ? word : 0;
    for (let at = from; at < end; at++) {
      const code = units[at] as number;
      const role = code < 128 ? (roles[code] as number) : 0;
      if ((role & start) > (before & word)) this.#walk(units, length, at, found);
      before = role;
    }
    return found;
  }

  #walk(units: Uint16Array, length: number, from: number, found: number[]): void {
    const classes = this.#classes;
    let table = this.#table;
    let state = this.#root;
    let at = from;
    while (at < length) {
      const code = units[at] as number;
      const group = code < 128 ? (classes[code] as number) : (this.#classesBeyond.get(code) ?? 0);
      let next = table[(state >> 1) + group] as number;
      if (next === unknown) {
        next = this.#step(state, group);
        table = this.#table;
      }
      if (next === dead) break;
      state = next;
      at += 1;
      if ((state & 1) === 1) this.#accept(state, units, length, from, at, found);
    }
    this.walked += at - from;
  }

  #accept(state: number, units: Uint16Array, length: number, from: number, to: number, found: number[]): void {
    const goesOn = to < length && isWordUnit(units[to] as number);
    for (const beginning of this.#accepts[(state >> 1) / this.#count] as readonly number[]) {
      const standing = this.#standing[beginning];
      if (standing !== 'anyhow' && (goesOn || (standing === 'alone' && !standsAlone(units, length, from, to))))
        continue;
      found.push(beginning, from, to);
    }
  }
}

/** A point, hyphen or slash with a digit behind it: a part of a longer number, a date, a version. */
function isJoined(units: Uint16Array, length: number, at: number, step: 1 | -1): boolean {
  const code = units[at] as number;
  if (code < 45 || code > 47) return false;
  const behind = at + step;
  return behind >= 0 && behind < length && isDigit(units[behind] as number);
}

/** No letter or digit of any script with spaces beside it, and no longer number. */
function standsAlone(units: Uint16Array, length: number, from: number, end: number): boolean {
  if (from > 0 && (goesOnWith(units[from - 1] as number) || isJoined(units, length, from - 1, -1))) return false;
  return end >= length || (!goesOnWith(units[end] as number) && !isJoined(units, length, end, 1));
}

/** The places of expressions, each made from its end on, so that a place knows what comes after it. */
class Graph {
  readonly nodes: Node[] = [];

  /** The places at which a beginning begins. */
  add(expression: Expression, beginning: number): readonly number[] {
    const end = this.nodes.push({ units: undefined, next: [], beginning }) - 1;
    return this.#before(expression, [end], beginning);
  }

  #before(expression: Expression, after: readonly number[], beginning: number): readonly number[] {
    switch (expression.kind) {
      case 'units':
        return [this.nodes.push({ units: expression.units, next: after, beginning }) - 1];
      case 'sequence':
        return expression.parts.reduceRight((next, part) => this.#before(part, next, beginning), after);
      case 'choice':
        return expression.parts.flatMap((part) => this.#before(part, after, beginning));
      case 'repeat': {
        let next = after;
        for (let time = expression.most; time > 0; time--) {
          const first = this.#before(expression.part, next, beginning);
          next = time > expression.least ? [...first, ...after] : first;
        }
        return next;
      }
    }
  }
}

function lengthOf(expression: Expression): number {
  switch (expression.kind) {
    case 'units':
      return 1;
    case 'sequence':
      return expression.parts.reduce((sum, part) => sum + lengthOf(part), 0);
    case 'choice':
      return Math.max(...expression.parts.map(lengthOf));
    case 'repeat':
      return lengthOf(expression.part) * expression.most;
  }
}
