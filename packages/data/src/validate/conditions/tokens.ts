import { notUnderstood } from './not-understood.ts';
import { pythonString } from './python-string.ts';
import type { Constant } from './syntax.ts';

export type Token =
  | { readonly kind: 'sign' | 'word' | 'name'; readonly text: string }
  | { readonly kind: 'constant'; readonly text: string; readonly value: Constant };

/** Characters of a condition. */
const longest = 10_000;

const number =
  /0[xX][0-9a-fA-F]+|(?:[0-9]+(?:_[0-9]+)*)?\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+(?:_[0-9]+)*\.?(?:[eE][+-]?[0-9]+)?/y;
const word = /[\p{XID_Start}_]\p{XID_Continue}*/uy;
const sign = /\*\*|\/\/|==|!=|<=|>=|[-+*/%<>()[\],.=&|~]/y;
const string = /([rRuU]?)('''|"""|'|")/y;

/** Words that Python keeps for itself; as the name of a column they stand in backticks. */
const kept = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);
const constants: ReadonlyMap<string, Constant> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
]);

/** Cuts a condition into tokens of Python, with pandas' names in backticks. @throws Unanswerable */
export function tokensOf(source: string): Token[] {
  if (source.length > longest) notUnderstood(`it has more than ${longest} characters`);
  const found: Token[] = [];
  let at = 0;
  while (at < source.length) {
    if (source[at] === ' ' || source[at] === '\t') {
      at += 1;
      continue;
    }
    const [token, end] = tokenAt(source, at);
    const before = found.at(-1);
    // Texts beside each other are one in Python.
    if (isText(before) && isText(token))
      found[found.length - 1] = { ...token, value: `${String(before.value)}${String(token.value)}` };
    else found.push(token);
    at = end;
  }
  return found;
}

const isText = (token: Token | undefined): token is Extract<Token, { kind: 'constant' }> =>
  token?.kind === 'constant' && typeof token.value === 'string';

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

function tokenAt(source: string, at: number): [token: Token, end: number] {
  const quoted = matchAt(string, source, at);
  if (quoted !== null) return stringAt(source, at, quoted);
  if (source[at] === '`') return backtickAt(source, at);
  const digits = matchAt(number, source, at)?.[0];
  if (digits !== undefined) return numberAt(source, at, digits);
  const name = matchAt(word, source, at)?.[0];
  if (name !== undefined) return [wordOf(name), at + name.length];
  const mark = matchAt(sign, source, at)?.[0];
  if (mark !== undefined) return [{ kind: 'sign', text: mark }, at + mark.length];
  return notUnderstood(`\`${String.fromCodePoint(source.codePointAt(at) ?? 0)}\` at character ${at + 1}`);
}

function wordOf(name: string): Token {
  const value = constants.get(name);
  if (value !== undefined) return { kind: 'constant', text: name, value };
  if (kept.has(name)) return { kind: 'word', text: name };
  if (name.normalize('NFKC') !== name) notUnderstood(`Python takes the name \`${name}\` for another`);
  return { kind: 'name', text: name };
}

function stringAt(source: string, at: number, [start, prefix = '', quote = "'"]: RegExpExecArray): [Token, number] {
  const { value, end } = pythonString(source, at + start.length, quote, prefix.toLowerCase() === 'r');
  return [{ kind: 'constant', text: source.slice(at, end), value }, end];
}

function backtickAt(source: string, at: number): [Token, number] {
  const end = source.indexOf('`', at + 1);
  if (end <= at + 1) notUnderstood(`the backtick at character ${at + 1} encloses no name`);
  return [{ kind: 'name', text: source.slice(at + 1, end) }, end + 1];
}

function numberAt(source: string, at: number, digits: string): [Token, number] {
  const end = at + digits.length;
  const next = source.slice(end, end + 1);
  const isWhole = /^(?:0[xX][0-9a-fA-F]+|[0-9_]+)$/.test(digits);
  if (/[\p{XID_Continue}.]/u.test(next) || /^0[0-9_]*[1-9]/.test(isWhole ? digits : ''))
    notUnderstood(`the number \`${digits}${next}\``);
  const plain = digits.replaceAll('_', '');
  const value = isWhole ? wholeOf(BigInt(plain)) : Number(plain);
  return [{ kind: 'constant', text: digits, value }, end];
}

const wholeOf = (value: bigint): number | bigint => {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
};
