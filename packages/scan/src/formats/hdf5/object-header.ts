import { ByteReader } from '../../bytes/byte-reader.ts';
import { type ByteSource, NotUnderstood, PartSource } from '../../bytes/source.ts';
import { type Metadata, requireAddress, requireSignature, sized } from './metadata.ts';

/** Types of messages (Specification IV.A.2) that are understood; all others end the reading. */
export const messageTypes = {
  nil: 0x00,
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFillValue: 0x04,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  groupInfo: 0x0a,
  filters: 0x0b,
  attribute: 0x0c,
  comment: 0x0d,
  oldModified: 0x0e,
  continuation: 0x10,
  symbolTable: 0x11,
  modified: 0x12,
  treeValues: 0x13,
  attributeInfo: 0x15,
  referenceCount: 0x16,
  freeSpace: 0x17,
} as const;

const known: ReadonlySet<number> = new Set(Object.values(messageTypes));

export interface Message {
  readonly type: number;
  /** What it says lies elsewhere: the body is a reference. */
  readonly isShared: boolean;
  readonly body: ByteSource;
  /** Address of the body. */
  readonly at: number;
}

interface Chunk {
  readonly at: number;
  readonly length: number;
}

/** All messages of an object, those of its continuations too. @throws NotUnderstood for what is not one */
export function messagesOf(metadata: Metadata, address: number): Message[] {
  const isNew = Buffer.from(metadata.block(address, 4).read(0, 4)).toString('latin1') === 'OHDR';
  const header = isNew ? newHeader(metadata, address) : oldHeader(metadata, address);
  const messages: Message[] = [];
  const chunks: Chunk[] = [header.first];
  const seen = new Set<number>();
  for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
    if (seen.has(chunk.at)) throw new NotUnderstood('an object header continues in itself', chunk.at);
    seen.add(chunk.at);
    for (const message of messagesIn(metadata, chunk, header)) {
      if (message.type === messageTypes.continuation) chunks.push(continuation(metadata, message, isNew));
      else if (message.type !== messageTypes.nil) messages.push(message);
    }
  }
  return messages;
}

interface Header {
  readonly first: Chunk;
  readonly isNew: boolean;
  /** Whether each message has an order of creation. */
  readonly isOrdered: boolean;
}

/** Version 1: IV.A.1.a. */
function oldHeader(metadata: Metadata, address: number): Header {
  const reader = metadata.reader(address, 16);
  const version = reader.u8();
  if (version !== 1) throw new NotUnderstood(`an object header of version ${version}`, address);
  reader.skip(1 + 2 + 4);
  return { first: { at: address + 16, length: reader.u32() }, isNew: false, isOrdered: false };
}

/** Version 2: IV.A.1.b. */
function newHeader(metadata: Metadata, address: number): Header {
  const prefix = metadata.reader(address, 6);
  prefix.skip(4);
  const version = prefix.u8();
  if (version !== 2) throw new NotUnderstood(`an object header of version ${version}`, address);
  const flags = prefix.u8();
  const skipped = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const width = 2 ** (flags & 3);
  const length = sized(metadata.reader(address + skipped, width), width);
  return { first: { at: address + skipped + width, length }, isNew: true, isOrdered: (flags & 4) !== 0 };
}

function continuation(metadata: Metadata, { body }: Message, isNew: boolean): Chunk {
  const reader = new ByteReader(body);
  const at = requireAddress(reader, 'a continuation');
  const length = reader.length64();
  if (!isNew) return { at, length };
  if (length < 8) throw new NotUnderstood('a continuation is too short', at);
  requireSignature(metadata.reader(at, 4), 'OCHK', at);
  return { at: at + 4, length: length - 8 };
}

function* messagesIn(metadata: Metadata, { at, length }: Chunk, { isNew, isOrdered }: Header): Generator<Message> {
  const block = metadata.block(at, length);
  const reader = new ByteReader(block);
  const head = isNew ? 4 + (isOrdered ? 2 : 0) : 8;
  while (reader.left >= head) {
    const type = isNew ? reader.u8() : reader.u16();
    const size = reader.u16();
    const flags = reader.u8();
    reader.skip(isNew ? head - 4 : 3);
    if (!known.has(type)) throw new NotUnderstood(`a message of the unknown type ${type}`, at + reader.at);
    const body = new PartSource(block, reader.at, size);
    yield { type, isShared: (flags & 2) !== 0, body, at: at + reader.at };
    reader.skip(size);
  }
}
