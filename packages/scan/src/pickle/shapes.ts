import type { Shape } from '../callables/judge.ts';
import type { Arena } from './arena.ts';
import { BeyondLimit } from './beyond-limit.ts';
import { type Input, latin1 } from './input.ts';
import { forgotten, isContainer, kinds, kindsOf } from './kinds.ts';
import { immense, intOf, rawUnicodeOf, stringOf } from './text-values.ts';

/** Bytes of a text that a judge sees, and of one that is a name. */
const mostText = 2 ** 14;
/** Items of all levels of one argument that a judge sees, and levels. */
const mostItems = 600;
const deepest = 12;
const cacheEntries = 2048;

/** Where the content of a string is, behind its opcode and its length. */
export interface Content {
  readonly start: number;
  readonly length: number;
  /** How the bytes are text; undefined for bytes. */
  readonly text: 'utf-8' | 'latin1' | 'quoted' | 'escaped' | undefined;
}

/** Makes shapes of values: what strings and long numbers hold is read again from their opcodes. */
export class Shapes {
  readonly #input: Input;
  readonly #arena: Arena;
  readonly #made: (kind: number, value: number) => Shape;
  readonly #strings = new Map<number, Shape>();
  #room = 0;

  /** @param made gives the shapes of references and results */
  constructor(input: Input, arena: Arena, made: (kind: number, value: number) => Shape) {
    this.#input = input;
    this.#arena = arena;
    this.#made = made;
  }

  /** The shape of a value, with as many items as a judge may want to see. */
  of(kind: number, value: number): Shape {
    this.#room = mostItems;
    return this.#shape(kind, value, 0);
  }

  /** The items of a tuple, a list or a set, or of what else can be spread; undefined where not all are known. */
  itemsOf(kind: number, value: number): readonly Shape[] | undefined {
    const shape = this.of(kind, value);
    if (shape.kind === 'dict') return shape.more ? undefined : shape.entries.map(([key]) => key);
    if (!('items' in shape)) return undefined;
    return shape.more ? undefined : shape.items;
  }

  #shape(kind: number, value: number, depth: number): Shape {
    if (isContainer(kind)) return this.#container(kind, value, depth);
    switch (kind) {
      case kinds.none:
        return { kind: 'none' };
      case kinds.bool:
        return { kind: 'bool', value: value === 1 };
      case kinds.int:
        return { kind: 'int', value: BigInt(value) };
      case kinds.long:
        return { kind: 'int', value: this.#long(value) };
      case kinds.float:
        return { kind: 'float', value };
      case kinds.str:
      case kinds.bytes:
      case kinds.bytearray:
        return this.#string(value);
      default:
        return this.#made(kind, value);
    }
  }

  #container(kind: number, value: number, depth: number): Shape {
    const arena = this.#arena;
    const gone = kind >= forgotten;
    const mask = (gone ? value : arena.maskIn(value)) | arena.late;
    const found = kindsOf(mask);
    const open = !gone && depth < deepest && arena.keptOf(value) <= this.#room;
    const items: Shape[] = [];
    if (open) {
      this.#room -= arena.keptOf(value);
      for (const cell of arena.cellsOf(value)) {
        items.push(this.#shape(arena.cells.kinds[cell] ?? 0, arena.cells.values[cell] ?? 0, depth + 1));
      }
    }
    const more = !open || arena.isCut(value);
    const plain = kind & 15;
    if (plain === kinds.dict) {
      const entries: [Shape, Shape][] = [];
      for (let at = 0; at + 1 < items.length; at += 2) {
        const [key, item] = items.slice(at, at + 2);
        if (key !== undefined && item !== undefined) entries.push([key, item]);
      }
      return { kind: 'dict', entries, more, kinds: found };
    }
    const name = plain === kinds.tuple ? 'tuple' : plain === kinds.list ? 'list' : 'frozenset';
    return { kind: plain === kinds.set ? 'set' : name, items, more, kinds: found };
  }

  /** The shape of the string whose opcode is at an offset. */
  #string(at: number): Shape {
    const known = this.#strings.get(at);
    if (known !== undefined) return known;
    const { start, length, text } = this.contentAt(at);
    const shape: Shape =
      text === undefined
        ? { kind: 'bytes', length, read: () => this.#input.source.read(start, length), at: start }
        : this.#text(this.#input.read(start, Math.min(length, mostText)), length, text);
    if (this.#strings.size >= cacheEntries) this.#strings.clear();
    this.#strings.set(at, shape);
    return shape;
  }

  #text(bytes: Uint8Array, length: number, text: NonNullable<Content['text']>): Shape {
    const raw = text === 'utf-8' ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) : latin1(bytes);
    const value = (text === 'quoted' ? stringOf(raw) : text === 'escaped' ? rawUnicodeOf(raw) : raw) ?? raw;
    return { kind: 'str', value, length: Math.max(value.length, length > mostText ? length : 0) };
  }

  /** Where the content of a string opcode is. */
  contentAt(at: number): Content {
    const [opcode = 0, one = 0] = this.#input.read(at, 2);
    switch (opcode) {
      case 0x55: // SHORT_BINSTRING
        return { start: at + 2, length: one, text: 'latin1' };
      case 0x43: // SHORT_BINBYTES
        return { start: at + 2, length: one, text: undefined };
      case 0x8c: // SHORT_BINUNICODE
        return { start: at + 2, length: one, text: 'utf-8' };
      case 0x54: // BINSTRING
        return { start: at + 5, length: this.#u32(at + 1), text: 'latin1' };
      case 0x42: // BINBYTES
        return { start: at + 5, length: this.#u32(at + 1), text: undefined };
      case 0x58: // BINUNICODE
        return { start: at + 5, length: this.#u32(at + 1), text: 'utf-8' };
      case 0x8d: // BINUNICODE8
        return { start: at + 9, length: this.#u64(at + 1), text: 'utf-8' };
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return { start: at + 9, length: this.#u64(at + 1), text: undefined };
      default: // STRING, UNICODE
        return { start: at + 1, length: this.#lineLength(at + 1), text: opcode === 0x53 ? 'quoted' : 'escaped' };
    }
  }

  #u32(at: number): number {
    const bytes = this.#input.read(at, 4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  }

  #u64(at: number): number {
    return this.#u32(at) + this.#u32(at + 4) * 2 ** 32;
  }

  #lineLength(start: number): number {
    for (let length = 256; ; length *= 4) {
      const bytes = this.#input.read(start, Math.min(length, this.#input.size - start));
      const newline = bytes.indexOf(0x0a);
      if (newline >= 0) return newline;
      if (bytes.length < length) return bytes.length;
    }
  }

  /** The int of LONG, LONG1 and LONG4; of one that is very long, only that it is. */
  #long(at: number): bigint {
    const [opcode = 0, one = 0] = this.#input.read(at, 2);
    if (opcode === 0x4c || opcode === 0x49) {
      const digits = this.#lineLength(at + 1);
      if (digits > mostText) return immense;
      const text = latin1(this.#input.read(at + 1, digits)).replace(/L$/, '');
      return intOf(text, false)?.value ?? immense;
    }
    const [start, length] = opcode === 0x8a ? [at + 2, one] : [at + 5, this.#u32(at + 1)];
    return length > mostText ? immense : littleEndian(this.#input.read(start, length));
  }
}

/** An int as LONG1 has it: two's complement, least byte first. */
function littleEndian(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  const hex = Buffer.from(bytes).reverse().toString('hex');
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`));
}

/** A text that has to be known as a whole, as the names of STACK_GLOBAL have. */
export function wholeText(shape: Shape): string | undefined {
  if (shape.kind !== 'str') return undefined;
  if (shape.length > mostText) throw new BeyondLimit(`a name of ${shape.length} bytes`);
  return shape.value;
}
