import { crc32, inflateRawSync } from 'node:zlib';
import { tooLarge } from './bounded-file.ts';
import { DatasetError, shown } from './errors.ts';
import type { Limits } from './samples.ts';

interface Member {
  readonly name: string;
  readonly method: number;
  readonly checksum: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly at: number;
}

/**
 * One array of an npz file, as npy: a zip archive (APPNOTE 6.3.10, 4.3) in which numpy.savez puts each array as `NAME.npy`, stored or
 * deflated. What its directory says has to hold: the length, the checksum, and one member of the name.
 * @returns undefined if there is no such array
 * @throws DatasetError HF_DATASET_FORMAT, HF_DATASET_LIMIT
 */
export function memberOf(bytes: Uint8Array, array: string, path: string, limits: Limits): Uint8Array | undefined {
  const found = members(bytes, path).filter(({ name }) => name === `${array}.npy`);
  const [member, second] = found;
  if (member === undefined) return undefined;
  if (second !== undefined) refuse(`holds ${shown(array)} twice`, path);
  if (member.unpacked > limits.fileBytes) tooLarge(path, `unpacks to ${member.unpacked} bytes`, 'fileBytes', limits);
  const content = unpacked(bytes, member, path);
  if (content.length !== member.unpacked || crc32(content) !== member.checksum) {
    refuse(`holds ${shown(array)} with another length or checksum than it says`, path);
  }
  return content;
}

/** The names of the arrays that it holds, in their order. @throws DatasetError HF_DATASET_FORMAT */
export function arraysOf(bytes: Uint8Array, path: string): string[] {
  const names = members(bytes, path).map(({ name }) => name);
  const odd = names.find((name) => !name.endsWith('.npy'));
  if (odd !== undefined) refuse(`holds ${shown(odd)}, which is no array`, path);
  return names.map((name) => name.slice(0, -'.npy'.length));
}

/** The central directory, found from its end, which no comment may follow. */
function members(bytes: Uint8Array, path: string): Member[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 22;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) refuse('does not end as a zip archive does', path);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const list: Member[] = [];
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50)
      refuse('has a directory that is not well-formed', path);
    const nameLength = view.getUint16(at + 28, true);
    list.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      unpacked: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return list;
}

function unpacked(bytes: Uint8Array, member: Member, path: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (member.at + 30 > bytes.length || view.getUint32(member.at, true) !== 0x04034b50) refuse('has no member', path);
  const start = member.at + 30 + view.getUint16(member.at + 26, true) + view.getUint16(member.at + 28, true);
  if (start + member.packed > bytes.length) refuse(`ends within ${shown(member.name)}`, path);
  const packed = bytes.subarray(start, start + member.packed);
  if (member.method === 0) return packed;
  if (member.method !== 8) refuse(`is packed by method ${member.method}`, path);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, member.unpacked) });
  } catch (cause) {
    const message = `${shown(path)} holds ${shown(member.name)} packed otherwise than it says`;
    throw new DatasetError('HF_DATASET_FORMAT', message, { where: path, cause });
  }
}

function refuse(problem: string, path: string): never {
  throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} ${problem}`, { where: path });
}
