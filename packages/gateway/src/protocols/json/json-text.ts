import { malformed } from '../malformed.ts';

/** Where a string ends, and what has to be done to read it. */
export interface ScannedText {
  /** Place of the closing quote. */
  end: number;
  hasEscapes: boolean;
  isAscii: boolean;
  /** U+0000 by escape: a reader in C would end the string there. */
  hasNul: boolean;
  hash: number;
}

const wrong = (message: string, at: number): Error => malformed(message, `body, byte ${at}`);

/**
 * Walks over a string as RFC 8259 section 7 has it, without lone surrogates (RFC 7493 section 2.1).
 *
 * @param from behind the opening quote
 * @param into overwritten, so that nothing is allocated
 */
export function scanText(bytes: Buffer, from: number, into: ScannedText): void {
  let at = from;
  let hash = 0;
  let seen = 0;
  into.hasEscapes = false;
  into.hasNul = false;
  for (;;) {
    const code = bytes[at];
    if (code === undefined) throw wrong('the body ends within a string', at);
    if (code === 0x22) break;
    if (code < 0x20) throw wrong('a string holds a control character', at);
    if (code === 0x5c) {
      into.hasEscapes = true;
      at = afterEscape(bytes, at, into);
      continue;
    }
    seen |= code;
    hash = (Math.imul(hash, 31) + code) | 0;
    at += 1;
  }
  into.end = at;
  into.isAscii = seen < 0x80;
  into.hash = hash;
}

/** `"`, `/`, `\`, `b`, `f`, `n`, `r`, `t` */
const shortEscapes: ReadonlySet<number> = new Set([0x22, 0x2f, 0x5c, 0x62, 0x66, 0x6e, 0x72, 0x74]);

function afterEscape(bytes: Buffer, at: number, into: ScannedText): number {
  const kind = bytes[at + 1];
  if (kind !== 0x75) {
    if (kind === undefined || !shortEscapes.has(kind)) throw wrong('a string holds an unknown escape', at);
    return at + 2;
  }
  const unit = hexadecimal(bytes, at + 2);
  if (unit === 0) into.hasNul = true;
  if ((unit & 0xf800) !== 0xd800) return at + 6;
  const isPair = unit < 0xdc00 && bytes[at + 6] === 0x5c && bytes[at + 7] === 0x75;
  if (!isPair || (hexadecimal(bytes, at + 8) & 0xfc00) !== 0xdc00)
    throw wrong('a string holds half a surrogate pair', at);
  return at + 12;
}

function hexadecimal(bytes: Buffer, from: number): number {
  let value = 0;
  for (let at = from; at < from + 4; at += 1) {
    const code = bytes[at] ?? 0;
    const lower = code | 0x20;
    if (code >= 0x30 && code <= 0x39) value = value * 16 + code - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) value = value * 16 + lower - 0x57;
    else throw wrong('an escape has four hexadecimal digits', at);
  }
  return value;
}

const kept: string[] = Array.from({ length: 1024 }, () => '');
const longestKept = 32;

/** The text between two quotes. */
export function textOf(bytes: Buffer, from: number, { end, hasEscapes, isAscii }: ScannedText): string {
  // The engine decodes escapes; what it would take too lightly was refused before.
  if (hasEscapes) return JSON.parse(bytes.toString('utf8', from - 1, end + 1)) as string;
  return bytes.toString(isAscii ? 'latin1' : 'utf8', from, end);
}

/** Like `textOf`, for keys, names and datatypes: they come from request to request, and are kept. */
export function wordOf(bytes: Buffer, from: number, scanned: ScannedText): string {
  const { end, hash } = scanned;
  if (scanned.hasEscapes || !scanned.isAscii || end - from > longestKept) return textOf(bytes, from, scanned);
  const slot = (hash ^ (hash >>> 10)) & (kept.length - 1);
  const known = kept[slot] as string;
  if (known.length === end - from && isQuoted(bytes, from, known)) return known;
  // Names of properties are compared by address.
  const [text = ''] = Object.keys({ [textOf(bytes, from, scanned)]: 0 });
  kept[slot] = text;
  return text;
}

/** Whether `text`, which is ASCII and takes no escapes, stands here with a quote behind it. */
export function isQuoted(bytes: Buffer, from: number, text: string): boolean {
  const { length } = text;
  for (let at = 0; at < length; at += 1) if (text.charCodeAt(at) !== bytes[from + at]) return false;
  return bytes[from + length] === 0x22;
}
