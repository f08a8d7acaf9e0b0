import { NotUnderstood } from '../bytes/source.ts';
import * as containers from './containers.ts';
import { kinds } from './kinds.ts';
import type { Machine } from './machine.ts';
import * as objects from './objects.ts';
import { floatOf, intOf, rawUnicodeOf, stringOf } from './text-values.ts';

type Operation = (machine: Machine) => void;

const highestProtocol = 5;

/** Reads a line. What only `pickle.py` takes for one, at the end of the file, nothing can follow. */
function line(machine: Machine): string {
  const { text, whole } = machine.input.line();
  if (!whole) throw new NotUnderstood('it ends within a line', machine.at);
  return text;
}

function bad(machine: Machine, what: string): never {
  throw new NotUnderstood(what, machine.at);
}

/** INT: `00` and `01` are False and True; for `_pickle.c` whatever two characters are 0 or 1. */
function int(machine: Machine): void {
  const text = line(machine);
  if (text === '00' || text === '01') {
    machine.push(kinds.bool, text === '01' ? 1 : 0);
    return;
  }
  pushInt(machine, text, true);
}

function long(machine: Machine): void {
  pushInt(machine, line(machine).replace(/L$/, ''), false);
}

function pushInt(machine: Machine, text: string, octal: boolean): void {
  const read = intOf(text, octal);
  if (read === undefined) return bad(machine, 'not an int');
  if (read.odd) machine.around.odd('an int is written as no pickler writes it', machine.at);
  const { value } = read;
  if (value >= -(2n ** 53n) && value <= 2n ** 53n) machine.push(kinds.int, Number(value));
  else machine.push(kinds.long, machine.at);
}

function float(machine: Machine): void {
  const read = floatOf(line(machine));
  if (read === undefined) return bad(machine, 'not a float');
  if (read.odd) machine.around.odd('a float is written as no pickler writes it', machine.at);
  machine.push(kinds.float, read.value);
}

function longBytes(machine: Machine, length: number): void {
  if (length < 0) bad(machine, 'a negative length');
  machine.input.skip(length);
  machine.push(kinds.long, machine.at);
}

function string(machine: Machine): void {
  const text = line(machine);
  const value = stringOf(text);
  if (value === undefined) return bad(machine, 'not a quoted string');
  pushOld(
    machine,
    [...value].every((character) => character < '\x80'),
  );
  if (value.length >= 12) machine.around.string(machine.at + 2, text.length - 2, true, machine.input);
}

/** STRING, BINSTRING, SHORT_BINSTRING: text that is ASCII, unless whoever loads it names another encoding. */
function pushOld(machine: Machine, ascii: boolean): void {
  if (!ascii) machine.around.odd('a string of Python 2 is not ASCII: its meaning depends on who loads it', machine.at);
  machine.push(kinds.str, machine.at);
}

function oldString(machine: Machine, length: number): void {
  if (length < 0) bad(machine, 'a negative length');
  const { input } = machine;
  const start = input.at;
  let ascii = true;
  for (let left = length; left > 0; ) {
    const piece = Math.min(left, 2 ** 20);
    input.need(piece);
    for (let at = input.next; at < input.next + piece; at += 1) if ((input.bytes[at] ?? 0) > 0x7f) ascii = false;
    input.next += piece;
    left -= piece;
  }
  pushOld(machine, ascii);
  if (length >= 12) machine.around.string(start, length, false, input);
}

function unicode(machine: Machine): void {
  const text = line(machine);
  const value = rawUnicodeOf(text);
  if (value === undefined) return bad(machine, 'not an escaped text');
  machine.push(kinds.str, machine.at);
  if (text.length >= 12) machine.around.string(machine.at + 1, text.length, true, machine.input);
}

function protocol(machine: Machine): void {
  const number = machine.input.u8();
  if (number > highestProtocol) bad(machine, `protocol ${number}`);
  machine.protocol = number;
}

function frame(machine: Machine): void {
  const { input, around, at } = machine;
  const length = input.length64();
  if (machine.frameEnd < Number.POSITIVE_INFINITY && machine.frameEnd > input.at) {
    around.odd('a frame starts within another one: `pickle.py` refuses what `_pickle.c` loads', at);
  }
  machine.frameEnd = input.at + length;
  if (machine.frameEnd <= input.size) return;
  around.odd('a frame goes on behind the end of the file: `_pickle.c` refuses what `pickle.py` loads', at);
  machine.frameEnd = Number.POSITIVE_INFINITY;
}

function pop(machine: Machine): void {
  const { stack } = machine;
  if (stack.size > stack.fence) stack.size -= 1;
  else machine.unmark();
}

function duplicate(machine: Machine): void {
  const at = machine.top();
  machine.push(machine.stack.kinds[at] ?? 0, machine.stack.values[at] ?? 0);
}

/** GET and PUT: a number in decimal. */
function index(machine: Machine): number {
  const text = line(machine);
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  const read = intOf(text, false);
  if (read === undefined || read.value < 0n || !/^[^xXoObB]*$/.test(text))
    return bad(machine, 'not a number of the memo');
  machine.around.odd('a number of the memo is written as no pickler writes it', machine.at);
  return Number(read.value);
}

function readOnly(machine: Machine): void {
  const at = machine.top();
  const kind = machine.stack.kinds[at] ?? 0;
  if (kind === kinds.bytes) return;
  if (kind !== kinds.bytearray && kind < kinds.reference) bad(machine, 'a value that is no buffer is made read-only');
  if (kind === kinds.bytearray) machine.stack.kinds[at] = kinds.bytes;
}

function nextBuffer(machine: Machine): void {
  machine.around.odd('it asks for a buffer that is kept elsewhere', machine.at);
  machine.push(kinds.opaque, 0);
}

const push =
  (kind: number, value = 0): Operation =>
  (machine) => {
    machine.push(kind, value);
  };

/** What each opcode does, beside those that are so frequent that the machine does them itself. */
const named: Readonly<Record<number, Operation>> = {
  0x29: (machine) => machine.push(kinds.tuple, machine.arena.empty), // EMPTY_TUPLE
  0x30: pop, // POP
  0x31: (machine) => void (machine.stack.size = machine.unmark()), // POP_MARK
  0x32: duplicate, // DUP
  0x42: (machine) => machine.raw(kinds.bytes, machine.input.i32() >>> 0), // BINBYTES
  0x43: (machine) => machine.raw(kinds.bytes, machine.input.u8()), // SHORT_BINBYTES
  0x46: float, // FLOAT
  0x49: int, // INT
  0x4c: long, // LONG
  0x4e: push(kinds.none), // NONE
  0x50: objects.persistentLine, // PERSID
  0x51: objects.persistentValue, // BINPERSID
  0x52: objects.reduce, // REDUCE
  0x53: string, // STRING
  0x54: (machine) => oldString(machine, machine.input.i32()), // BINSTRING
  0x55: (machine) => oldString(machine, machine.input.u8()), // SHORT_BINSTRING
  0x56: unicode, // UNICODE
  0x61: containers.append, // APPEND
  0x62: objects.build, // BUILD
  0x63: objects.global, // GLOBAL
  0x64: (machine) => containers.collect(machine, kinds.dict), // DICT
  0x65: (machine) => containers.addMarked(machine, 'list'), // APPENDS
  0x67: (machine) => machine.get(index(machine)), // GET
  0x69: objects.instance, // INST
  0x6c: (machine) => containers.collect(machine, kinds.list), // LIST
  0x6f: objects.object, // OBJ
  0x70: (machine) => machine.put(index(machine)), // PUT
  0x73: containers.setItem, // SETITEM
  0x74: (machine) => containers.collect(machine, kinds.tuple), // TUPLE
  0x75: (machine) => containers.addMarked(machine, 'dict'), // SETITEMS
  0x80: protocol, // PROTO
  0x81: (machine) => objects.newObject(machine, false), // NEWOBJ
  0x82: (machine) => objects.extension(machine, machine.input.u8()), // EXT1
  0x83: (machine) => objects.extension(machine, machine.input.u16()), // EXT2
  0x84: (machine) => objects.extension(machine, machine.input.i32()), // EXT4
  0x85: (machine) => containers.collectLast(machine, 1), // TUPLE1
  0x86: (machine) => containers.collectLast(machine, 2), // TUPLE2
  0x87: (machine) => containers.collectLast(machine, 3), // TUPLE3
  0x88: push(kinds.bool, 1), // NEWTRUE
  0x89: push(kinds.bool, 0), // NEWFALSE
  0x8a: (machine) => longBytes(machine, machine.input.u8()), // LONG1
  0x8b: (machine) => longBytes(machine, machine.input.i32()), // LONG4
  0x8d: (machine) => machine.text(machine.input.length64()), // BINUNICODE8
  0x8e: (machine) => machine.raw(kinds.bytes, machine.input.length64()), // BINBYTES8
  0x8f: (machine) => machine.push(kinds.set, machine.make()), // EMPTY_SET
  0x90: (machine) => containers.addMarked(machine, 'set'), // ADDITEMS
  0x91: (machine) => containers.collect(machine, kinds.frozenset), // FROZENSET
  0x92: (machine) => objects.newObject(machine, true), // NEWOBJ_EX
  0x93: objects.stackGlobal, // STACK_GLOBAL
  0x95: frame, // FRAME
  0x96: (machine) => machine.raw(kinds.bytearray, machine.input.length64()), // BYTEARRAY8
  0x97: nextBuffer, // NEXT_BUFFER
  0x98: readOnly, // READONLY_BUFFER
};

/** By opcode. */
export const operations: readonly (Operation | undefined)[] = Array.from({ length: 256 }, (_, opcode) => named[opcode]);

/** Those that the machine does itself. */
const frequent: readonly number[] = [
  ...[0x28, 0x2e, 0x47, 0x4a, 0x4b, 0x4d, 0x58, 0x5d, 0x68, 0x6a, 0x71, 0x72, 0x7d, 0x8c, 0x94],
];

export function isOpcode(byte: number): boolean {
  return operations[byte] !== undefined || frequent.includes(byte);
}
