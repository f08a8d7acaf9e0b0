import { NotUnderstood } from '../../bytes/source.ts';

/** A literal of Python, as far as a header of NumPy has them. */
export type Literal =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'constant'; readonly value: boolean | undefined }
  | { readonly kind: 'list' | 'tuple'; readonly items: readonly Literal[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [string, Literal])[] };

const deepest = 16;
const tokens =
  /\s*(?:('(?:[^'\\\n]|\\['"\\])*'|"(?:[^"\\\n]|\\['"\\])*")|(-?[0-9]+)L?|(True|False|None)|([()[\]{},:]))/y;

interface Token {
  readonly kind: 'text' | 'int' | 'constant' | 'sign';
  readonly text: string;
}

/**
 * Reads one literal: texts without escapes but of quotes, ints, True, False, None, tuples, lists, and dicts of texts.
 * Nothing is evaluated.
 *
 * @throws NotUnderstood for anything else
 */
export function literalOf(text: string): Literal {
  const read = tokensOf(text);
  const value = valueOf(read, 0);
  if (read.next().done !== true) throw new NotUnderstood('a header that goes on behind its end');
  return value;
}

function* tokensOf(text: string): Generator<Token, undefined> {
  let at = 0;
  const end = text.trimEnd().length;
  while (at < end) {
    tokens.lastIndex = at;
    const [, quoted, int, constant, sign] = tokens.exec(text) ?? [];
    if (quoted !== undefined) yield { kind: 'text', text: quoted.slice(1, -1).replaceAll(/\\(.)/g, '$1') };
    else if (int !== undefined) yield { kind: 'int', text: int };
    else if (constant !== undefined) yield { kind: 'constant', text: constant };
    else if (sign !== undefined) yield { kind: 'sign', text: sign };
    else throw new NotUnderstood('a header that is no literal of Python');
    at = tokens.lastIndex;
  }
  return undefined;
}

function next(read: Iterator<Token, undefined>): Token {
  const { value } = read.next();
  if (value === undefined) throw new NotUnderstood('a header that is cut short');
  return value;
}

function valueOf(read: Iterator<Token, undefined>, depth: number, first = next(read)): Literal {
  if (depth > deepest) throw new NotUnderstood('a header that is too deep');
  if (first.kind === 'text') return { kind: 'text', value: first.text };
  if (first.kind === 'int') return { kind: 'int', value: BigInt(first.text) };
  if (first.kind === 'constant') {
    return { kind: 'constant', value: first.text === 'None' ? undefined : first.text === 'True' };
  }
  if (first.text === '{') return dictOf(read, depth);
  if (first.text === '(' || first.text === '[') return sequenceOf(read, depth, first.text);
  throw new NotUnderstood('a header that is no literal of Python');
}

function sequenceOf(read: Iterator<Token, undefined>, depth: number, open: string): Literal {
  const close = open === '(' ? ')' : ']';
  const items: Literal[] = [];
  let commas = 0;
  for (let token = next(read); !isSign(token, close); token = next(read)) {
    items.push(valueOf(read, depth + 1, token));
    const after = next(read);
    if (isSign(after, close)) break;
    if (!isSign(after, ',')) throw new NotUnderstood('a header with a comma missing');
    commas += 1;
  }
  const [only] = items;
  // Brackets around one value, without a comma, are no tuple.
  if (open === '(' && commas === 0 && only !== undefined) return only;
  return { kind: open === '(' ? 'tuple' : 'list', items };
}

function dictOf(read: Iterator<Token, undefined>, depth: number): Literal {
  const entries: [string, Literal][] = [];
  for (let token = next(read); !isSign(token, '}'); token = next(read)) {
    if (token.kind !== 'text' || !isSign(next(read), ':'))
      throw new NotUnderstood('a header with a key that is no text');
    entries.push([token.text, valueOf(read, depth + 1)]);
    const after = next(read);
    if (isSign(after, '}')) break;
    if (!isSign(after, ',')) throw new NotUnderstood('a header with a comma missing');
  }
  return { kind: 'dict', entries };
}

function isSign(token: Token, text: string): boolean {
  return token.kind === 'sign' && token.text === text;
}
