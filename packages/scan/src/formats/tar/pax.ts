import { NotUnderstood } from '../../bytes/source.ts';

/** What follows from the records of an extended header (POSIX.1-2001 pax); undefined is not said. */
export interface PaxRecords {
  readonly path: string | undefined;
  readonly size: number | undefined;
  /** A record that changes what the entry is, and is not understood here. */
  readonly unknown: string | undefined;
  /** A record that is only for people or for the file system, and holds more than they need. */
  readonly laden: string | undefined;
}

/** Times, owners, comments and attributes say nothing about content or name. */
const harmless =
  /^(?:[amc]time|uid|gid|uname|gname|comment|LIBARCHIVE\.creationtime|SCHILY\.(?:xattr|dev|ino|nlink)\b.*)$/;

/** Attributes of a file system may be a few bytes of any kind; everything else is a line of text. */
function isLaden(key: string, value: Uint8Array): boolean {
  const isText = !/[^\P{C}\t\r\n]|\ufffd/u.test(Buffer.from(value).toString('utf8'));
  return value.byteLength > mostValueBytes || (!isText && !key.startsWith('SCHILY.xattr.'));
}

/** A hash of a commit, a label of SELinux, a sentence. */
const mostValueBytes = 1024;

/** Records `length key=value\n`. @throws NotUnderstood where they are none */
export function readPax(bytes: Uint8Array, at: number): PaxRecords {
  let path: string | undefined;
  let size: number | undefined;
  let unknown: string | undefined;
  let laden: string | undefined;
  for (const [key, value] of recordsOf(bytes, at)) {
    if (key === 'path') path = textOf(value, at);
    else if (key === 'size') size = sizeOf(value, at);
    else if (!harmless.test(key)) unknown ??= key;
    else if (isLaden(key, value)) laden ??= key;
  }
  return { path, size, unknown, laden };
}

function* recordsOf(bytes: Uint8Array, offset: number): Generator<readonly [key: string, value: Uint8Array]> {
  const refuse = (): never => {
    throw new NotUnderstood('an extended header of the tar that cannot be read', offset);
  };
  for (let at = 0; at < bytes.byteLength; ) {
    const space = bytes.indexOf(0x20, at);
    const digits = Buffer.from(bytes.subarray(at, Math.min(space, at + 12))).toString('latin1');
    const end = at + (space > at && /^[1-9][0-9]{0,9}$/.test(digits) ? Number(digits) : refuse());
    const equals = bytes.indexOf(0x3d, space + 1);
    if (end > bytes.byteLength || equals < 0 || equals >= end || bytes[end - 1] !== 0x0a) refuse();
    yield [textOf(bytes.subarray(space + 1, equals), offset), bytes.subarray(equals + 1, end - 1)];
    at = end;
  }
}

function textOf(bytes: Uint8Array, at: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NotUnderstood('an extended header of the tar that is not UTF-8', at);
  }
}

function sizeOf(bytes: Uint8Array, at: number): number {
  const text = textOf(bytes, at);
  if (/^(?:0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new NotUnderstood('an extended header of the tar with a size that is none', at);
}
