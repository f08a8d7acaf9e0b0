import { NotUnderstood } from '../../bytes/source.ts';

const simple: Readonly<Record<string, string>> = {
  ...{ '\\': '\\', "'": "'", '"': '"', '\n': '' },
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};
const digits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * A string as Python's `unicode-escape` reads it, which is how Jinja does. `"\x5f"` is an underscore.
 *
 * @param text between the quotes
 * @throws NotUnderstood for an escape that is cut short, and for `\N{…}`, which takes a table of names
 */
export function unescapeString(text: string, at: number): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\r\n?/g, '\n').replace(/\\(?:([0-7]{1,3})|([xuU])([\da-fA-F]*)|(.))/gsu, (...match) => {
    const [whole, octal, kind, hex = '', other = ''] = match as unknown as (string | undefined)[];
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    if (kind !== undefined) return hexadecimal(kind, hex, at);
    if (other === 'N' || other > '\x7f') throw new NotUnderstood('an escape that is not looked up here', at);
    return simple[other] ?? whole ?? '';
  });
}

/** `x` takes two digits, `u` four, `U` eight; what follows is text again. */
function hexadecimal(kind: string, hex: string, at: number): string {
  const length = digits[kind] ?? 0;
  const code = Number.parseInt(hex.slice(0, length), 16);
  if (hex.length < length || code > 0x10ffff) throw new NotUnderstood('an escape that is cut short', at);
  return String.fromCodePoint(code) + hex.slice(length);
}
