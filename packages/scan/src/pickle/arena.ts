import { forgotten, isContainer, kinds } from './kinds.ts';

/** Items that are kept of a container: of others only their kinds are known. */
const mostItems = 512;
const none = -1;
/** Containers that there is room for at first: most pickles are small. */
const smallest = 2 ** 10;
/** Node flags: something else holds the container; items are missing. */
const held = 1;
const cut = 2;

/** Where values lie side by side, as stack, memo and items have them. */
export interface Values {
  readonly kinds: Uint8Array;
  readonly values: Float64Array;
}

/**
 * The containers of a pickle, in arrays of fixed size: each has a mask of the kinds of all that it holds, and its first
 * items as a chain of cells. When the arrays are full, containers that are far from being used lose their items.
 */
export class Arena {
  /** Kinds that were put into a container after something else had taken its mask. */
  late = 0;
  masks = new Int32Array(smallest);
  #first = new Int32Array(smallest).fill(none);
  #last = new Int32Array(smallest).fill(none);
  #kept = new Uint16Array(smallest);
  #flags = new Uint8Array(smallest);
  #marked = new Uint8Array(smallest);
  cells: Values = { kinds: new Uint8Array(smallest * 4), values: new Float64Array(smallest * 4) };
  #next = new Int32Array(smallest * 4);
  readonly #most: number;
  #freeNode = none;
  #freeCell = none;
  #nodesLeft = 0;
  #cellsLeft = 0;

  readonly #holds: (reference: number) => void;

  /**
   * @param most containers; four times as many items
   * @param holds is told of each reference that becomes an item
   */
  constructor(most: number, holds: (reference: number) => void) {
    this.#most = most;
    this.#holds = holds;
    this.#sweep(new Uint8Array(this.#next.length));
  }

  /** Whether a container with many items may not find room: then {@link forget} comes first. */
  get full(): boolean {
    return this.#nodesLeft < 4 || this.#cellsLeft < mostItems + 4;
  }

  /** The empty tuple, which is always the same. */
  readonly empty = 0;

  /** A new, empty container. */
  make(): number {
    const node = this.#freeNode;
    this.#freeNode = this.#first[node] ?? none;
    this.#nodesLeft -= 1;
    this.#first[node] = none;
    this.#last[node] = none;
    this.masks[node] = 0;
    this.#kept[node] = 0;
    this.#flags[node] = 0;
    return node;
  }

  /** The kinds of a value and of what is in it. */
  maskOf(kind: number, value: number): number {
    if (kind < forgotten) return (1 << kind) | (isContainer(kind) ? (this.masks[value] ?? 0) : 0);
    return (1 << (kind - forgotten)) | value;
  }

  /** Puts values into a container of a kind; what is in them later is told by {@link late}. */
  addAll(kind: number, node: number, from: Values, start: number, end: number): void {
    let mask = 0;
    for (let at = start; at < end; at += 1) {
      const itemKind = from.kinds[at] ?? 0;
      if (itemKind < kinds.tuple) mask |= 1 << itemKind;
      else mask |= this.#hold(itemKind, from.values[at] ?? 0);
    }
    if (kind >= forgotten) {
      this.late |= mask;
      return;
    }
    this.masks[node] = (this.masks[node] ?? 0) | mask;
    if (((this.#flags[node] ?? 0) & held) !== 0) this.late |= mask;
    const room = Math.min(end, start + mostItems - (this.#kept[node] ?? 0));
    for (let at = start; at < room; at += 1) this.#keep(node, from.kinds[at] ?? 0, from.values[at] ?? 0);
    if (room < end) this.#flags[node] = (this.#flags[node] ?? 0) | cut;
  }

  /** Says that something beside the stack holds the container, as the memo does. */
  #hold(kind: number, value: number): number {
    if (kind === kinds.reference) this.#holds(value);
    if (kind < forgotten && isContainer(kind)) this.#flags[value] = (this.#flags[value] ?? 0) | held;
    return this.maskOf(kind, value);
  }

  #keep(node: number, kind: number, value: number): void {
    const cell = this.#freeCell;
    this.#freeCell = this.#next[cell] ?? none;
    this.#cellsLeft -= 1;
    this.cells.kinds[cell] = kind;
    this.cells.values[cell] = value;
    this.#next[cell] = none;
    const last = this.#last[node] ?? none;
    if (last === none) this.#first[node] = cell;
    else this.#next[last] = cell;
    this.#last[node] = cell;
    this.#kept[node] = (this.#kept[node] ?? 0) + 1;
  }

  /** How many items are kept. */
  keptOf(node: number): number {
    return this.#kept[node] ?? 0;
  }

  isCut(node: number): boolean {
    return ((this.#flags[node] ?? 0) & cut) !== 0;
  }

  /** The cells of the items that are kept, first to last. */
  *cellsOf(node: number): Generator<number> {
    for (let cell = this.#first[node] ?? none; cell !== none; cell = this.#next[cell] ?? none) yield cell;
  }

  /**
   * Makes room: what the last values of the stack hold is kept, up to half of all; everything else keeps but its mask.
   *
   * @param size how many values the stack has
   * @param memo what else refers to containers
   */
  forget(stack: Values, size: number, memo: Iterable<Values>): void {
    if (this.masks.length < this.#most) {
      this.#grow();
      return;
    }
    this.#marked.fill(0);
    this.#marked[this.empty] = 1;
    const keptCells = this.#mark(stack, size);
    this.#forgetIn(stack, 0, size);
    for (const page of memo) this.#forgetIn(page, 0, page.kinds.length);
    for (let cell = 0; cell < keptCells.length; cell += 1)
      if (keptCells[cell] === 1) this.#forgetIn(this.cells, cell, cell + 1);
    this.#sweep(keptCells);
  }

  /** Twice the room. */
  #grow(): void {
    const [nodes, cells] = [this.masks.length, this.#next.length];
    this.masks = doubled(this.masks);
    [this.#first, this.#last] = [doubled(this.#first), doubled(this.#last)];
    [this.#kept, this.#flags, this.#marked] = [doubled(this.#kept), doubled(this.#flags), doubled(this.#marked)];
    this.cells = { kinds: doubled(this.cells.kinds), values: doubled(this.cells.values) };
    this.#next = doubled(this.#next);
    for (let node = nodes; node < nodes * 2; node += 1)
      this.#first[node] = node + 1 < nodes * 2 ? node + 1 : this.#freeNode;
    for (let cell = cells; cell < cells * 2; cell += 1)
      this.#next[cell] = cell + 1 < cells * 2 ? cell + 1 : this.#freeCell;
    [this.#freeNode, this.#freeCell] = [nodes, cells];
    this.#nodesLeft += nodes;
    this.#cellsLeft += cells;
  }

  /** Marks from the top of the stack down, without recursion. */
  #mark(stack: Values, size: number): Uint8Array {
    const keptCells = new Uint8Array(this.#next.length);
    let room = Math.floor(Math.min(this.masks.length, keptCells.length) / 2);
    for (let at = size - 1; at >= 0 && room > 0; at -= 1) {
      const kind = stack.kinds[at] ?? 0;
      const work = isContainer(kind) && kind < forgotten ? [stack.values[at] ?? 0] : [];
      for (let node = work.pop(); node !== undefined && room > 0; node = work.pop()) {
        if (this.#marked[node] === 1 || (this.#kept[node] ?? 0) > room) continue;
        this.#marked[node] = 1;
        room -= 1 + (this.#kept[node] ?? 0);
        for (let cell = this.#first[node] ?? none; cell !== none; cell = this.#next[cell] ?? none) {
          keptCells[cell] = 1;
          const inner = this.cells.kinds[cell] ?? 0;
          if (inner < forgotten && isContainer(inner)) work.push(this.cells.values[cell] ?? 0);
        }
      }
    }
    return keptCells;
  }

  #forgetIn(where: Values, start: number, end: number): void {
    for (let at = start; at < end; at += 1) {
      const kind = where.kinds[at] ?? 0;
      if (kind >= forgotten || !isContainer(kind)) continue;
      const node = where.values[at] ?? 0;
      if (this.#marked[node] === 1) continue;
      where.kinds[at] = kind + forgotten;
      where.values[at] = this.masks[node] ?? 0;
    }
  }

  /** Everything that is not marked is free. */
  #sweep(keptCells: Uint8Array): void {
    this.#marked[this.empty] = 1;
    [this.#freeNode, this.#freeCell, this.#nodesLeft, this.#cellsLeft] = [none, none, 0, 0];
    for (let node = this.masks.length - 1; node >= 0; node -= 1) {
      if (this.#marked[node] === 1) continue;
      this.#first[node] = this.#freeNode;
      this.#freeNode = node;
      this.#nodesLeft += 1;
    }
    for (let cell = keptCells.length - 1; cell >= 0; cell -= 1) {
      if (keptCells[cell] === 1) continue;
      this.#next[cell] = this.#freeCell;
      this.#freeCell = cell;
      this.#cellsLeft += 1;
    }
  }
}

function doubled<Numbers extends Int32Array | Uint16Array | Uint8Array | Float64Array>(numbers: Numbers): Numbers {
  const larger = new (numbers.constructor as new (length: number) => Numbers)(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
