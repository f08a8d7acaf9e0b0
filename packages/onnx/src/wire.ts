import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { OnnxError } from './errors.ts';
import type { Limits } from './limits.ts';
import type { OutlineWriter } from './outline-writer.ts';
import { type RandomAccess, Window } from './random-access.ts';

/*
 * A walk over the bytes before anything is built from them. A protobuf decoder makes an object of a few hundred bytes
 * from every two bytes of a hostile file, merges what is said twice, and keeps what it does not know; readers that
 * differ in any of this see different models. Here all three end the reading.
 * https://protobuf.dev/programming-guides/encoding/
 */

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;
type WireType = typeof VARINT | typeof FIXED64 | typeof LENGTH | typeof FIXED32;

interface Walk {
  readonly window: Window;
  /** Takes what is walked over, but for raw weights. */
  readonly outline: OutlineWriter | undefined;
  readonly limits: Limits;
  at: number;
  messages: number;
  entries: number;
  readonly counts: Map<string, number>;
}

/**
 * Checks that a file is one message of `schema` within `limits`, with known fields only, each singular one once.
 * @param outline takes a copy without raw weights
 * @throws OnnxError HF_ONNX_MALFORMED, HF_ONNX_LIMIT; what `file` throws
 */
export function checkWire(file: RandomAccess, schema: DescMessage, limits: Limits, outline?: OutlineWriter): void {
  if (file.size > limits.fileBytes) tooMany('fileBytes', limits.fileBytes, 0);
  const window = new Window(file);
  const walk: Walk = { window, outline, limits, at: 0, messages: 0, entries: 0, counts: new Map() };
  walkMessage(walk, schema, file.size, 1);
}

function walkMessage(walk: Walk, schema: DescMessage, end: number, depth: number): void {
  const { limits } = walk;
  if (depth > limits.depth) tooMany('depth', limits.depth, walk.at);
  if (++walk.messages > limits.messages) tooMany('messages', limits.messages, walk.at);
  countKind(walk, schema.typeName);
  const fields = fieldsOf(schema);
  const seen = new Set<string>();
  while (walk.at < end) {
    const start = walk.at;
    const tag = readVarint(walk, end);
    const field = fields.get(Math.floor(tag / 8));
    if (field === undefined) malformed(`field ${Math.floor(tag / 8)} of ${schema.name} is not known`, start);
    const once = field.oneof?.name ?? field.name;
    if (field.fieldKind !== 'list' && seen.has(once)) malformed(`\`${once}\` of ${schema.name} is given twice`, start);
    seen.add(once);
    copy(walk, start, walk.at);
    walkField(walk, field, tag % 8, end, depth);
  }
}

function walkField(walk: Walk, field: DescField, wire: number, end: number, depth: number): void {
  const isList = field.fieldKind === 'list';
  const expected = wireTypeOf(field);
  // A list of numbers may be packed or not, whatever its declaration says (encoding, "packed repeated fields").
  const packed = isList && wire === LENGTH && expected !== LENGTH;
  if (wire !== expected && !packed) malformed(`\`${field.name}\` has wire type ${wire}`, walk.at);
  if (isList && !packed && !field.message) countEntry(walk, wire === LENGTH ? 4 : 1);
  const start = walk.at;
  if (wire !== LENGTH) {
    readNumber(walk, field, expected, end);
    copy(walk, start, walk.at);
    return;
  }
  const inner = readEnd(walk, end);
  if (field.message && !packed) {
    const patch = walk.outline?.open();
    walkMessage(walk, field.message, inner, depth + 1);
    if (patch !== undefined) walk.outline?.close(patch);
  } else if (field.parent.typeName === 'onnx.TensorProto' && field.name === 'raw_data') {
    walk.outline?.omit(inner - walk.at);
  } else {
    copy(walk, start, inner);
    if (packed) walkPacked(walk, field, expected, inner);
    else if (field.scalar === ScalarType.STRING) checkText(walk, field.name, inner);
  }
  walk.at = inner;
}

/** Hands the outline a piece of the file. */
function copy({ outline, window, limits }: Walk, start: number, end: number): void {
  if (outline === undefined) return;
  if (outline.length + (end - start) > limits.outlineBytes) tooMany('outlineBytes', limits.outlineBytes, start);
  outline.add(window.range(start, end));
}

/** Reads a length and returns where what it measures ends. */
function readEnd(walk: Walk, end: number): number {
  const start = walk.at;
  const length = readVarint(walk, end);
  if (length > end - walk.at)
    malformed(`a length of ${length} bytes goes beyond the ${end - walk.at} that are left`, start);
  return walk.at + length;
}

function walkPacked(walk: Walk, field: DescField, wire: WireType, end: number): void {
  while (walk.at < end) {
    countEntry(walk, 1);
    readNumber(walk, field, wire, end);
  }
}

function readNumber(walk: Walk, field: DescField, wire: WireType, end: number): void {
  const start = walk.at;
  if (wire === VARINT) {
    const value = readVarint(walk, end);
    // A closed enum (proto2): a number that is not in it would be set aside in silence.
    const known = field.enum === undefined || field.enum.values.some(({ number }) => number === value);
    if (!known) malformed(`\`${field.name}\` has the unknown value ${value}`, start);
    return;
  }
  walk.at += wire === FIXED64 ? 8 : 4;
  if (walk.at > end) malformed(`\`${field.name}\` is cut short`, start);
}

/** A varint of at most ten bytes. Above 2^53 it is not exact, which is still far above every limit. */
function readVarint(walk: Walk, end: number): number {
  const start = walk.at;
  let value = 0;
  for (let index = 0; index < 10; index++) {
    const byte = walk.at < end ? walk.window.byte(walk.at) : undefined;
    if (byte === undefined) malformed('the file is cut short', start);
    walk.at += 1;
    value += (byte % 128) * 2 ** (7 * index);
    if (byte < 128) return value;
  }
  return malformed('a number is longer than ten bytes', start);
}

// fatal: names that differ in broken bytes only would become one name. ignoreBOM: a mark is part of the name.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function checkText(walk: Walk, name: string, end: number): void {
  if (end - walk.at > walk.limits.textBytes) tooMany('textBytes', walk.limits.textBytes, walk.at);
  const text = walk.window.range(walk.at, end);
  try {
    utf8.decode(text);
  } catch (cause) {
    throw new OnnxError('HF_ONNX_MALFORMED', `\`${name}\` is not UTF-8`, { where: `byte ${walk.at}`, cause });
  }
}

function countEntry(walk: Walk, weight: number): void {
  walk.entries += weight;
  if (walk.entries > walk.limits.entries) tooMany('entries', walk.limits.entries, walk.at);
}

const counted = new Map<string, 'nodes' | 'tensors'>([
  ['onnx.NodeProto', 'nodes'],
  ['onnx.TensorProto', 'tensors'],
]);

function countKind(walk: Walk, typeName: string): void {
  const limit = counted.get(typeName);
  if (limit === undefined) return;
  const count = (walk.counts.get(limit) ?? 0) + 1;
  walk.counts.set(limit, count);
  if (count > walk.limits[limit]) tooMany(limit, walk.limits[limit], walk.at);
}

/** ONNX has no other numbers than float, double, and varints: int32, int64, uint64 and enums. */
function wireTypeOf({ message, scalar }: DescField): WireType {
  if (message !== undefined || scalar === ScalarType.STRING || scalar === ScalarType.BYTES) return LENGTH;
  if (scalar === ScalarType.FLOAT) return FIXED32;
  return scalar === ScalarType.DOUBLE ? FIXED64 : VARINT;
}

const fieldMaps = new WeakMap<DescMessage, ReadonlyMap<number, DescField>>();

function fieldsOf(schema: DescMessage): ReadonlyMap<number, DescField> {
  let fields = fieldMaps.get(schema);
  if (fields === undefined) {
    fields = new Map(schema.fields.map((field) => [field.number, field]));
    fieldMaps.set(schema, fields);
  }
  return fields;
}

function malformed(message: string, at: number): never {
  throw new OnnxError('HF_ONNX_MALFORMED', message, { where: `byte ${at}` });
}

function tooMany(limit: keyof Limits, most: number, at: number): never {
  throw new OnnxError('HF_ONNX_LIMIT', `the model exceeds \`${limit}\`: ${most}`, { where: `byte ${at}` });
}
