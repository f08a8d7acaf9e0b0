/** What a template is made of, once it is parsed: https://jinja.palletsprojects.com/en/stable/templates/ */
export type Expression = { readonly at: number } & (
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list' | 'tuple' | 'slice'; readonly items: readonly Expression[] }
  | { readonly kind: 'dict'; readonly items: readonly Expression[] }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'item'; readonly of: Expression; readonly key: Expression }
  | { readonly kind: 'call'; readonly of: Expression; readonly given: Given }
  | { readonly kind: 'filter'; readonly of: Expression | undefined; readonly name: string; readonly given: Given }
  | { readonly kind: 'test'; readonly of: Expression; readonly name: string; readonly given: Given }
  /** `~`, `+`, `if` (test, then, else), `in`, `not` …: by operator. */
  | { readonly kind: 'operation'; readonly operator: string; readonly items: readonly Expression[] }
);

/** Arguments. */
export interface Given {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [name: string, value: Expression])[];
  /** Behind `*` and `**`. */
  readonly spread: readonly Expression[];
}

export interface Statement {
  readonly kind: 'output' | 'for' | 'set' | 'macro' | 'load' | 'other';
  readonly at: number;
  /** The tag; of a macro, its name. */
  readonly name: string;
  /** What it assigns: names, tuples of them, `namespace.attribute`. */
  readonly targets: readonly Expression[];
  /** What it evaluates. */
  readonly expressions: readonly Expression[];
  readonly body: readonly Statement[];
}

/** The expressions that an expression is made of, one level down. */
export function insideOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'constant':
    case 'name':
      return [];
    case 'attribute':
      return [expression.of];
    case 'item':
      return [expression.of, expression.key];
    case 'call':
    case 'filter':
    case 'test':
      return [...(expression.of === undefined ? [] : [expression.of]), ...allGiven(expression.given)];
    case 'list':
    case 'tuple':
    case 'slice':
    case 'dict':
    case 'operation':
      return expression.items;
  }
}

export function allGiven({ positional, named, spread }: Given): readonly Expression[] {
  return [...positional, ...named.map(([, value]) => value), ...spread];
}

/** An expression and all that is in it. */
export function* everyExpression(expression: Expression): Generator<Expression> {
  const waiting = [expression];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    waiting.push(...insideOf(next));
  }
}

/** Statements and all that are in them. */
export function* everyStatement(statements: readonly Statement[]): Generator<Statement> {
  for (const statement of statements) {
    yield statement;
    yield* everyStatement(statement.body);
  }
}
