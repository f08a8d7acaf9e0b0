import { ByteReader } from '../../bytes/byte-reader.ts';
import { MemorySource, NotUnderstood } from '../../bytes/source.ts';
import { addressOf, type Metadata, requireAddress, requireSignature, sized, textOf } from './metadata.ts';
import { type Message, messageTypes } from './object-header.ts';

/** What stands in a group under a name. */
export type Link = { readonly name: string } & (
  | { readonly kind: 'hard'; readonly address: number; readonly cached?: TableAddresses }
  | { readonly kind: 'soft' }
  | { readonly kind: 'external'; readonly file: string }
  | { readonly kind: 'user'; readonly type: number }
);

/** Where the members of an old group are. */
export interface TableAddresses {
  readonly tree: number;
  readonly heap: number;
}

/** The B-tree and the heap of an old group (IV.A.2.r); undefined for what is none. */
export function tableOf(messages: readonly Message[]): TableAddresses | undefined {
  const tables = messages.filter(({ type }) => type === messageTypes.symbolTable);
  const [table] = tables;
  if (table === undefined) return undefined;
  if (tables.length > 1) throw new NotUnderstood('a group with two tables', table.at);
  const reader = new ByteReader(table.body);
  return { tree: requireAddress(reader, 'a B-tree'), heap: requireAddress(reader, 'a heap') };
}

/** Links of a new group, in its object header (IV.A.2.g). Those of large groups lie in a heap, which is not read. */
export function* linkMessages(messages: readonly Message[]): Generator<Link> {
  for (const message of messages) {
    if (message.type === messageTypes.link) yield linkOf(message);
    if (message.type === messageTypes.linkInfo) requireCompact(message, 'links');
    if (message.type === messageTypes.attributeInfo) requireCompact(message, 'attributes');
  }
}

/** Link info (IV.A.2.c) and attribute info (IV.A.2.v) begin alike: flags, a highest index, the address of a heap. */
function requireCompact({ body, at }: Message, what: string): void {
  const reader = new ByteReader(body, 1);
  const isIndexed = (reader.u8() & 1) !== 0;
  reader.skip(isIndexed ? (what === 'links' ? 8 : 2) : 0);
  if (addressOf(reader) !== undefined)
    throw new NotUnderstood(`an object has so many ${what} that they lie in a heap`, at);
}

function linkOf({ body, at, isShared }: Message): Link {
  const reader = new ByteReader(body);
  const version = reader.u8();
  if (version !== 1 || isShared) throw new NotUnderstood(`a link of version ${version}`, at);
  const flags = reader.u8();
  const type = flags & 8 ? reader.u8() : 0;
  reader.skip((flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0));
  const name = reader.text(sized(reader, 2 ** (flags & 3)));
  if (type === 0) return { name, kind: 'hard', address: requireAddress(reader, 'an object') };
  if (type === 1) return { name, kind: 'soft' };
  const value = reader.bytes(reader.u16());
  return type === 64 ? { name, kind: 'external', file: textOf(value.subarray(1)) } : { name, kind: 'user', type };
}

/** The members of an old group: a B-tree (III.A.1) of nodes (III.B) with names in a heap (III.D). */
export function* tableLinks(metadata: Metadata, { tree, heap }: TableAddresses): Generator<Link> {
  const names = heapOf(metadata, heap);
  const nodes = [tree];
  const seen = new Set<number>();
  for (let at = nodes.pop(); at !== undefined; at = nodes.pop()) {
    if (seen.has(at)) throw new NotUnderstood('a B-tree contains itself', at);
    seen.add(at);
    const head = metadata.reader(at, 8);
    if (Buffer.from(head.bytes(4)).toString('latin1') === 'SNOD') yield* symbols(metadata, at, names);
    else nodes.push(...childrenOf(metadata, at));
  }
}

function childrenOf(metadata: Metadata, at: number): number[] {
  const reader = metadata.reader(at, 24);
  requireSignature(reader, 'TREE', at);
  if (reader.u8() !== 0) throw new NotUnderstood('a B-tree of another kind in a group', at);
  reader.skip(1);
  const count = reader.u16();
  const entries = metadata.reader(at + 24, count * 16 + 8);
  return Array.from({ length: count }, () => {
    entries.skip(8);
    return requireAddress(entries, 'a node');
  });
}

function* symbols(metadata: Metadata, at: number, names: (offset: number) => string): Generator<Link> {
  const head = metadata.reader(at, 8);
  head.skip(6);
  const count = head.u16();
  const reader = metadata.reader(at + 8, count * 40);
  for (let index = 0; index < count; index++) {
    const name = names(reader.length64());
    const address = addressOf(reader);
    const cache = reader.u32();
    reader.skip(4);
    const scratch = new ByteReader(new MemorySource(reader.bytes(16)));
    if (cache > 2) throw new NotUnderstood(`a symbol of the unknown kind ${cache}`, at);
    if (cache === 2) yield { name, kind: 'soft' };
    else if (address === undefined) throw new NotUnderstood('a symbol without an object', at);
    else yield { name, kind: 'hard', address, ...(cache === 1 ? { cached: cachedTable(scratch) } : {}) };
  }
}

function cachedTable(scratch: ByteReader): TableAddresses {
  return { tree: requireAddress(scratch, 'a B-tree'), heap: requireAddress(scratch, 'a heap') };
}

/** Reads names from a local heap (III.D). */
function heapOf(metadata: Metadata, at: number): (offset: number) => string {
  const reader = metadata.reader(at, 32);
  requireSignature(reader, 'HEAP', at);
  if (reader.u8() !== 0) throw new NotUnderstood('a heap of an unknown version', at);
  reader.skip(3);
  const size = reader.length64();
  reader.skip(8);
  const data = metadata.block(requireAddress(reader, 'a heap'), size);
  return (offset) => {
    if (offset >= size) throw new NotUnderstood('a name beyond its heap', at);
    return textOf(data.read(offset, Math.min(size - offset, 2 ** 16)));
  };
}
