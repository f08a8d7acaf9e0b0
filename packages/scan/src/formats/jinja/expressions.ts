import type { Expression, Given } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

const constants: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...([
    ['true', true],
    ['True', true],
    ['false', false],
    ['False', false],
    ['none', null],
    ['None', null],
  ] as const),
]);
const comparisons = ['==', '!=', '>', '>=', '<', '<='] as const;

/** Binary operators from the loosest to the tightest; `~` joins many. */
const levels: readonly (readonly string[])[] = [['+', '-'], ['~'], ['*', '/', '//', '%'], ['**']];

/** Parses expressions, as `jinja2/parser.py` of 3.1 does. */
export class ExpressionParser {
  readonly #tokens: TokenStream;

  constructor(tokens: TokenStream) {
    this.#tokens = tokens;
  }

  /** @param conditional whether `… if …` may stand here */
  expression(conditional = true): Expression {
    return this.#tokens.nested(() => (conditional ? this.#conditional() : this.#or()));
  }

  /** One expression, or a tuple without brackets. */
  tuple(how: { conditional?: boolean; until?: string; brackets?: boolean } = {}): Expression {
    return this.items(() => this.expression(how.conditional ?? true), how);
  }

  items(parse: () => Expression, { until, brackets = false }: { until?: string; brackets?: boolean }): Expression {
    const tokens = this.#tokens;
    const { at } = tokens.current;
    const items: Expression[] = [];
    let comma = false;
    while (!tokens.is('}}', '%}', ')') && (until === undefined || !tokens.isName(until))) {
      items.push(parse());
      if (!tokens.skip(',')) break;
      comma = true;
    }
    const [only] = items;
    if (only !== undefined && !comma) return only;
    if (only === undefined && !brackets) throw tokens.unexpected('an expression is expected');
    return { kind: 'tuple', items, at };
  }

  #conditional(): Expression {
    let result = this.#or();
    for (let links = 0; this.#tokens.skipName('if'); links += 1) {
      this.#tokens.chain(links);
      const test = this.#or();
      const otherwise = this.#tokens.skipName('else') ? [this.#tokens.nested(() => this.#conditional())] : [];
      result = { kind: 'operation', operator: 'if', items: [test, result, ...otherwise], at: result.at };
    }
    return result;
  }

  #or(): Expression {
    return this.#words('or', () => this.#words('and', () => this.#not()));
  }

  #words(operator: string, parse: () => Expression): Expression {
    let left = parse();
    for (let links = 0; this.#tokens.skipName(operator); links += 1) {
      this.#tokens.chain(links);
      left = { kind: 'operation', operator, items: [left, parse()], at: left.at };
    }
    return left;
  }

  #not(): Expression {
    const { at } = this.#tokens.current;
    if (!this.#tokens.skipName('not')) return this.#compare();
    return { kind: 'operation', operator: 'not', items: [this.#tokens.nested(() => this.#not())], at };
  }

  #compare(): Expression {
    const tokens = this.#tokens;
    const items = [this.#binary(0)];
    for (;;) {
      if (tokens.is(...comparisons) || tokens.isName('in')) tokens.take();
      else if (tokens.isName('not') && tokens.following.type === 'name' && tokens.following.value === 'in') {
        tokens.take();
        tokens.take();
      } else break;
      items.push(this.#binary(0));
    }
    const [only] = items;
    if (only !== undefined && items.length === 1) return only;
    return { kind: 'operation', operator: 'compare', items, at: only?.at ?? 0 };
  }

  #binary(level: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return this.#unary(true);
    let left = this.#binary(level + 1);
    for (let links = 0; this.#tokens.is(...operators); links += 1) {
      this.#tokens.chain(links);
      const operator = this.#tokens.take().type;
      left = { kind: 'operation', operator, items: [left, this.#binary(level + 1)], at: left.at };
    }
    return left;
  }

  #unary(filters: boolean): Expression {
    const { at } = this.#tokens.current;
    let result: Expression;
    if (this.#tokens.is('-', '+')) {
      const operator = this.#tokens.take().type === '-' ? 'negative' : 'positive';
      result = { kind: 'operation', operator, items: [this.#tokens.nested(() => this.#unary(false))], at };
    } else result = this.primary();
    result = this.postfix(result);
    return filters ? this.#filters(result) : result;
  }

  primary(namespaces = false): Expression {
    const tokens = this.#tokens;
    const { type, value, at } = tokens.current;
    if (type === '(') {
      tokens.take();
      const inside = tokens.nested(() => this.tuple({ brackets: true }));
      tokens.expect(')');
      return inside;
    }
    if (type === '[') return { kind: 'list', items: this.#list(']', () => [this.expression()]), at };
    if (type === '{') return { kind: 'dict', items: this.#list('}', () => this.#pair()), at };
    if (type === 'name') return this.#name(namespaces);
    if (type === 'string') return { kind: 'constant', value: this.#strings(), at };
    if (type !== 'integer' && type !== 'float') throw tokens.unexpected('an expression is expected');
    tokens.take();
    return { kind: 'constant', value: Number(value.replaceAll('_', '')), at };
  }

  /** Strings that follow each other are one. */
  #strings(): string {
    let text = '';
    while (this.#tokens.is('string')) text += this.#tokens.take().value;
    return text;
  }

  #name(namespaces: boolean): Expression {
    const tokens = this.#tokens;
    const { value: name, at } = tokens.take();
    const constant = constants.get(name);
    if (constant !== undefined) return { kind: 'constant', value: constant, at };
    if (!namespaces || !tokens.skip('.')) return { kind: 'name', name, at };
    return { kind: 'attribute', of: { kind: 'name', name, at }, name: tokens.expect('name').value, at };
  }

  #list(end: string, parse: () => readonly Expression[]): readonly Expression[] {
    const tokens = this.#tokens;
    const items: Expression[] = [];
    tokens.take();
    while (!tokens.is(end)) {
      items.push(...parse());
      if (!tokens.is(end)) tokens.expect(',');
    }
    tokens.take();
    return items;
  }

  #pair(): readonly Expression[] {
    const key = this.expression();
    this.#tokens.expect(':');
    return [key, this.expression()];
  }

  /** Attributes, items and calls behind an expression. */
  postfix(start: Expression): Expression {
    let result = start;
    for (let links = 0; ; links += 1) {
      this.#tokens.chain(links);
      if (this.#tokens.is('.')) result = this.#attribute(result);
      else if (this.#tokens.is('[')) result = this.#item(result);
      else if (this.#tokens.is('(')) result = { kind: 'call', of: result, given: this.given(), at: result.at };
      else return result;
    }
  }

  #attribute(of: Expression): Expression {
    const { at } = this.#tokens.take();
    const { type, value } = this.#tokens.current;
    if (type !== 'name' && type !== 'integer') throw this.#tokens.unexpected('a name is expected');
    this.#tokens.take();
    if (type === 'name') return { kind: 'attribute', of, name: value, at };
    return { kind: 'item', of, key: { kind: 'constant', value: Number(value.replaceAll('_', '')), at }, at };
  }

  #item(of: Expression): Expression {
    const tokens = this.#tokens;
    const { at } = tokens.take();
    const keys: Expression[] = [];
    while (!tokens.is(']')) {
      if (keys.length > 0) tokens.expect(',');
      keys.push(this.#subscript());
    }
    tokens.take();
    const [key] = keys;
    if (key !== undefined && keys.length === 1) return { kind: 'item', of, key, at };
    return { kind: 'item', of, key: { kind: 'tuple', items: keys, at }, at };
  }

  /** A key, or a slice of up to three parts. */
  #subscript(): Expression {
    const tokens = this.#tokens;
    const { at } = tokens.current;
    const none: Expression = { kind: 'constant', value: null, at };
    const first = tokens.is(':') ? none : this.expression();
    if (!tokens.skip(':')) return first;
    const part = (): Expression => (tokens.is(']', ',', ':') ? none : this.expression());
    const second = part();
    const third = tokens.skip(':') ? (tokens.is(']', ',') ? none : this.expression()) : none;
    return { kind: 'slice', items: [first, second, third], at };
  }

  #filters(start: Expression): Expression {
    let result = start;
    for (let links = 0; ; links += 1) {
      this.#tokens.chain(links);
      if (this.#tokens.is('|')) result = this.filter(result);
      else if (this.#tokens.isName('is')) result = this.#test(result);
      else if (this.#tokens.is('(')) result = { kind: 'call', of: result, given: this.given(), at: result.at };
      else return result;
    }
  }

  /** One filter, with the bar before it. */
  filter(of: Expression | undefined, bar = true): Expression {
    if (bar) this.#tokens.expect('|');
    const { at } = this.#tokens.current;
    const name = this.#dotted();
    return { kind: 'filter', of, name, given: this.#tokens.is('(') ? this.given() : nothing, at };
  }

  #dotted(): string {
    let name = this.#tokens.expect('name').value;
    while (this.#tokens.skip('.')) name += `.${this.#tokens.expect('name').value}`;
    return name;
  }

  #test(of: Expression): Expression {
    const tokens = this.#tokens;
    const { at } = tokens.take();
    const negated = tokens.skipName('not');
    const name = this.#dotted();
    let given = nothing;
    if (tokens.is('(')) given = this.given();
    else if (tokens.is('name', 'string', 'integer', 'float', '[', '{') && !tokens.isName('else', 'or', 'and')) {
      if (tokens.isName('is')) throw tokens.unexpected('one test is expected');
      given = { ...nothing, positional: [this.postfix(this.primary())] };
    }
    const test: Expression = { kind: 'test', of, name, given, at };
    return negated ? { kind: 'operation', operator: 'not', items: [test], at } : test;
  }

  /** Arguments with their brackets: positional, then named, then `*`, then `**`. */
  given(): Given {
    return this.#tokens.nested(() => this.#given());
  }

  #given(): Given {
    const tokens = this.#tokens;
    const positional: Expression[] = [];
    const named: [string, Expression][] = [];
    const spread: Expression[] = [];
    const stars = { '*': false, '**': false };
    const require = (order: boolean): void => {
      if (!order) throw tokens.unexpected('arguments in their order are expected');
    };
    tokens.expect('(');
    while (!tokens.is(')')) {
      if (tokens.is('*', '**')) {
        const { type } = tokens.take();
        require(!stars['**'] && (type === '**' || !stars['*']));
        stars[type as keyof typeof stars] = true;
        spread.push(this.expression());
      } else if (tokens.is('name') && tokens.following.type === '=') {
        require(!stars['**']);
        const { value: name } = tokens.take();
        tokens.take();
        named.push([name, this.expression()]);
      } else {
        require(!stars['*'] && !stars['**'] && named.length === 0);
        positional.push(this.expression());
      }
      if (!tokens.is(')')) tokens.expect(',');
    }
    tokens.take();
    return { positional, named, spread };
  }
}

const nothing: Given = { positional: [], named: [], spread: [] };
