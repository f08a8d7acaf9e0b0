import { type ByteSource, NotUnderstood } from '../bytes/source.ts';
import type { Shape } from '../callables/judge.ts';
import { Arena } from './arena.ts';
import type { Calls, Value } from './calls.ts';
import * as containers from './containers.ts';
import { Input } from './input.ts';
import { forgotten, isContainer, kinds } from './kinds.ts';
import { runLane } from './lane.ts';
import { type Before, Memo } from './memo.ts';
import { operations } from './operations.ts';
import { Shapes } from './shapes.ts';
import { Stack } from './stack.ts';
import { skipUtf8 } from './utf8.ts';

/** What a machine may take: entries of nine bytes in stack and memo, and containers with their items. */
const mostMemo = 12 * 2 ** 20;
const mostStack = 2 ** 22;

/** What the machine asks those who run it. */
export interface Surroundings {
  readonly calls: Calls;
  /** What a loader hands in for a persistent id. */
  persistent(id: Shape, at: number): Shape;
  /** Two loaders go on differently from here. */
  odd(message: string, at: number): void;
  /** Frames do not fit: from here on, `pickle.py`, and `_pickle.c` from memory and from a file, each read other bytes. */
  misframed(message: string, at: number): void;
  /** An entry of the extension registry is asked for. */
  extension(code: number, at: number): void;
  /** A string of some length, which may be a payload: `start` is where its content is. */
  string(start: number, length: number, text: boolean, input: Input): void;
  /** BUILD is done, and the value on top may have raw bytes behind it (joblib): what takes its place, if so. */
  built(machine: Machine): Value | undefined;
  /** The window moves. */
  moved(at: number): void;
}

/** FRAME and STOP. */
const frame = 0x95;
const stop = 0x2e;

/** Containers whose items are known at any time. */
const mostContainers = 2 ** 18;

/**
 * Goes through a pickle as CPython's unpicklers do, with symbols instead of values. Where `pickle.py` and `_pickle.c`
 * differ it does what the one does that goes further, and says so.
 *
 * https://github.com/python/cpython/blob/v3.11.7/Lib/pickle.py, Modules/_pickle.c, Lib/pickletools.py
 */
export class Machine {
  readonly input: Input;
  readonly stack = new Stack(mostStack);
  readonly memo: Memo;
  readonly arena: Arena;
  readonly shapes: Shapes;
  readonly around: Surroundings;
  protocol = 0;
  persistentIds = 0;
  /** Opcodes that were tried where bytes stand that may be some. */
  tried = 0;
  /** Where the frame ends that `pickle.py` reads from. */
  frameEnd = Number.POSITIVE_INFINITY;
  /** Offset of the opcode that is being done. */
  at: number;
  /** How many opcodes were begun, and may be. */
  steps = 0;
  readonly most: number;
  #stopped = false;

  /**
   * @param longest line of a text opcode, in bytes
   * @param most opcodes that it does
   * @param before what is in the memo already
   */
  constructor(
    source: ByteSource,
    start: number,
    longest: number,
    around: Surroundings,
    most = Number.POSITIVE_INFINITY,
    before?: Before,
  ) {
    this.memo = new Memo(mostMemo, before);
    this.at = start;
    this.most = most;
    this.around = around;
    this.input = new Input(source, start, longest, (at) => {
      around.moved(at);
    });
    this.arena = new Arena(mostContainers, (reference) => {
      around.calls.kept(reference, this.at);
    });
    this.shapes = new Shapes(this.input, this.arena, (kind, value) => around.calls.shapeOf(kind, value));
  }

  /**
   * Runs up to STOP.
   *
   * @returns the value that is then on top; undefined where it goes on after so many opcodes
   * @throws NotUnderstood for what no loader goes through
   */
  run(): Value | undefined {
    const { input } = this;
    while (!this.#stopped) {
      if (input.end - input.next > 64) this.#lane();
      if (this.steps === this.most) return undefined;
      this.steps += 1;
      this.at = input.base + input.next;
      if (this.at >= this.frameEnd) this.frameEnd = Number.POSITIVE_INFINITY;
      if (!input.more()) throw new NotUnderstood('it ends before STOP', this.at);
      try {
        this.#step(input.bytes[input.next++] ?? 0);
      } finally {
        this.#requireFrame();
      }
    }
    const value = this.pop();
    if (value.kind === kinds.reference) this.around.calls.kept(value.value, this.at);
    return value;
  }

  #lane(): void {
    try {
      runLane(this);
    } finally {
      this.#requireFrame();
    }
  }

  /**
   * Does an opcode that is well within window and frame, after others that were done elsewhere.
   *
   * @param next where it is in the window
   * @param size of the stack
   * @param steps that were begun before
   * @returns false for one that decides where opcodes end, or is none, and where the window has moved
   */
  doWithin(next: number, size: number, steps: number): boolean {
    const { input } = this;
    this.leaveLane(next, size, steps);
    const opcode = input.bytes[next] ?? 0;
    const operation = operations[opcode];
    if (operation === undefined || opcode === frame || opcode === stop) return false;
    const { base } = input;
    this.steps = steps + 1;
    this.at = base + next;
    input.next = next + 1;
    operation(this);
    return input.base === base;
  }

  /** Goes on behind opcodes that were done elsewhere. */
  leaveLane(next: number, size: number, steps: number): void {
    this.input.next = next;
    this.stack.size = size;
    this.steps = steps;
  }

  #step(opcode: number): void {
    const operation = operations[opcode];
    if (operation === undefined) {
      throw new NotUnderstood(`no opcode: 0x${opcode.toString(16).padStart(2, '0')}`, this.at);
    }
    operation(this);
  }

  /** STOP */
  stop(): void {
    this.top();
    this.#stopped = true;
    if (this.frameEnd < Number.POSITIVE_INFINITY && this.frameEnd > this.input.at) {
      this.around.odd('a frame goes on behind STOP: loaders differ on where the next pickle starts', this.at);
    }
  }

  #requireFrame(): void {
    if (this.input.at <= this.frameEnd) return;
    this.around.misframed('an opcode lies across the end of its frame', this.at);
    this.frameEnd = Number.POSITIVE_INFINITY;
  }

  push(kind: number, value: number): void {
    this.stack.push(kind, value);
  }

  /** A string of UTF-8. */
  text(length: number): void {
    this.stack.push(kinds.str, this.at);
    const start = this.input.at;
    if (!skipUtf8(this.input, length)) throw new NotUnderstood('a text that is not UTF-8', this.at);
    if (length >= 12) this.around.string(start, length, true, this.input);
  }

  /** A string of bytes. */
  raw(kind: number, length: number): void {
    this.stack.push(kind, this.at);
    const start = this.input.at;
    this.input.skip(length);
    if (length >= 12) this.around.string(start, length, false, this.input);
  }

  /** A new container. */
  make(): number {
    if (this.arena.full) this.room();
    return this.arena.make();
  }

  /** Makes room for one more container, and all items that it may keep. */
  room(): void {
    if (this.arena.full) this.arena.forget(this.stack, this.stack.size, this.memo.pages());
  }

  /** The number on the stack of the value on top. @throws NotUnderstood where a mark or nothing is there */
  top(): number {
    const { size, fence } = this.stack;
    if (size > fence) return size - 1;
    throw new NotUnderstood('a value is expected on the stack', this.at);
  }

  pop(): Value {
    const at = this.top();
    this.stack.size = at;
    return { kind: this.stack.kinds[at] ?? 0, value: this.stack.values[at] ?? 0 };
  }

  /** Takes the last mark away: the values from the answer on are its items. */
  unmark(): number {
    const from = this.stack.unmark();
    if (from < 0) throw new NotUnderstood('a mark is expected on the stack', this.at);
    return from;
  }

  put(index: number): void {
    const at = this.top();
    const kind = this.stack.kinds[at] ?? 0;
    const value = this.stack.values[at] ?? 0;
    this.memo.put(index, kind, value);
    if (kind === kinds.reference) this.#remember(value, index);
  }

  #remember(number: number, index: number): void {
    const named = this.around.calls.references[number];
    if (named !== undefined) named.memo ??= index;
  }

  get(index: number): void {
    const kind = this.memo.kindAt(index);
    if (kind === undefined) throw new NotUnderstood(`memo ${index} was never put`, this.at);
    this.stack.push(kind, this.memo.valueAt(index));
  }

  shapeOf({ kind, value }: Value): Shape {
    return this.shapes.of(kind, value);
  }

  /** Whether a value is a container that the machine keeps itself, and no call made. */
  isContainer({ kind }: Value): boolean {
    return isContainer(kind);
  }

  /** Refuses what cannot be the key of a dict, or in a set. */
  requireHashable(start: number, end: number, step: number): void {
    containers.requireHashable(this, start, end, step);
  }

  /** The kind of a value, whether its items are kept or not. */
  plainKind({ kind }: Value): number {
    return kind >= forgotten ? kind - forgotten : kind;
  }
}
