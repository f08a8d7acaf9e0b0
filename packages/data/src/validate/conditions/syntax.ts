/** What a constant of Python's may be here; null is None. */
export type Constant = null | boolean | number | bigint | string;

export type Arithmetic = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

/** A condition as `pandas.DataFrame.query` reads it. */
export type Node =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'constant'; readonly value: Constant }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'unary'; readonly sign: '+' | '-' | '~'; readonly operand: Node }
  | { readonly kind: 'arithmetic'; readonly sign: Arithmetic; readonly left: Node; readonly right: Node }
  | { readonly kind: 'comparison'; readonly first: Node; readonly rest: readonly (readonly [Comparison, Node])[] }
  | { readonly kind: 'junction'; readonly sign: 'and' | 'or'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'call'; readonly of: Node; readonly path: string; readonly given: Given };

/** Arguments of a call. */
export interface Given {
  readonly positional: readonly Node[];
  readonly named: ReadonlyMap<string, Node>;
}
