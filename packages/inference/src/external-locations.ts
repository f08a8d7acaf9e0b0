import { InferenceError } from './errors.ts';
import type { ModelBytes } from './model-bytes.ts';

/**
 * The messages of onnx.proto on the way from a model to the external data of a tensor: by field number, what lies in it. What
 * does not lead there is stepped over. `training_info` is not: the runtime never looks at it.
 */
const messages = {
  Model: { 7: 'Graph', 25: 'Function' },
  Graph: { 1: 'Node', 5: 'Tensor', 15: 'SparseTensor' },
  Function: { 7: 'Node', 11: 'Attribute' },
  Node: { 5: 'Attribute' },
  Attribute: { 5: 'Tensor', 6: 'Graph', 10: 'Tensor', 11: 'Graph', 22: 'SparseTensor', 23: 'SparseTensor' },
  SparseTensor: { 1: 'Tensor', 2: 'Tensor' },
  Tensor: { 13: 'Entry' },
  /** StringStringEntryProto: key and value. */
  Entry: {},
} as const satisfies Record<string, Readonly<Record<number, string>>>;
type Message = keyof typeof messages;

const deepest = 100;
const longestText = 4096;

export interface Field {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Every location of external data that a model names, wherever in it, found in the encoded messages themselves: a location that
 * one reader of protobuf would drop, because it is given twice, is among them.
 * @throws InferenceError HF_INFERENCE_MODEL if the messages are malformed or too deep
 */
export function* externalLocations(bytes: ModelBytes): Generator<string> {
  yield* locationsIn('Model', bytes, { number: 0, start: 0, end: bytes.size }, 0);
}

function* locationsIn(message: Message, bytes: ModelBytes, { start, end }: Field, depth: number): Generator<string> {
  if (depth > deepest) malformed(`messages lie deeper than ${deepest}`, start);
  if (message === 'Entry') {
    yield* locationsOfEntry(bytes, start, end);
    return;
  }
  const inside: Readonly<Record<number, Message>> = messages[message];
  for (const field of fieldsOf(bytes, start, end)) {
    const kind = inside[field.number];
    if (kind !== undefined) yield* locationsIn(kind, bytes, field, depth + 1);
  }
}

function* locationsOfEntry(bytes: ModelBytes, start: number, end: number): Generator<string> {
  const fields = [...fieldsOf(bytes, start, end)];
  const texts = (number: number) =>
    fields.filter((field) => field.number === number).map((field) => textOf(bytes, field));
  if (texts(1).includes('location')) yield* texts(2);
}

function textOf(bytes: ModelBytes, { start, end }: Field): string {
  if (end - start > longestText) malformed(`a text about external data is longer than ${longestText} bytes`, start);
  return new TextDecoder().decode(bytes.range(start, end));
}

/** The fields of a message that hold bytes: protobuf's encoding, wire type 2. */
export function* fieldsOf(bytes: ModelBytes, start: number, end: number): Generator<Field> {
  let at = start;
  const varint = (): number => {
    let value = 0;
    for (let place = 0; place < 10; place += 1) {
      if (at >= end) malformed('a message is cut short', at);
      const byte = bytes.byte(at);
      at += 1;
      value += (byte & 0x7f) * 2 ** (7 * place);
      if (byte < 0x80) return value;
    }
    return malformed('a number is longer than ten bytes', at);
  };
  while (at < end) {
    const tag = varint();
    const wireType = tag % 8;
    if (wireType === 0) varint();
    else if (wireType === 1) at += 8;
    else if (wireType === 5) at += 4;
    else if (wireType === 2) {
      const length = varint();
      if (length > end - at) malformed('a field is longer than what it lies in', at);
      // A tag has 32 bits: what is above them, a reader may drop.
      yield { number: Math.floor(tag / 8) % 2 ** 29, start: at, end: at + length };
      at += length;
    } else malformed(`there is no wire type ${wireType} in ONNX`, at);
    if (at > end) malformed('a message is cut short', at);
  }
}

function malformed(problem: string, at: number): never {
  throw new InferenceError('HF_INFERENCE_MODEL', `the model is not well-formed: ${problem}`, { where: `byte ${at}` });
}
