/** A value that text opcodes write out; `odd` where loaders read it differently, or no pickler writes it so. */
export interface Read<Value> {
  readonly value: Value;
  readonly odd: boolean;
}

/** Digits beyond which newer versions of CPython refuse an int in decimal (`sys.int_info.default_max_str_digits`). */
const mostDigits = 4300;

/** Stands for an int that is too long to be worked out. */
export const immense = 2n ** 4096n;

const space = '[ \\t\\n\\v\\f\\r]*';
const looseInt = new RegExp(
  `^${space}([+-]?)(0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|[0-9](?:_?[0-9])*)${space}$`,
);

/**
 * The int of INT, LONG, GET and PUT, without its newline. What `int(text, 0)` or `strtol` would take is taken, and odd.
 * `octal` says whether a leading 0 can mean octal, as for INT in `_pickle.c`.
 */
export function intOf(text: string, octal: boolean): Read<bigint> | undefined {
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    // `_pickle.c` reads up to a NUL, `pickle.py` refuses it.
    const before = intOf(text.slice(0, nul), octal);
    return before === undefined ? undefined : { value: before.value, odd: true };
  }
  if (/^-?(?:0|[1-9][0-9]*)$/.test(text) && text.length <= mostDigits) return { value: BigInt(text), odd: false };
  const [, sign = '', digits = ''] = looseInt.exec(text) ?? [];
  if (digits === '') return undefined;
  // One that is very long: only that it is.
  if (digits.length > 2 ** 16) return { value: sign === '-' ? -immense : immense, odd: true };
  const plain = digits.replaceAll('_', '');
  const magnitude = octal && /^0[0-7]+$/.test(plain) ? BigInt(`0o${plain}`) : BigInt(plain);
  return { value: sign === '-' ? -magnitude : magnitude, odd: true };
}

/** The float of FLOAT, without its newline. */
export function floatOf(text: string): Read<number> | undefined {
  const plain = text.replaceAll(/[ \t\v\f\r_]/g, '').replace(/\0.*$/s, '');
  const finite = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(plain);
  const special = /^[+-]?(inf|infinity|nan)$/i.exec(plain)?.[1]?.toLowerCase();
  if (!finite && special === undefined) return undefined;
  const sign = plain.startsWith('-') ? -1 : 1;
  const value = finite ? Number(plain) : special === 'nan' ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  // `_pickle.c` refuses a number that is too large, `pickle.py` makes it infinite.
  return { value, odd: plain !== text || (finite && !Number.isFinite(value)) };
}

const escapes: Readonly<Record<string, string>> = {
  ...{ '\\': '\\', "'": "'", '"': '"', '\n': '', a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};

/** The string of STRING, with its quotes: a character stands for a byte. Undefined where both loaders refuse it. */
export function stringOf(text: string): string | undefined {
  const quote = text[0];
  if (text.length < 2 || text.at(-1) !== quote || (quote !== "'" && quote !== '"')) return undefined;
  const inner = text.slice(1, -1);
  if (!/^(?:[^\\]|\\x[0-9a-fA-F]{2}|\\[^x])*$/.test(inner)) return undefined;
  return inner.replaceAll(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[^])/g, (whole, escape: string) => {
    if (escape.length === 3 && escape.startsWith('x')) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    if (/^[0-7]/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8) & 0xff);
    return escapes[escape] ?? whole;
  });
}

/** The string of UNICODE: `raw-unicode-escape`, given as latin-1. Undefined where both loaders refuse it. */
export function rawUnicodeOf(text: string): string | undefined {
  const points: number[] = [];
  const value = text.replaceAll(/(\\+)(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[uU])?/g, (whole, slashes: string, code) => {
    if (typeof code !== 'string' || slashes.length % 2 === 0) return whole;
    const point = code.length === 1 ? Number.POSITIVE_INFINITY : Number.parseInt(code.slice(1), 16);
    points.push(point);
    return slashes.slice(1) + (point > 0x10ffff ? '' : String.fromCodePoint(point));
  });
  return points.some((point) => point > 0x10ffff) ? undefined : value;
}
