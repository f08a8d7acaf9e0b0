import { type CodeToken, isOperator } from './code-tokens.ts';
import { type Constants, PathExpressions } from './path-expressions.ts';
import type { PathValue } from './path-value.ts';

/**
 * The paths that a program gives names to: assignments, defaults of parameters, `add_argument("--data", default=…)`,
 * `@click.option`. A name that is given two values is worth none.
 *
 * @param imported what the files of the project that it imports give names to
 * @param file the program's path in the project
 */
export function constantsOf(tokens: readonly CodeToken[], imported: Constants, file: string): Constants {
  const collected = new Collection(imported);
  const declared = parametersOf(tokens);
  for (let at = 0; at < tokens.length; at += 1) {
    const expressions = collected.expressions(tokens, file);
    const option = optionAt(tokens, at, expressions);
    if (option !== undefined) collected.add(option.name, 'attribute', option.value);
    const assigned = assignmentAt(tokens, at, declared);
    if (assigned === undefined) continue;
    const found = expressions.at(assigned.value);
    const isWhole = found !== undefined && endsHere(tokens[found.end], declared.has(at));
    collected.add(assigned.name, assigned.of, isWhole ? found.value : undefined);
  }
  return { names: collected.names, attributes: collected.attributes };
}

class Collection {
  readonly names: Map<string, PathValue>;
  readonly attributes: Map<string, PathValue>;
  readonly #own = { name: new Set<string>(), attribute: new Set<string>() };
  #expressions: PathExpressions | undefined;

  constructor({ names, attributes }: Constants) {
    this.names = new Map(names);
    this.attributes = new Map(attributes);
  }

  /** Made once: it looks at the same maps, which grow. */
  expressions(tokens: readonly CodeToken[], file: string): PathExpressions {
    this.#expressions ??= new PathExpressions(tokens, this, file);
    return this.#expressions;
  }

  add(name: string, of: 'name' | 'attribute' | 'both', value: PathValue | undefined): void {
    for (const kind of of === 'both' ? (['name', 'attribute'] as const) : [of]) {
      const map = kind === 'name' ? this.names : this.attributes;
      const isAgain = this.#own[kind].has(name) && map.get(name)?.text !== value?.text;
      this.#own[kind].add(name);
      if (value?.isKnown === true && !isAgain) map.set(name, value);
      else map.delete(name);
    }
  }
}

/** What may stand behind the whole of a value. */
function endsHere(token: CodeToken | undefined, isParameter: boolean): boolean {
  if (token === undefined || token.kind === 'newline' || isOperator(token, ';')) return true;
  return isParameter && (isOperator(token, ',') || isOperator(token, ')'));
}

/** Indexes of the names of the parameters of `def name(…)`. */
function parametersOf(tokens: readonly CodeToken[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const [start, token] of tokens.entries()) {
    if (token.kind !== 'name' || !/^(?:def|function)$/.test(token.text)) continue;
    let depth = 0;
    for (let at = start + 2; at < Math.min(tokens.length, start + 2000); at += 1) {
      const { kind, text } = tokens[at] ?? { kind: 'newline', text: '' };
      if (kind === 'operator' && /^[([{]$/.test(text)) depth += 1;
      if (kind === 'operator' && /^[)\]}]$/.test(text)) depth -= 1;
      if (depth === 0) break;
      if (depth === 1 && kind === 'name') found.add(at);
    }
  }
  return found;
}

interface Assignment {
  readonly name: string;
  readonly of: 'name' | 'attribute' | 'both';
  /** Index of the first token of the value. */
  readonly value: number;
}

/** An assignment whose target is the name at `at`. */
function assignmentAt(tokens: readonly CodeToken[], at: number, declared: ReadonlySet<number>): Assignment | undefined {
  const token = tokens[at];
  if (token?.kind !== 'name') return undefined;
  const before = tokens[at - 1];
  const isParameter = declared.has(at);
  const isAttribute = isOperator(before, '.');
  const begins = before === undefined || before.kind === 'newline' || /^(?:const|let|var|[;:{}])$/.test(before.text);
  if (!isParameter && !isAttribute && !begins) return undefined;
  const value = valueStart(tokens, at);
  if (value === undefined) return undefined;
  const isAnnotated = isOperator(tokens[at + 1], ':');
  return { name: token.text, of: isAttribute ? 'attribute' : isAnnotated ? 'both' : 'name', value };
}

/** Behind the `=`, with an annotation of a few tokens before it. */
function valueStart(tokens: readonly CodeToken[], at: number): number | undefined {
  if (isOperator(tokens[at + 1], '=')) return at + 2;
  if (!isOperator(tokens[at + 1], ':')) return undefined;
  for (let next = at + 2; next < at + 20; next += 1) {
    const token = tokens[next];
    if (token === undefined || token.kind === 'newline' || /^[(),;]$/.test(token.text)) return undefined;
    if (isOperator(token, '=')) return next + 1;
  }
  return undefined;
}

/** The default of a command-line option that `add_argument(` or `option(` at `at` declares. */
function optionAt(
  tokens: readonly CodeToken[],
  at: number,
  expressions: PathExpressions,
): { name: string; value: PathValue | undefined } | undefined {
  const token = tokens[at];
  if (token?.kind !== 'name' || !/^(?:add_argument|option|argument)$/.test(token.text)) return undefined;
  if (!isOperator(tokens[at + 1], '(')) return undefined;
  const given = expressions.arguments(at + 1);
  const flags = given.flatMap(({ keyword, value }) => (keyword === undefined && value?.isKnown ? [value.text] : []));
  const named = given.find(({ keyword }) => keyword === 'dest')?.value?.text;
  const flag = named ?? flags.find((text) => text.startsWith('--')) ?? flags.at(-1);
  const fallback = given.find(({ keyword }) => keyword === 'default');
  if (flag === undefined || fallback === undefined) return undefined;
  return { name: flag.replace(/^-+/, '').replaceAll('-', '_'), value: fallback.value };
}
