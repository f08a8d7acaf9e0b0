import { shown } from '../../finding.ts';
import { operators } from './generated/operators.ts';
import { type Token, TokenReader, tokensOf } from './tokens.ts';

/** What a piece of code does that is not known to be harmless. */
export interface Doubt {
  readonly kind: 'file' | 'operator';
  readonly at: number;
  /** `torch.save` */
  readonly reaches: string;
  readonly message: string;
}

/** Operators that open files, whichever way they are called. */
const fileOperators = new Set(['save', 'from_file']);
/** Words that lead out of TorchScript, or change what other words mean. */
const refusedWords = new Set(['import', 'from', 'lambda', 'exec', 'eval', 'global', 'nonlocal', 'async', 'await', 'yield']);
const longestChain = 100;
/** Names that lead further than the values of the code. */
const roots = new Set(['torch', 'ops', '__torch__']);

/** Names of methods and functions that some code of the archive defines. */
export function definedIn(code: string): ReadonlySet<string> {
  const names = new Set<string>();
  let before: string | undefined;
  for (const { kind, text } of tokensOf(code)) {
    if (before === 'def' && kind === 'name') names.add(text);
    before = text;
  }
  return names;
}

/**
 * Goes through code word by word. A name that starts with `torch`, `ops` or `__torch__` is an operator or code of the
 * archive; a method is one that the archive defines, or an operator on a value; all else are values.
 */
export function* doubtsOf(code: string, defined: ReadonlySet<string>): Generator<Doubt> {
  const tokens = new TokenReader(code);
  let before: Token | undefined;
  for (let token = tokens.take(); token !== undefined; token = tokens.take()) {
    const isAttribute = before?.text === '.';
    before = token;
    if (token.kind !== 'name') continue;
    if (isAttribute) yield* ofMethod(token, tokens.peek(0), defined);
    else if (roots.has(token.text)) {
      const { chain, last } = takeChain(tokens, token);
      before = last;
      yield* ofRoot(token, chain);
    } else if (token.text === 'getattr') yield* ofGetattr(token.at, tokens);
    else if (refusedWords.has(token.text)) yield doubt('operator', token.at, token.text);
  }
}

/** `a.b.c`; what goes on behind the longest is looked at as methods. */
function takeChain(tokens: TokenReader, first: Token): { chain: readonly string[]; last: Token } {
  const chain = [first.text];
  let last = first;
  while (chain.length < longestChain && tokens.peek(0)?.text === '.' && tokens.peek(1)?.kind === 'name') {
    tokens.take();
    last = tokens.take() ?? last;
    chain.push(last.text);
  }
  return { chain, last };
}

function* ofRoot({ text, at }: Token, chain: readonly string[]): Generator<Doubt> {
  const reaches = chain.join('.');
  if (text === '__torch__') {
    // Classes of C++ libraries are called through it, too.
    if (chain.length < 2 || (chain[1] === 'torch' && chain[2] === 'classes')) yield doubt('operator', at, reaches);
  } else {
    const [namespace = '', name = ''] = text === 'torch' ? ['aten', chain[1]] : chain.slice(1);
    const length = text === 'torch' ? 2 : 3;
    if (fileOperators.has(name)) yield doubt('file', at, reaches);
    else if (chain.length !== length || !isListed(namespace, name)) yield doubt('operator', at, reaches);
  }
}

/** A method of a tensor is an operator that takes one: `x.save("…")` is `torch.save(x, "…")`. */
function* ofMethod({ text, at }: Token, next: Token | undefined, defined: ReadonlySet<string>): Generator<Doubt> {
  if (fileOperators.has(text)) yield doubt('file', at, text);
  else if (next?.text === '(' && !defined.has(text) && !isListed('aten', text)) yield doubt('operator', at, text);
}

/** Written for submodules whose names are no words: `getattr(self, "0")`. */
function* ofGetattr(at: number, tokens: TokenReader): Generator<Doubt> {
  const [open, of, comma, name, close] = [0, 1, 2, 3, 4].map((place) => tokens.peek(place));
  const isPlain =
    open?.text === '(' &&
    of?.kind === 'name' &&
    !roots.has(of.text) &&
    comma?.text === ',' &&
    name?.kind === 'text' &&
    close?.text === ')' &&
    !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name.text.slice(1, -1)) &&
    !name.text.includes('\\');
  if (!isPlain) yield doubt('operator', at, 'getattr');
}

function isListed(namespace: string, name: string): boolean {
  return Object.hasOwn(operators, namespace) && (operators[namespace]?.has(name) ?? false);
}

function doubt(kind: Doubt['kind'], at: number, reaches: string): Doubt {
  const does = kind === 'file' ? 'reads or writes a file' : 'is on no list of what is harmless';
  return { kind, at, reaches, message: `the code uses ${shown(reaches)}, which ${does}` };
}
