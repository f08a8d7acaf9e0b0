import { type CodeToken, isOperator } from './code-tokens.ts';
import { concatenated, joined, known, type PathValue, parentOf, projectMark, unknown } from './path-value.ts';

/** A value, and the index of the token behind the expression that gives it. */
export interface Evaluated {
  readonly value: PathValue;
  readonly end: number;
}

/** Names whose values are known. */
export interface Constants {
  readonly names: ReadonlyMap<string, PathValue>;
  /** By the last part of `args.data`, `self.folder`, `config.MODEL`. */
  readonly attributes: ReadonlyMap<string, PathValue>;
}

const maximumDepth = 30;

type Call = 'path' | 'join' | 'same' | 'parent' | 'here' | 'environment';

/** Calls that make paths of paths, by their full names, of Python's `os.path`, `pathlib` and Node's `node:path`. */
const calls: ReadonlyMap<string, Call> = new Map([
  ...spelled('path', 'Path PurePath PosixPath PurePosixPath pathlib.Path pathlib.PurePath pathlib.PosixPath URL'),
  ...spelled('join', 'os.path.join osp.join path.join posixpath.join join path.resolve'),
  ...spelled('same', 'str os.fspath fspath os.path.abspath os.path.realpath os.path.normpath osp.abspath osp.realpath'),
  ...spelled('same', 'abspath realpath normpath fileURLToPath path.normalize'),
  ...spelled('parent', 'os.path.dirname osp.dirname path.dirname dirname'),
  ...spelled('here', 'os.getcwd getcwd Path.cwd pathlib.Path.cwd process.cwd'),
  ...spelled('environment', 'os.environ.get os.getenv getenv environ.get'),
]);

function spelled(call: Call, names: string): [string, Call][] {
  return names.split(' ').map((name) => [name, call]);
}

const sameMethods = new Set('resolve absolute as_posix expanduser __str__ __fspath__'.split(' '));

/** Finds out what expressions of a program are worth, as far as they are made of literals. Runs nothing. */
export class PathExpressions {
  readonly #tokens: readonly CodeToken[];
  readonly #constants: Constants;
  /** What every program knows of itself. */
  readonly #own: ReadonlyMap<string, PathValue>;
  /** For each opening bracket the index of its closing one. */
  readonly #closing: ReadonlyMap<number, number>;

  /** @param file the program's own path in the project, for `__file__` */
  constructor(tokens: readonly CodeToken[], constants: Constants, file: string) {
    this.#tokens = tokens;
    this.#closing = closingBrackets(tokens);
    this.#constants = constants;
    const own = known(`${projectMark}/${file}`);
    this.#own = new Map([
      ...['__file__', '__filename', 'import.meta.url', 'import.meta.filename'].map((name) => [name, own] as const),
      ...['__dirname', 'import.meta.dirname'].map((name) => [name, parentOf(own)] as const),
    ]);
  }

  /** The index behind the bracket that opens at `open`; the end for one that is never closed. */
  behind(open: number): number {
    return (this.#closing.get(open) ?? this.#tokens.length - 1) + 1;
  }

  /** The expression that begins at a token: operands between `/` and `+`. `undefined` where none begins. */
  at(start: number, depth = 0): Evaluated | undefined {
    let left = this.#operand(start, depth);
    while (left !== undefined) {
      const operator = this.#tokens[left.end];
      const isJoin = isOperator(operator, '/');
      if (!isJoin && !isOperator(operator, '+')) break;
      const right = this.#operand(left.end + 1, depth);
      if (right === undefined) break;
      const value = isJoin ? joined(left.value, right.value) : concatenated(left.value, right.value);
      left = { value, end: right.end };
    }
    return left;
  }

  #operand(start: number, depth: number): Evaluated | undefined {
    if (depth > maximumDepth) return undefined;
    const token = this.#tokens[start];
    if (token?.kind === 'string') return this.#trailers(this.#strings(start), depth);
    if (token?.kind === 'name') return this.#named(start, depth);
    if (!isOperator(token, '(')) return undefined;
    const inner = this.at(start + 1, depth + 1);
    const end = this.behind(start);
    return inner?.end === end - 1 ? this.#trailers({ value: inner.value, end }, depth) : undefined;
  }

  /** Literals that stand one behind the other are one. */
  #strings(start: number): Evaluated {
    let value = known('');
    let end = start;
    for (let token = this.#tokens[end]; token?.kind === 'string'; token = this.#tokens[(end += 1)]) {
      for (const piece of token.pieces ?? []) {
        value = concatenated(value, 'literal' in piece ? known(piece.literal) : this.#lookUp(piece.expression.trim()));
      }
    }
    return { value, end };
  }

  /** A name, `args.data`, or a call. */
  #named(start: number, depth: number): Evaluated {
    const first = this.#tokens[start]?.text ?? '';
    if (first === 'new' && this.#tokens[start + 1]?.kind === 'name') return this.#named(start + 1, depth);
    const given = this.#constants.names.get(first);
    if (given !== undefined) return this.#trailers({ value: given, end: start + 1 }, depth);
    let end = start + 1;
    while (isOperator(this.#tokens[end], '.') && this.#tokens[end + 1]?.kind === 'name' && end - start < 20) end += 2;
    const name = this.#dotted(start, end);
    if (isOperator(this.#tokens[end], '(')) return this.#trailers(this.#call(name, end, depth), depth);
    return this.#trailers({ value: this.#lookUp(name), end }, depth);
  }

  #dotted(start: number, end: number): string {
    return this.#tokens
      .slice(start, end)
      .map(({ text }) => text)
      .join('');
  }

  #lookUp(name: string): PathValue {
    const exact = this.#own.get(name) ?? this.#constants.names.get(name);
    if (exact !== undefined) return exact;
    const attribute = /^[\w.]{1,200}\.(\w+)$/.exec(name)?.[1];
    return (attribute === undefined ? undefined : this.#constants.attributes.get(attribute)) ?? unknown(name);
  }

  #call(name: string, open: number, depth: number): Evaluated {
    const end = this.behind(open);
    const call = calls.get(name);
    if (call === undefined) return { value: unknown(`${name}()`), end };
    const given = this.arguments(open, depth + 1).map(({ value }) => value ?? unknown('…'));
    return { value: callValue(call, given), end };
  }

  /** The arguments of a call whose bracket opens at `open`, with what each is worth, if all of it is understood. */
  arguments(
    open: number,
    depth = 0,
  ): readonly { readonly keyword: string | undefined; readonly value: PathValue | undefined }[] {
    const close = this.#closing.get(open) ?? open; // one that is never closed has no arguments
    const found: { keyword: string | undefined; value: PathValue | undefined }[] = [];
    for (let at = open + 1; at < close && found.length < 100; ) {
      while (this.#tokens[at]?.kind === 'newline') at += 1;
      const isKeyword = this.#tokens[at]?.kind === 'name' && isOperator(this.#tokens[at + 1], '=');
      const start = isKeyword ? at + 2 : at;
      const end = this.#argumentEnd(start, close);
      const evaluated = this.at(start, depth);
      const keyword = isKeyword ? this.#tokens[at]?.text : undefined;
      if (start < end) found.push({ keyword, value: evaluated?.end === end ? evaluated.value : undefined });
      at = end + 1;
    }
    return found;
  }

  #argumentEnd(start: number, close: number): number {
    let at = start;
    while (at < close && !isOperator(this.#tokens[at], ',')) at = this.#closing.has(at) ? this.behind(at) : at + 1;
    return Math.min(at, close);
  }

  /** `.parent`, `.resolve()`, `.joinpath(…)`; a method that does something else is left for the caller to look at. */
  #trailers({ value, end }: Evaluated, depth: number): Evaluated {
    for (let count = 0; count < 20; count += 1) {
      if (isOperator(this.#tokens[end], '[')) {
        value = unknown('…');
        end = this.behind(end);
        continue;
      }
      if (!isOperator(this.#tokens[end], '.')) break;
      const next = this.#trailer(value, end + 1, depth);
      if (next === undefined) break;
      ({ value, end } = next);
    }
    return { value, end };
  }

  #trailer(value: PathValue, at: number, depth: number): Evaluated | undefined {
    const name = this.#tokens[at]?.text ?? '';
    if (name === 'parent') return { value: parentOf(value), end: at + 1 };
    if (name === 'parents') return this.#ancestor(value, at);
    if (!isOperator(this.#tokens[at + 1], '(')) return undefined;
    const end = this.behind(at + 1);
    if (sameMethods.has(name)) return { value, end };
    if (name === 'format') return { value: { ...value, isKnown: false }, end };
    if (!['joinpath', 'with_name', 'with_suffix'].includes(name)) return undefined;
    const given = this.arguments(at + 1, depth + 1).map((argument) => argument.value ?? unknown('…'));
    if (name === 'joinpath') return { value: given.reduce(joined, value), end };
    const [only = unknown('…')] = given;
    if (name === 'with_name') return { value: joined(parentOf(value), only), end };
    return { value: concatenated({ ...value, text: value.text.replace(/\.[^./]*$/, '') }, only), end };
  }

  /** `.parents[1]` */
  #ancestor(value: PathValue, at: number): Evaluated | undefined {
    const index = this.#tokens[at + 2];
    if (!isOperator(this.#tokens[at + 1], '[') || index?.kind !== 'number') return undefined;
    const steps = Math.min(Number(index.text) || 0, 20);
    return { value: Array.from({ length: steps + 1 }).reduce<PathValue>(parentOf, value), end: this.behind(at + 1) };
  }
}

function callValue(call: Call, given: readonly PathValue[]): PathValue {
  const [first, second] = given;
  if (call === 'here') return known('');
  if (call === 'environment') return second ?? unknown('environment');
  if (first === undefined) return call === 'path' ? known('') : unknown('…');
  if (call === 'parent') return parentOf(first);
  if (call === 'same') return first;
  // `new URL('./x', import.meta.url)`: from the folder of the second
  if (call === 'path' && second?.text.startsWith(projectMark) === true) return joined(parentOf(second), first);
  return given.slice(1).reduce(joined, first);
}

function closingBrackets(tokens: readonly CodeToken[]): Map<number, number> {
  const open: number[] = [];
  const closing = new Map<number, number>();
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== 'operator') continue;
    if (/^[([{]$/.test(text)) open.push(index);
    const from = /^[)\]}]$/.test(text) ? open.pop() : undefined;
    if (from !== undefined) closing.set(from, index);
  }
  return closing;
}
