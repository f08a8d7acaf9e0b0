/** What is searched for, and which label it is found by. */
export interface SearchedForm {
  readonly bytes: Uint8Array;
  readonly label: number;
}

/** A stretch `[start, end)` of the stream, in bytes from its beginning. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly label: number;
}

/** A node with so many children gets a row with the next node for every byte: a list would take long to go through. */
const childrenOfRow = 8;
/** 1 KiB each. */
const mostRows = 4096;

/**
 * All forms in one automaton (Aho and Corasick 1975, doi:10.1145/360825.360855), so that a stream is read once,
 * however many there are. Nodes are numbers, in arrays; node 0 is the root, and 0 as a child or sibling means none.
 */
export class ByteAutomaton {
  /** Length of the longest form, 0 when there is none. */
  readonly longest: number;
  /** For each node: how much of a form was read. */
  readonly depth: Int32Array;
  /** For each node: the length of the longest form that ends here, or 0, and its label. */
  readonly matched: Int32Array;
  readonly label: Int32Array;
  /** For each node: itself when a form goes on there, or else the longest beginning of another that it ends with. */
  readonly settled: Int32Array;
  /** The node after the root, for each byte. */
  readonly root = new Int32Array(256);
  readonly #child: Int32Array;
  readonly #sibling: Int32Array;
  readonly #byte: Uint8Array;
  readonly #fallback: Int32Array;
  /** For each node: the number of its row, from 1 on, or 0. */
  readonly #rowOf: Int32Array;
  readonly #rows: Int32Array[] = [];
  #size = 1;

  constructor(forms: readonly SearchedForm[]) {
    this.longest = forms.reduce((most, { bytes }) => Math.max(most, bytes.length), 0);
    const room = nodesOf(forms);
    this.depth = new Int32Array(room);
    this.matched = new Int32Array(room);
    this.label = new Int32Array(room);
    this.settled = new Int32Array(room);
    this.#child = new Int32Array(room);
    this.#sibling = new Int32Array(room);
    this.#fallback = new Int32Array(room);
    this.#rowOf = new Int32Array(room);
    this.#byte = new Uint8Array(room);
    for (const form of forms) this.#add(form);
    this.#link();
  }

  /** The node after one more byte. Falling back costs what reading on had gained, so all of it is linear. */
  next(node: number, byte: number): number {
    for (let at = node; at !== 0; at = this.#fallback[at] ?? 0) {
      const row = this.#rowOf[at] ?? 0;
      if (row !== 0) return this.#rows[row - 1]?.[byte] ?? 0;
      const found = this.#childBy(at, byte);
      if (found !== 0) return found;
    }
    return this.root[byte] ?? 0;
  }

  #childBy(node: number, byte: number): number {
    if (node === 0) return this.root[byte] ?? 0;
    let child = this.#child[node] ?? 0;
    while (child !== 0 && this.#byte[child] !== byte) child = this.#sibling[child] ?? 0;
    return child;
  }

  #add({ bytes, label }: SearchedForm): void {
    let node = 0;
    for (const byte of bytes) node = this.#childBy(node, byte) || this.#grow(node, byte, label);
    if (node === 0 || this.matched[node] !== 0) return;
    this.matched[node] = bytes.length;
    this.label[node] = label;
  }

  /** A node that no form ends at has the label of the first form through it. */
  #grow(parent: number, byte: number, label: number): number {
    const node = this.#size++;
    this.#byte[node] = byte;
    this.depth[node] = (this.depth[parent] ?? 0) + 1;
    this.label[node] = label;
    if (parent === 0) {
      this.root[byte] = node;
    } else {
      this.#sibling[node] = this.#child[parent] ?? 0;
      this.#child[parent] = node;
    }
    return node;
  }

  /** Breadth first: where a form can go on when another breaks off, and what ends there as well. */
  #link(): void {
    const queue = new Int32Array(this.#size);
    let filled = 0;
    for (const node of this.root) if (node !== 0) queue[filled++] = node;
    for (let taken = 0; taken < filled; taken++) {
      const node = queue[taken] ?? 0;
      const fallback = this.#fallback[node] ?? 0;
      this.settled[node] = this.#child[node] === 0 ? (this.settled[fallback] ?? 0) : node;
      const children = this.#childrenOf(node);
      if (children.length >= childrenOfRow && this.#rows.length < mostRows) this.#addRow(node, children);
      for (const child of children) {
        this.#linkChild(child, this.next(fallback, this.#byte[child] ?? 0));
        queue[filled++] = child;
      }
    }
  }

  #linkChild(child: number, fallback: number): void {
    this.#fallback[child] = fallback;
    if (this.matched[child] !== 0 || this.matched[fallback] === 0) return;
    this.matched[child] = this.matched[fallback] ?? 0;
    this.label[child] = this.label[fallback] ?? 0;
  }

  #childrenOf(node: number): number[] {
    const children: number[] = [];
    for (let child = this.#child[node] ?? 0; child !== 0; child = this.#sibling[child] ?? 0) children.push(child);
    return children;
  }

  #addRow(node: number, children: readonly number[]): void {
    const fallback = this.#fallback[node] ?? 0;
    const row = Int32Array.from({ length: 256 }, (_, byte) => this.next(fallback, byte));
    for (const child of children) row[this.#byte[child] ?? 0] = child;
    this.#rowOf[node] = this.#rows.push(row);
  }
}

/** The root and one node for each beginning that forms do not share: in order, each shares most with the one before. */
function nodesOf(forms: readonly SearchedForm[]): number {
  const sorted = forms.map(({ bytes }) => bytes).sort((one, other) => Buffer.compare(one, other));
  return sorted.reduce((sum, bytes, index) => sum + bytes.length - sharedLength(bytes, sorted[index - 1]), 1);
}

function sharedLength(bytes: Uint8Array, other: Uint8Array | undefined): number {
  let length = 0;
  while (length < bytes.length && bytes[length] === other?.[length]) length++;
  return length;
}

/** So many skipped bytes in a row end what was begun: a line break and its indentation fit. */
const mostSkipped = 64;

/** Reads a stream chunk by chunk and says where forms lie in it, also over the edges of chunks. */
export class StreamSearch {
  readonly #automaton: ByteAutomaton;
  readonly #skipped = new Uint8Array(256);
  /** Places of the last bytes that count, in a ring that has room for the longest form. */
  readonly #places: Float64Array;
  readonly #mask: number;
  #counted = 0;
  #skippedInARow = 0;
  #node = 0;
  #position = 0;

  /** @param skipped bytes that may stand anywhere inside of a form; none of them may be part of one. */
  constructor(automaton: ByteAutomaton, skipped: Uint8Array = new Uint8Array()) {
    this.#automaton = automaton;
    for (const byte of skipped) this.#skipped[byte] = 1;
    this.#mask = 2 ** Math.ceil(Math.log2(automaton.longest + 1)) - 1;
    this.#places = new Float64Array(this.#mask + 1);
  }

  /** The first byte that what follows may still make a part of a match; the end of the stream when there is none. */
  get begun(): number {
    return this.unfinished(1)?.start ?? this.#position;
  }

  /** What was begun, if that is at least so many bytes of a form. */
  unfinished(least: number): Found | undefined {
    const length = this.#automaton.depth[this.#node] ?? 0;
    if (length < least) return undefined;
    return { start: this.#startOf(length), end: this.#startOf(1) + 1, label: this.#automaton.label[this.#node] ?? 0 };
  }

  /** Calls back for the longest form that ends at each byte, in order of the ends. */
  scan(chunk: Uint8Array, onFound: (found: Found) => void): void {
    const { root, settled, matched, label } = this.#automaton;
    const from = this.#position;
    let node = this.#node;
    for (let at = 0; at < chunk.length; at++) {
      // nearly every byte of nearly every stream begins nothing
      if (node === 0) while (at < chunk.length && root[chunk[at] ?? 0] === 0) at++;
      if (at === chunk.length) break;
      const byte = chunk[at] ?? 0;
      if (this.#skipped[byte] === 1) {
        if (++this.#skippedInARow > mostSkipped) node = 0;
        continue;
      }
      const reached = this.#automaton.next(node, byte);
      node = settled[reached] ?? 0;
      if (reached === 0) continue;
      this.#count(from + at);
      const length = matched[reached] ?? 0;
      if (length !== 0) onFound({ start: this.#startOf(length), end: from + at + 1, label: label[reached] ?? 0 });
    }
    this.#node = node;
    this.#position = from + chunk.length;
  }

  #count(place: number): void {
    this.#skippedInARow = 0;
    this.#places[this.#counted++ & this.#mask] = place;
  }

  /** Where the last `length` bytes that count began. */
  #startOf(length: number): number {
    return this.#places[(this.#counted - length) & this.#mask] ?? 0;
  }
}
