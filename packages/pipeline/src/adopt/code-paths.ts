import { constantsOf } from './code-constants.ts';
import { type CodeToken, isOperator } from './code-tokens.ts';
import { looksLikePath, opens, probes, takesNoPath, useOf } from './path-calls.ts';
import { type Constants, PathExpressions } from './path-expressions.ts';
import type { PathValue } from './path-value.ts';

/** A path that a program names. */
export interface NamedPath {
  readonly value: PathValue;
  /** `mention`: nothing tells what is done with it. */
  readonly use: 'read' | 'write' | 'mention';
  /** The function that it is given to. */
  readonly callee: string | undefined;
  /** From 1. */
  readonly line: number;
}

export interface CodePaths {
  readonly paths: readonly NamedPath[];
  readonly constants: Constants;
}

/** An open bracket: what is called, and which of its arguments comes. */
interface Frame {
  readonly callee: string | undefined;
  readonly mode: string | undefined;
  /** `receiver.method(…)` */
  readonly isMethod: boolean;
  position: number;
  keyword: string | undefined;
}

/**
 * The paths that a program names, and what it seems to do with them. A guess, made of literals, names and calls; the
 * program is not run.
 *
 * @param imported what the files of the project that it imports give names to
 * @param file its own path in the project
 * @example
 * ```ts
 * import { pythonTokens } from '@holdfast/pipeline/adopt/python-tokens';
 * codePaths(pythonTokens('pd.read_csv("data/x.csv")'), { names: new Map(), attributes: new Map() }, 'train.py').paths;
 * // [{ value: { text: 'data/x.csv', isKnown: true }, use: 'read', callee: 'read_csv', line: 1 }]
 * ```
 */
export function codePaths(tokens: readonly CodeToken[], imported: Constants, file: string): CodePaths {
  const constants = constantsOf(tokens, imported, file);
  const walk = new Walk(tokens, constants, file);
  const found = walk
    .all()
    .map((path) => (path.use === 'read' && walk.probed.has(path.value.text) ? optional(path) : path));
  const used = new Set(found.flatMap(({ use, value }) => (use === 'mention' ? [] : [value.text])));
  return { paths: found.filter(({ use, value }) => use !== 'mention' || !used.has(value.text)), constants };
}

/** What is read only when it is there is no more than mentioned. */
const optional = (path: NamedPath): NamedPath => ({ ...path, use: 'mention' });

const maximumPaths = 500;
/** Brackets that are looked through for the call that a path is given to. */
const maximumBrackets = 50;

class Walk {
  readonly #tokens: readonly CodeToken[];
  readonly #expressions: PathExpressions;
  readonly #frames: Frame[] = [];
  readonly #found: NamedPath[] = [];
  /** Texts of paths that the program asks for whether they are there. */
  readonly probed = new Set<string>();

  constructor(tokens: readonly CodeToken[], constants: Constants, file: string) {
    this.#tokens = tokens;
    this.#expressions = new PathExpressions(tokens, constants, file);
  }

  all(): readonly NamedPath[] {
    let settled = 0;
    for (const [at, token] of this.#tokens.entries()) {
      if (this.#found.length === maximumPaths) break;
      if (at >= settled && this.#begins(at, token)) settled = this.#expression(at);
      this.#track(at, token);
    }
    return this.#found;
  }

  /** Whether an expression may begin here; one in the middle of another does not. */
  #begins(at: number, { kind }: CodeToken): boolean {
    const before = this.#tokens[at - 1];
    if (before?.kind === 'operator' && /^[./+]$/.test(before.text)) return false;
    if (kind === 'string') return before?.kind !== 'string' && !this.#isDocstring(at);
    return kind === 'name' && !isOperator(this.#tokens[at + 1], '=');
  }

  /** A string that is a statement of its own says something to readers. */
  #isDocstring(at: number): boolean {
    const [before, after] = [this.#tokens[at - 1], this.#tokens[at + 1]];
    const isFirst = before === undefined || before.kind === 'newline';
    return isFirst && (after === undefined || after.kind === 'newline') && this.#frames.length === 0;
  }

  /** Notes the path that the expression at `at` is worth; returns the index up to which its parts are accounted for. */
  #expression(at: number): number {
    const evaluated = this.#expressions.at(at);
    if (evaluated === undefined) return at;
    const { value, end } = evaluated;
    const isLiteral = this.#tokens[at]?.kind === 'string';
    const isBare = end === at + 1 && !isLiteral;
    const { frame, isDirect } = this.#context(end);
    const callee = frame?.callee;
    if (isDirect && frame?.isMethod === true && takesNoPath(callee ?? '')) return value.isKnown ? end : at;
    if (probes(callee ?? '')) this.probed.add(value.text);
    const called =
      callee === undefined ? undefined : useOf(callee, frame?.keyword ?? frame?.position ?? 0, frame?.mode);
    // what stands in a list or a mapping is content, not a place to write to
    const use = called === 'write' && !isDirect ? undefined : called;
    if (!value.isKnown && !value.text.replaceAll(/\{[^{}]*\}/g, '').match(/[\w]/)) return at;
    if (!looksLikePath(value.text, use === undefined || !isDirect ? undefined : callee))
      return value.isKnown ? end : at;
    if (use === 'ignore' || (use === undefined && (isBare || !value.isKnown))) return value.isKnown ? end : at;
    if (use === undefined && this.#isImport(at)) return end;
    this.#found.push({ value, use: use ?? 'mention', callee, line: this.#tokens[at]?.line ?? 0 });
    return end;
  }

  /** The call that decides: a method of the path itself, or the nearest call around. */
  #context(end: number): { readonly frame: Frame | undefined; readonly isDirect: boolean } {
    const method = this.#tokens[end + 1]?.text ?? '';
    if (isOperator(this.#tokens[end], '.') && isOperator(this.#tokens[end + 2], '(')) {
      const mode = this.#mode(method, end + 2, 0);
      return { frame: { callee: method, mode, isMethod: false, position: 0, keyword: undefined }, isDirect: true };
    }
    const frame = this.#frames.slice(-maximumBrackets).findLast(({ callee }) => callee !== undefined);
    return { frame, isDirect: frame === this.#frames.at(-1) };
  }

  #isImport(at: number): boolean {
    const before = this.#tokens[at - 1];
    return before?.kind === 'name' && /^(?:from|import)$/.test(before.text);
  }

  /** Keeps account of the brackets that are open and of the argument that comes next. */
  #track(at: number, { kind, text }: CodeToken): void {
    const frame = this.#frames.at(-1);
    if (kind === 'name' && frame !== undefined && isOperator(this.#tokens[at + 1], '=')) frame.keyword = text;
    if (kind !== 'operator') return;
    if (/^[([{]$/.test(text)) this.#frames.push(this.#frameAt(at, text));
    else if (/^[)\]}]$/.test(text)) this.#frames.pop();
    else if (text === ',' && frame !== undefined) {
      frame.position += 1;
      frame.keyword = undefined;
    }
  }

  #frameAt(at: number, bracket: string): Frame {
    const before = this.#tokens[at - 1];
    const isCall =
      bracket === '(' && before?.kind === 'name' && !/^(?:if|while|for|return|in|and|or|not|def)$/.test(before.text);
    const isDefinition =
      this.#tokens[at - 2]?.kind === 'name' && /^(?:def|class|function)$/.test(this.#tokens[at - 2]?.text ?? '');
    const callee = isCall && !isDefinition ? before.text : undefined;
    const mode = callee === undefined ? undefined : this.#mode(callee, at, 1);
    // `glob.glob(…)` is a function of a module, `folder.glob(…)` is not
    const isMethod = isOperator(this.#tokens[at - 2], '.') && this.#tokens[at - 3]?.text !== callee;
    return { callee, mode, isMethod, position: 0, keyword: undefined };
  }

  /** The mode that `open(path, 'w')` is given, or `path.open('w')`. */
  #mode(callee: string, open: number, position: number): string | undefined {
    if (!opens(callee)) return undefined;
    const given = this.#expressions.arguments(open);
    const mode =
      given.find(({ keyword }) => keyword === 'mode') ?? given.filter((one) => one.keyword === undefined)[position];
    const text = mode?.value?.text;
    return text !== undefined && /^[rwaxbtU+:|a-z0-9]{1,6}$/.test(text) ? text : undefined;
  }
}
