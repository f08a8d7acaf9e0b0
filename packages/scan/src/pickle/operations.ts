import { NotUnderstood } from '../bytes/source.ts';
import * as containers from './containers.ts';
import { kinds } from './kinds.ts';
import type { Machine } from './machine.ts';
import * as objects from './objects.ts';
import { floatOf, intOf, rawUnicodeOf, stringOf } from './text-values.ts';

type Operation = (machine: Machine) => void;

const highestProtocol = 5;

/** Digits and what else a number has: longer ones loaders refuse. */
const longestNumber = 2 ** 17;

/** Reads a line. What only `pickle.py` takes for one, at the end of the file, nothing can follow. */
function line(machine: Machine, most?: number): string {
  const { text, whole } = machine.input.line(most);
  if (!whole) throw new NotUnderstood('it ends within a line', machine.at);
  return text;
}

function bad(machine: Machine, what: string): never {
  throw new NotUnderstood(what, machine.at);
}

/** INT: `00` and `01` are False and True; for `_pickle.c` whatever two characters are 0 or 1. */
function int(machine: Machine): void {
  const flag = machine.input.flag();
  const value = flag < 0 ? machine.input.decimal() : flag;
  if (value >= 0) {
    machine.push(flag < 0 ? kinds.int : kinds.bool, value);
    return;
  }
  const text = line(machine, longestNumber);
  if (text === '00' || text === '01') {
    machine.push(kinds.bool, text === '01' ? 1 : 0);
    return;
  }
  pushInt(machine, text, true);
}

function long(machine: Machine): void {
  pushInt(machine, line(machine, longestNumber).replace(/L$/, ''), false);
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
  const read = floatOf(line(machine, longestNumber));
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
  pushOld(machine, /^[\0-\x7f]*$/.test(value));
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
  const length = machine.input.plainLine();
  if (length >= 0) {
    machine.push(kinds.str, machine.at);
    if (length >= 12) machine.around.string(machine.at + 1, length, true, machine.input);
    return;
  }
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
  const length = (input.i32() >>> 0) + (input.i32() >>> 0) * 2 ** 32;
  if (machine.frameEnd < Number.POSITIVE_INFINITY && machine.frameEnd > input.at) {
    around.misframed('a frame starts within another one', at);
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
  const value = machine.input.decimal();
  if (value >= 0) return value;
  const text = line(machine, longestNumber);
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

/* eslint-disable @typescript-eslint/no-confusing-void-expression -- one opcode a line, as in `pickletools.opcodes` */

/** Opcode, name, what it does. */
const table: readonly (readonly [opcode: number, name: string, operation: Operation])[] = [
  [0x28, 'MARK', (m) => m.stack.mark()],
  [0x29, 'EMPTY_TUPLE', (m) => m.push(kinds.tuple, m.arena.empty)],
  [0x2e, 'STOP', (m) => m.stop()],
  [0x30, 'POP', pop],
  [0x31, 'POP_MARK', (m) => void (m.stack.size = m.unmark())],
  [0x32, 'DUP', duplicate],
  [0x42, 'BINBYTES', (m) => m.raw(kinds.bytes, m.input.i32() >>> 0)],
  [0x43, 'SHORT_BINBYTES', (m) => m.raw(kinds.bytes, m.input.u8())],
  [0x46, 'FLOAT', float],
  [0x47, 'BINFLOAT', (m) => m.push(kinds.float, m.input.f64())],
  [0x49, 'INT', int],
  [0x4a, 'BININT', (m) => m.push(kinds.int, m.input.i32())],
  [0x4b, 'BININT1', (m) => m.push(kinds.int, m.input.u8())],
  [0x4c, 'LONG', long],
  [0x4d, 'BININT2', (m) => m.push(kinds.int, m.input.u16())],
  [0x4e, 'NONE', push(kinds.none)],
  [0x50, 'PERSID', objects.persistentLine],
  [0x51, 'BINPERSID', objects.persistentValue],
  [0x52, 'REDUCE', objects.reduce],
  [0x53, 'STRING', string],
  [0x54, 'BINSTRING', (m) => oldString(m, m.input.i32())],
  [0x55, 'SHORT_BINSTRING', (m) => oldString(m, m.input.u8())],
  [0x56, 'UNICODE', unicode],
  [0x58, 'BINUNICODE', (m) => m.text(m.input.i32() >>> 0)],
  [0x5d, 'EMPTY_LIST', (m) => m.push(kinds.list, m.make())],
  [0x61, 'APPEND', containers.append],
  [0x62, 'BUILD', objects.build],
  [0x63, 'GLOBAL', objects.global],
  [0x64, 'DICT', (m) => containers.collect(m, kinds.dict)],
  [0x65, 'APPENDS', (m) => containers.addMarked(m, 'list')],
  [0x67, 'GET', (m) => m.get(index(m))],
  [0x68, 'BINGET', (m) => m.get(m.input.u8())],
  [0x69, 'INST', objects.instance],
  [0x6a, 'LONG_BINGET', (m) => m.get(m.input.i32() >>> 0)],
  [0x6c, 'LIST', (m) => containers.collect(m, kinds.list)],
  [0x6f, 'OBJ', objects.object],
  [0x70, 'PUT', (m) => m.put(index(m))],
  [0x71, 'BINPUT', (m) => m.put(m.input.u8())],
  [0x72, 'LONG_BINPUT', (m) => m.put(m.input.i32() >>> 0)],
  [0x73, 'SETITEM', containers.setItem],
  [0x74, 'TUPLE', (m) => containers.collect(m, kinds.tuple)],
  [0x75, 'SETITEMS', (m) => containers.addMarked(m, 'dict')],
  [0x7d, 'EMPTY_DICT', (m) => m.push(kinds.dict, m.make())],
  [0x80, 'PROTO', protocol],
  [0x81, 'NEWOBJ', (m) => objects.newObject(m, false)],
  [0x82, 'EXT1', (m) => objects.extension(m, m.input.u8())],
  [0x83, 'EXT2', (m) => objects.extension(m, m.input.u16())],
  [0x84, 'EXT4', (m) => objects.extension(m, m.input.i32())],
  [0x85, 'TUPLE1', (m) => containers.collectLast(m, 1)],
  [0x86, 'TUPLE2', (m) => containers.collectLast(m, 2)],
  [0x87, 'TUPLE3', (m) => containers.collectLast(m, 3)],
  [0x88, 'NEWTRUE', push(kinds.bool, 1)],
  [0x89, 'NEWFALSE', push(kinds.bool, 0)],
  [0x8a, 'LONG1', (m) => longBytes(m, m.input.u8())],
  [0x8b, 'LONG4', (m) => longBytes(m, m.input.i32())],
  [0x8c, 'SHORT_BINUNICODE', (m) => m.text(m.input.u8())],
  [0x8d, 'BINUNICODE8', (m) => m.text(m.input.length64())],
  [0x8e, 'BINBYTES8', (m) => m.raw(kinds.bytes, m.input.length64())],
  [0x8f, 'EMPTY_SET', (m) => m.push(kinds.set, m.make())],
  [0x90, 'ADDITEMS', (m) => containers.addMarked(m, 'set')],
  [0x91, 'FROZENSET', (m) => containers.collect(m, kinds.frozenset)],
  [0x92, 'NEWOBJ_EX', (m) => objects.newObject(m, true)],
  [0x93, 'STACK_GLOBAL', objects.stackGlobal],
  [0x94, 'MEMOIZE', (m) => m.put(m.memo.size)],
  [0x95, 'FRAME', frame],
  [0x96, 'BYTEARRAY8', (m) => m.raw(kinds.bytearray, m.input.length64())],
  [0x97, 'NEXT_BUFFER', nextBuffer],
  [0x98, 'READONLY_BUFFER', readOnly],
];

/* eslint-enable @typescript-eslint/no-confusing-void-expression */

/** By opcode. */
export const operations: readonly (Operation | undefined)[] = Array.from(
  { length: 256 },
  (_, opcode) => table.find(([of]) => of === opcode)?.[2],
);

export function isOpcode(byte: number): boolean {
  return operations[byte] !== undefined;
}
