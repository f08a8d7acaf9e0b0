import { notUnderstood } from './not-understood.ts';

const simple: Readonly<Record<string, string>> = {
  ...{ '\\': '\\', "'": "'", '"': '"', a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** The text of a string literal of Python, from after its opening quote. @throws Unanswerable */
export function pythonString(
  source: string,
  from: number,
  quote: string,
  isRaw: boolean,
): { readonly value: string; readonly end: number } {
  let value = '';
  let at = from;
  for (;;) {
    const letter = source[at];
    if (letter === undefined) return notUnderstood('a text in it has no end');
    if (source.startsWith(quote, at)) return { value, end: at + quote.length };
    if (letter !== '\\') {
      value += letter;
      at += 1;
    } else if (isRaw) {
      value += source.slice(at, at + 2);
      at += 2;
    } else {
      const [text, length] = escapeAt(source, at);
      value += text;
      at += length;
    }
  }
}

function escapeAt(source: string, at: number): [text: string, length: number] {
  const letter = source[at + 1] ?? '';
  const known = simple[letter];
  if (known !== undefined) return [known, 2];
  const octal = /^[0-7]{1,3}/.exec(source.slice(at + 1, at + 4))?.[0];
  if (octal !== undefined) return [String.fromCodePoint(Number.parseInt(octal, 8)), 1 + octal.length];
  const count = hexDigits[letter];
  if (count === undefined) {
    if (letter === 'N') notUnderstood('a character by its name');
    // Python keeps the backslash before what means nothing.
    return [`\\${letter}`, 2];
  }
  const digits = source.slice(at + 2, at + 2 + count);
  const point = /^[0-9a-fA-F]+$/.test(digits) && digits.length === count ? Number.parseInt(digits, 16) : Number.NaN;
  if (!(point <= 0x10_ff_ff)) notUnderstood(`the escape \`\\${letter}${digits}\``);
  return [String.fromCodePoint(point), 2 + count];
}
