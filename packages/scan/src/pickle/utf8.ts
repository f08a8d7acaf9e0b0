import { isUtf8 } from 'node:buffer';
import type { Input } from './input.ts';

const pieceBytes = 2 ** 20;

/** Whether the next bytes are UTF-8 as `surrogatepass` takes it; it passes over them. */
export function skipUtf8(input: Input, length: number): boolean {
  if (length > pieceBytes) return skipLong(input, length);
  input.need(length);
  const { bytes, next } = input;
  const end = next + length;
  input.next = end;
  if (length < 64) {
    let at = next;
    while (at < end && (bytes[at] ?? 0) < 0x80) at += 1;
    return at === end || isUtf8WithSurrogates(bytes.subarray(at, end));
  }
  return isUtf8WithSurrogates(bytes.subarray(next, end));
}

function skipLong(input: Input, length: number): boolean {
  const end = input.at + length;
  let good = true;
  for (let at = input.at; at < end && good; ) {
    const bytes = input.source.read(at, Math.min(pieceBytes, end - at));
    // A character that the piece cuts belongs to the next one.
    const cut = at + bytes.length < end ? startOfLast(bytes) : bytes.length;
    good = cut > 0 && isUtf8WithSurrogates(bytes.subarray(0, cut));
    at += cut;
  }
  input.skip(length);
  return good;
}

function startOfLast(bytes: Uint8Array): number {
  let at = bytes.length - 1;
  while (at > bytes.length - 4 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  return at;
}

function isUtf8WithSurrogates(bytes: Uint8Array): boolean {
  if (isUtf8(bytes)) return true;
  // Whatever else is wrong stays wrong when each encoded surrogate becomes another character of three bytes.
  let found = false;
  const copy = Uint8Array.from(bytes);
  for (let at = copy.indexOf(0xed); at >= 0; at = copy.indexOf(0xed, at + 1)) {
    const second = copy[at + 1] ?? 0;
    if (second < 0xa0 || second > 0xbf) continue;
    copy[at] = 0xee;
    found = true;
  }
  return found && isUtf8(copy);
}
