import { ByteReader } from '../../bytes/byte-reader.ts';
import { type ByteSource, NotUnderstood, PartSource } from '../../bytes/source.ts';
import { type Metadata, requireAddress, requireSignature, textOf } from './metadata.ts';
import { type Message, messageTypes } from './object-header.ts';

export interface Attribute {
  readonly name: string;
  /** Its bytes, as they lie in the file. */
  readonly data: ByteSource;
  /** Its one text. @throws NotUnderstood when it is not one, or longer than `most` bytes */
  text(most: number): string;
}

/** The attributes in an object header (IV.A.2.m). Those of objects with very many lie in a heap: see links.ts. */
export function attributesOf(metadata: Metadata, messages: readonly Message[]): Attribute[] {
  return messages
    .filter(({ type }) => type === messageTypes.attribute)
    .map((message) => attributeOf(metadata, message));
}

function attributeOf(metadata: Metadata, { body, at, isShared }: Message): Attribute {
  const reader = new ByteReader(body);
  const version = reader.u8();
  if (version < 1 || version > 3 || isShared) throw new NotUnderstood(`an attribute of version ${version}`, at);
  const flags = reader.u8();
  const nameSize = reader.u16();
  const datatypeSize = reader.u16();
  const dataspaceSize = reader.u16();
  if (version === 3) reader.skip(1);
  // Version 1 pads each to a multiple of eight bytes; the last may end with the message.
  const next = (size: number): ByteSource => {
    const start = reader.at;
    reader.skip(Math.min(version === 1 ? Math.ceil(size / 8) * 8 : size, Math.max(size, reader.left)));
    return new PartSource(body, start, size);
  };
  const name = next(nameSize);
  const datatype = next(datatypeSize);
  const dataspace = next(dataspaceSize);
  const data = new PartSource(body, reader.at, reader.left);
  return {
    name: textOf(name.read(0, name.size)),
    data,
    text: (most) => {
      if (version > 1 && (flags & 3) !== 0) throw new NotUnderstood('an attribute of a shared type', at);
      requireScalar(dataspace, at);
      return textValue(metadata, datatype, data, most);
    },
  };
}

/** A dataspace (IV.A.2.b) without dimensions. */
function requireScalar(dataspace: ByteSource, at: number): void {
  const [version, rank, , type = 0] = dataspace.read(0, 4);
  if ((version === 1 && rank === 0) || (version === 2 && rank === 0 && type === 0)) return;
  throw new NotUnderstood('an attribute that should be one text is none or several', at);
}

/** Class 3 is a text of a fixed length, class 9 one in the global heap (IV.A.2.d). */
function textValue(metadata: Metadata, datatype: ByteSource, data: ByteSource, most: number): string {
  const reader = new ByteReader(datatype);
  const kind = reader.u8() & 15;
  const bits = reader.u8();
  reader.skip(2);
  const size = reader.u32();
  if (kind === 3 && size <= most) return textOf(data.read(0, size));
  if (kind !== 9 || (bits & 15) !== 1)
    throw new NotUnderstood('an attribute that should be a text is none, or too long');
  const place = new ByteReader(data);
  const length = place.u32();
  if (length > most) throw new NotUnderstood(`a text of ${length} bytes`);
  return length === 0 ? '' : textOf(heapObject(metadata, requireAddress(place, 'a text'), place.u32()).read(0, length));
}

/** An object of a collection in the global heap (III.E). */
function heapObject(metadata: Metadata, at: number, wanted: number): ByteSource {
  const head = metadata.reader(at, 16);
  requireSignature(head, 'GCOL', at);
  if (head.u8() !== 1) throw new NotUnderstood('a global heap of an unknown version', at);
  head.skip(3);
  const size = head.length64();
  const block = metadata.block(at, size);
  const reader = new ByteReader(block, 16);
  while (reader.left >= 16) {
    const index = reader.u16();
    reader.skip(6);
    const length = reader.length64();
    if (index === 0) break;
    if (index === wanted) return new PartSource(block, reader.at, length);
    reader.skip(Math.ceil(length / 8) * 8);
  }
  throw new NotUnderstood('a text that is not in its heap', at);
}
