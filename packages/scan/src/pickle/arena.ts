import { forgotten, isContainer, kinds } from './kinds.ts';

/** Items that are kept of a container: of others only their kinds are known. */
const mostItems = 512;
const none = -1;
/** Containers that there is room for at first: most pickles are small. */
const smallest = 2 ** 10;
/** Numbers of a node, side by side: kinds of all items, cells of the first and the last one, and how it is. */
const [mask, first, last, state] = [0, 1, 2, 3];
const nodeBits = 2;
/** So many times as much when there is no room any more. */
const growth = 4;
/** How a node is: something else holds the container; items are missing; it is not free. How many are kept: above. */
const held = 1;
const cut = 2;
const used = 4;
const keptShift = 3;

/** Where values lie side by side, as stack, memo and items have them. */
export interface Values {
  readonly kinds: Uint8Array;
  readonly values: Float64Array;
}

/** Values that are gone through again only when some were put since, or may still lose their items. */
export interface Page extends Values {
  settled: boolean;
}

/**
 * The containers of a pickle, in arrays of fixed size: each has a mask of the kinds of all that it holds, and its first
 * items as a chain of cells. When the arrays are full, containers that are far from being used lose their items.
 */
export class Arena {
  /** Kinds that were put into a container after something else had taken its mask. */
  late = 0;
  /** The empty tuple, which is always the same. */
  readonly empty = 0;
  #nodes = new Int32Array(smallest << nodeBits);
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
    this.#addRoom(0, 0);
    this.make();
  }

  /** Whether a container with many items may not find room: then {@link forget} comes first. */
  get full(): boolean {
    return this.#nodesLeft < 4 || this.#cellsLeft < mostItems + 4;
  }

  /** A new, empty container. */
  make(): number {
    const nodes = this.#nodes;
    const node = this.#freeNode;
    const at = node << nodeBits;
    this.#freeNode = nodes[at + first] ?? none;
    this.#nodesLeft -= 1;
    nodes[at + mask] = 0;
    nodes[at + first] = none;
    nodes[at + last] = none;
    nodes[at + state] = used;
    return node;
  }

  /** The kinds of what is in a container. */
  maskIn(node: number): number {
    return this.#nodes[(node << nodeBits) + mask] ?? 0;
  }

  /** The kinds of a value and of what is in it. */
  maskOf(kind: number, value: number): number {
    if (kind < forgotten) return (1 << kind) | (isContainer(kind) ? this.maskIn(value) : 0);
    return (1 << (kind - forgotten)) | value;
  }

  /** Puts values into a container of a kind; what is in them later is told by {@link late}. */
  addAll(kind: number, node: number, from: Values, start: number, end: number): void {
    const added = this.#holdAll(from, start, end);
    if (kind >= forgotten) {
      this.late |= added;
      return;
    }
    const nodes = this.#nodes;
    const at = node << nodeBits;
    const now = nodes[at + state] ?? 0;
    nodes[at + mask] = (nodes[at + mask] ?? 0) | added;
    if ((now & held) !== 0) this.late |= added;
    const room = Math.min(end, start + mostItems - (now >> keptShift));
    if (start < room) this.#keep(at, from, start, room);
    if (room < end) nodes[at + state] = (nodes[at + state] ?? 0) | cut;
  }

  /** Says that something beside the stack holds values, as the memo does; the kinds of all that is in them. */
  #holdAll({ kinds: tags, values }: Values, start: number, end: number): number {
    let found = 0;
    for (let at = start; at < end; at += 1) {
      const kind = tags[at] ?? 0;
      found |= kind < kinds.tuple ? 1 << kind : this.#hold(kind, values[at] ?? 0);
    }
    return found;
  }

  #hold(kind: number, value: number): number {
    if (kind === kinds.reference) this.#holds(value);
    if (kind < forgotten && isContainer(kind)) {
      const at = (value << nodeBits) + state;
      this.#nodes[at] = (this.#nodes[at] ?? 0) | held;
    }
    return this.maskOf(kind, value);
  }

  /** Cells that are free are a chain already: the first ones of it go behind the last one of the node at a place. */
  #keep(node: number, { kinds: givenTags, values: given }: Values, start: number, end: number): void {
    const { kinds: tags, values } = this.cells;
    const [nodes, next] = [this.#nodes, this.#next];
    let [cell, behind] = [this.#freeCell, nodes[node + last] ?? none];
    if (behind === none) nodes[node + first] = cell;
    else next[behind] = cell;
    for (let at = start; at < end; at += 1) {
      tags[cell] = givenTags[at] ?? 0;
      values[cell] = given[at] ?? 0;
      behind = cell;
      cell = next[cell] ?? none;
    }
    next[behind] = none;
    this.#freeCell = cell;
    this.#cellsLeft -= end - start;
    nodes[node + last] = behind;
    nodes[node + state] = (nodes[node + state] ?? 0) + ((end - start) << keptShift);
  }

  /** How many items are kept. */
  keptOf(node: number): number {
    return (this.#nodes[(node << nodeBits) + state] ?? 0) >> keptShift;
  }

  isCut(node: number): boolean {
    return ((this.#nodes[(node << nodeBits) + state] ?? 0) & cut) !== 0;
  }

  /** The cells of the items that are kept, first to last. */
  *cellsOf(node: number): Generator<number> {
    for (let cell = this.#firstOf(node); cell !== none; cell = this.#next[cell] ?? none) yield cell;
  }

  #firstOf(node: number): number {
    return this.#nodes[(node << nodeBits) + first] ?? none;
  }

  /**
   * Makes room: what the last values of the stack hold is kept, up to half of all; everything else keeps but its mask.
   *
   * @param size how many values the stack has
   * @param memo what else refers to containers
   */
  forget(stack: Values, size: number, memo: Iterable<Page>): void {
    if (this.#marked.length < this.#most) {
      this.#grow();
      return;
    }
    this.#mark(stack, size);
    this.#forgetIn(stack, 0, size);
    for (const page of memo) if (!page.settled) page.settled = this.#forgetIn(page, 0, page.kinds.length);
    this.#sweep();
  }

  #grow(): void {
    const [nodes, cells] = [this.#marked.length, this.#next.length];
    [this.#nodes, this.#marked] = [larger(this.#nodes), larger(this.#marked)];
    this.cells = { kinds: larger(this.cells.kinds), values: larger(this.cells.values) };
    this.#next = larger(this.#next);
    this.#addRoom(nodes, cells);
  }

  /** Everything from a node and a cell on is free, too. */
  #addRoom(nodes: number, cells: number): void {
    const [allNodes, allCells] = [this.#marked.length, this.#next.length];
    for (let node = nodes; node < allNodes; node += 1) this.#nodes[(node << nodeBits) + first] = node + 1;
    for (let cell = cells; cell < allCells; cell += 1) this.#next[cell] = cell + 1;
    this.#nodes[((allNodes - 1) << nodeBits) + first] = this.#freeNode;
    this.#next[allCells - 1] = this.#freeCell;
    [this.#freeNode, this.#freeCell] = [nodes, cells];
    this.#nodesLeft += allNodes - nodes;
    this.#cellsLeft += allCells - cells;
  }

  /** Marks from the top of the stack down, without recursion. */
  #mark(stack: Values, size: number): void {
    this.#marked.fill(0);
    this.#marked[this.empty] = 1;
    let room = Math.floor(Math.min(this.#marked.length, this.#next.length) / 2);
    for (let at = size - 1; at >= 0 && room > 0; at -= 1) {
      const kind = stack.kinds[at] ?? 0;
      if (kind >= forgotten || !isContainer(kind)) continue;
      const work = [stack.values[at] ?? 0];
      for (let node = work.pop(); node !== undefined && room > 0; node = work.pop()) {
        if (this.#marked[node] === 1 || this.keptOf(node) > room) continue;
        this.#marked[node] = 1;
        room -= 1 + this.keptOf(node);
        for (let cell = this.#firstOf(node); cell !== none; cell = this.#next[cell] ?? none) {
          const inner = this.cells.kinds[cell] ?? 0;
          if (inner < forgotten && isContainer(inner)) work.push(this.cells.values[cell] ?? 0);
        }
      }
    }
  }

  /** Takes the items from containers that are not marked; whether none is left that can lose them later. */
  #forgetIn({ kinds: tags, values }: Values, start: number, end: number): boolean {
    let settled = true;
    for (let at = start; at < end; at += 1) {
      const kind = tags[at] ?? 0;
      if (kind < kinds.tuple || kind > kinds.dict) continue;
      const node = values[at] ?? 0;
      if (this.#marked[node] === 1) {
        if (node !== this.empty) settled = false;
        continue;
      }
      tags[at] = kind + forgotten;
      values[at] = this.maskIn(node);
    }
    return settled;
  }

  /** What is not marked is free, and what is marked keeps but the masks of what is not. */
  #sweep(): void {
    for (let node = this.#marked.length - 1; node >= 0; node -= 1) {
      if (this.#marked[node] !== 1) {
        this.#free(node << nodeBits);
        continue;
      }
      for (let cell = this.#firstOf(node); cell !== none; cell = this.#next[cell] ?? none)
        this.#forgetIn(this.cells, cell, cell + 1);
    }
  }

  /** Frees the node at a place, if it is not free: the chain of its cells goes before that of those that are. */
  #free(at: number): void {
    const nodes = this.#nodes;
    const now = nodes[at + state] ?? 0;
    if ((now & used) === 0) return;
    if (now >> keptShift > 0) {
      this.#next[nodes[at + last] ?? 0] = this.#freeCell;
      this.#freeCell = nodes[at + first] ?? none;
      this.#cellsLeft += now >> keptShift;
    }
    nodes[at + state] = 0;
    nodes[at + first] = this.#freeNode;
    this.#freeNode = at >> nodeBits;
    this.#nodesLeft += 1;
  }
}

function larger<Numbers extends Int32Array | Uint8Array | Float64Array>(numbers: Numbers): Numbers {
  const more = new (numbers.constructor as new (length: number) => Numbers)(numbers.length * growth);
  more.set(numbers);
  return more;
}
