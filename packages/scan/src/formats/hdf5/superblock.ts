import { ByteReader } from '../../bytes/byte-reader.ts';
import { type ByteSource, NotUnderstood, PartSource } from '../../bytes/source.ts';
import { addressOf, requireAddress } from './metadata.ts';

const signature = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');

/** What a file says of itself first (Specification II.A). */
export interface Superblock {
  /** Bytes before it, which are the user's own. */
  readonly userBlock: number;
  /** The file from the superblock to the end that it names. */
  readonly file: ByteSource;
  /** Bytes behind that end. */
  readonly behind: number;
  /** Address of the object header of the root group. */
  readonly root: number;
  /** The addresses of the root group's B-tree and heap, where the superblock repeats them. */
  readonly cached: { readonly tree: number; readonly heap: number } | undefined;
  /** Address of the object header of its extension. */
  readonly extension: number | undefined;
}

/** Where the signature is: at 0, 512, and each double of it. */
export function superblockOffset(source: ByteSource): number | undefined {
  for (let at = 0; at + 8 <= source.size; at = at === 0 ? 512 : at * 2) {
    if (signature.equals(source.read(at, 8))) return at;
  }
  return undefined;
}

/** @throws NotUnderstood for other versions and sizes than libraries write */
export function readSuperblock(source: ByteSource): Superblock {
  const userBlock = superblockOffset(source);
  if (userBlock === undefined) throw new NotUnderstood('there is no superblock', 0);
  const whole = new PartSource(source, userBlock, source.size - userBlock);
  const reader = new ByteReader(whole, 8);
  const version = reader.u8();
  if (version > 3) throw new NotUnderstood(`a superblock of version ${version}`, userBlock + 8);
  const { end, ...more } = version < 2 ? readOld(reader, version, userBlock) : readNew(reader, userBlock);
  if (end > whole.size) throw new NotUnderstood(`cut short: ${end} bytes are expected, of ${whole.size}`);
  return { userBlock, file: new PartSource(whole, 0, end), behind: whole.size - end, ...more };
}

function readOld(reader: ByteReader, version: number, userBlock: number) {
  if (reader.u8() !== 0 || reader.u8() !== 0) throw new NotUnderstood('an unknown version of free space or root group');
  reader.skip(1);
  if (reader.u8() !== 0) throw new NotUnderstood('an unknown version of shared messages');
  requireSizes(reader);
  reader.skip(1 + 2 + 2 + 4 + (version === 1 ? 4 : 0));
  requireBase(reader, userBlock);
  addressOf(reader);
  const end = requireAddress(reader, 'the end') - userBlock;
  if (addressOf(reader) !== undefined) throw new NotUnderstood('it is spread over several files by a driver');
  reader.skip(8);
  const root = requireAddress(reader, 'the root group');
  const isCached = reader.u32() === 1;
  reader.skip(4);
  const [tree, heap] = [addressOf(reader), addressOf(reader)];
  const cached = isCached && tree !== undefined && heap !== undefined ? { tree, heap } : undefined;
  return { end, root, cached, extension: undefined };
}

function readNew(reader: ByteReader, userBlock: number) {
  requireSizes(reader);
  reader.skip(1);
  requireBase(reader, userBlock);
  const extension = addressOf(reader);
  const end = requireAddress(reader, 'the end') - userBlock;
  return { end, root: requireAddress(reader, 'the root group'), cached: undefined, extension };
}

/** Offsets and lengths of 8 bytes: what every library writes by default. */
function requireSizes(reader: ByteReader): void {
  if (reader.u8() === 8 && reader.u8() === 8) return;
  throw new NotUnderstood('offsets or lengths that are not of 8 bytes');
}

function requireBase(reader: ByteReader, userBlock: number): void {
  if (requireAddress(reader, 'the beginning') === userBlock) return;
  throw new NotUnderstood('addresses that do not count from the superblock');
}
