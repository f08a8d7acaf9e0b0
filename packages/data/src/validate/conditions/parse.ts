import { notUnderstood } from './not-understood.ts';
import type { Arithmetic, Comparison, Given, Node } from './syntax.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Brackets, signs and calls within each other. */
const deepest = 100;
const comparisons: readonly string[] = ['==', '!=', '<', '<=', '>', '>='];

/** Reads what `DataFrame.query` takes. @throws Unanswerable for what it would not take, and for what is beyond this grammar */
export function parseCondition(source: string): Node {
  const parser = new Parser(tokensOf(source.trim()));
  return parser.whole();
}

/**
 * A parser by recursive descent for the expressions of Python that pandas evaluates. `&` and `|` are `and` and `or` in it,
 * and bind as loosely.
 */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Node {
    const node = this.#disjunction();
    const next = this.#tokens[this.#at];
    return next === undefined ? node : notUnderstood(`\`${next.text}\` where it might end`);
  }

  #takes(...texts: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined || !(token.kind === 'sign' || token.kind === 'word')) return undefined;
    if (!texts.includes(token.text)) return undefined;
    this.#at += 1;
    return token.text;
  }

  #needs(text: string): void {
    if (this.#takes(text) === undefined) notUnderstood(`\`${text}\` is missing`);
  }

  #deeper(read: () => Node): Node {
    this.#depth += 1;
    if (this.#depth > deepest) notUnderstood('it is too deep');
    const node = read();
    this.#depth -= 1;
    return node;
  }

  #disjunction(): Node {
    let left = this.#conjunction();
    while (this.#takes('or', '|') !== undefined)
      left = { kind: 'junction', sign: 'or', left, right: this.#conjunction() };
    return left;
  }

  #conjunction(): Node {
    let left = this.#negation();
    while (this.#takes('and', '&') !== undefined)
      left = { kind: 'junction', sign: 'and', left, right: this.#negation() };
    return left;
  }

  #negation(): Node {
    if (this.#takes('not') === undefined) return this.#comparison();
    return { kind: 'unary', sign: '~', operand: this.#deeper(() => this.#negation()) };
  }

  #comparison(): Node {
    const first = this.#sum();
    const rest: [Comparison, Node][] = [];
    for (let sign = this.#comparing(); sign !== undefined; sign = this.#comparing()) rest.push([sign, this.#sum()]);
    return rest.length === 0 ? first : { kind: 'comparison', first, rest };
  }

  #comparing(): Comparison | undefined {
    if (this.#takes('not') !== undefined) {
      this.#needs('in');
      return 'not in';
    }
    return this.#takes('in', ...comparisons) as Comparison | undefined;
  }

  #sum(): Node {
    return this.#chain(['+', '-'], () => this.#product());
  }

  #product(): Node {
    return this.#chain(['*', '/', '//', '%'], () => this.#factor());
  }

  #chain(signs: readonly Arithmetic[], operand: () => Node): Node {
    let left = operand();
    for (let sign = this.#takes(...signs); sign !== undefined; sign = this.#takes(...signs))
      left = { kind: 'arithmetic', sign: sign as Arithmetic, left, right: operand() };
    return left;
  }

  #factor(): Node {
    const sign = this.#takes('+', '-', '~') as '+' | '-' | '~' | undefined;
    if (sign !== undefined) return { kind: 'unary', sign, operand: this.#deeper(() => this.#factor()) };
    const left = this.#postfix();
    if (this.#takes('**') === undefined) return left;
    return { kind: 'arithmetic', sign: '**', left, right: this.#deeper(() => this.#factor()) };
  }

  /** `name.str.len()`: the whole path up to its brackets is one call; `name.dt.year` has none. */
  #postfix(): Node {
    let node = this.#atom();
    for (let calls = 0; this.#takes('.') !== undefined; calls += 1) {
      if (calls === deepest) notUnderstood('it is too deep');
      const path = [this.#name()];
      if (path[0] === 'dt') {
        this.#needs('.');
        node = { kind: 'call', of: node, path: `dt.${this.#name()}`, given: { positional: [], named: new Map() } };
        continue;
      }
      while (this.#takes('.') !== undefined) path.push(this.#name());
      this.#needs('(');
      node = { kind: 'call', of: node, path: path.join('.'), given: this.#given() };
    }
    return node;
  }

  #name(): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'name') return notUnderstood('a name is missing after a dot');
    this.#at += 1;
    return token.text;
  }

  #given(): Given {
    const positional: Node[] = [];
    const named = new Map<string, Node>();
    while (this.#takes(')') === undefined) {
      if (positional.length + named.size > 0) this.#needs(',');
      if (this.#takes(')') !== undefined) break;
      const [token, next] = [this.#tokens[this.#at], this.#tokens[this.#at + 1]];
      if (token?.kind === 'name' && next?.kind === 'sign' && next.text === '=') {
        this.#at += 2;
        named.set(
          token.text,
          this.#deeper(() => this.#disjunction()),
        );
      } else positional.push(this.#deeper(() => this.#disjunction()));
    }
    return { positional, named };
  }

  #atom(): Node {
    if (this.#takes('(') !== undefined) return this.#deeper(() => this.#bracketed());
    if (this.#takes('[') !== undefined) return { kind: 'list', items: this.#items(']', []) };
    const token = this.#tokens[this.#at];
    if (token === undefined) return notUnderstood('it ends too soon');
    this.#at += 1;
    if (token.kind === 'constant') return { kind: 'constant', value: token.value };
    if (token.kind !== 'name') return notUnderstood(`\`${token.text}\` where a value has to be`);
    if (this.#takes('(') === undefined) return { kind: 'name', name: token.text };
    const given = this.#given();
    const [of] = given.positional;
    if (token.text !== 'abs' || of === undefined || given.positional.length !== 1)
      return notUnderstood(`the function \`${token.text}\``);
    return { kind: 'call', of, path: 'abs of', given: { positional: [], named: given.named } };
  }

  /** A value in brackets, or a tuple. */
  #bracketed(): Node {
    if (this.#takes(')') !== undefined) return { kind: 'list', items: [] };
    const first = this.#disjunction();
    if (this.#takes(')') !== undefined) return first;
    return { kind: 'list', items: this.#items(')', [first]) };
  }

  #items(end: string, items: Node[]): Node[] {
    while (this.#takes(end) === undefined) {
      if (items.length > 0) this.#needs(',');
      if (this.#takes(end) !== undefined) break;
      items.push(this.#deeper(() => this.#disjunction()));
    }
    return items;
  }
}
