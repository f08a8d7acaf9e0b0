import type { Expr } from './cedar.ts';
import { PolicyError } from './errors.ts';

export type Variable = 'principal' | 'action' | 'resource' | 'context';

/** A chain of attributes from a variable: `resource.trial.robustness`; no names: the variable itself. */
export interface AttributePath {
  readonly root: Variable;
  readonly names: readonly string[];
}

/** A literal: string, number, boolean, or an entity written as `{ __entity }`. */
export interface Literal {
  readonly kind: 'literal';
  readonly value: unknown;
}

export const decimalComparisons = ['greaterThan', 'greaterThanOrEqual', 'lessThan', 'lessThanOrEqual'] as const;
export type DecimalComparison = (typeof decimalComparisons)[number];

/**
 * The part of Cedar's expressions that Holdfast's policies may use, as a tree.
 *
 * Left out is what can fail at run time (arithmetic, parsing of text, tags) and what would hide which attribute is
 * read (records, attributes of computed values). Everything left is total once it has passed strict validation.
 */
export type Expression =
  | Literal
  | { readonly kind: 'path'; readonly path: AttributePath }
  | { readonly kind: 'has'; readonly path: AttributePath }
  | { readonly kind: 'not'; readonly arg: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'if'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'decimal'; readonly op: DecimalComparison; readonly left: Expression; readonly right: Expression }
  /** `==`, `<`, `contains`, `like`, `is`, `decimal("…")`, sets: all operands are read as values. */
  | { readonly kind: 'operation'; readonly op: string; readonly args: readonly Expression[] };

const binaryOperators = new Set(['==', '!=', '<', '<=', '>', '>=', 'in', 'contains', 'containsAll', 'containsAny']);
const variables: readonly string[] = ['principal', 'action', 'resource', 'context'] satisfies Variable[];

/** The abstract syntax as it comes from Cedar: one key, the operator. */
type Node = Readonly<Record<string, unknown>>;

/**
 * Reads Cedar's JSON syntax, https://docs.cedarpolicy.com/policies/json-format.html#JsonExpr-objects
 *
 * @throws PolicyError HF_POLICY_UNSUPPORTED for every operator that is not listed above.
 */
export function readExpression(expr: Expr, where: string): Expression {
  const entries = Object.entries(expr as Node);
  const [entry] = entries;
  if (entries.length !== 1 || entry === undefined) throw unsupported('an expression without one operator', where);
  const [op, body] = entry;
  if (Array.isArray(body)) return readCall(op, body as Expr[], where);
  const node = body as Node;
  const read = (name: string): Expression => readExpression(node[name] as Expr, where);
  if (op === 'Value') return { kind: 'literal', value: body };
  if (op === 'Var' || op === '.') return { kind: 'path', path: pathOf(expr, where) };
  if (op === 'has') return { kind: 'has', path: presencePath(node, where) };
  if (op === '!') return { kind: 'not', arg: read('arg') };
  if (op === '&&' || op === '||') return { kind: op === '&&' ? 'and' : 'or', left: read('left'), right: read('right') };
  if (op === 'if-then-else') return { kind: 'if', test: read('if'), yes: read('then'), no: read('else') };
  if (binaryOperators.has(op)) return { kind: 'operation', op, args: [read('left'), read('right')] };
  if (op === 'like') return { kind: 'operation', op, args: [read('left')] };
  if (op === 'isEmpty') return { kind: 'operation', op, args: [read('arg')] };
  if (op === 'is') return { kind: 'operation', op, args: 'in' in node ? [read('left'), read('in')] : [read('left')] };
  throw unsupported(`\`${op}\``, where);
}

/** Sets and calls of extension functions: both are an operator with a list. */
function readCall(op: string, args: readonly Expr[], where: string): Expression {
  const read = args.map((arg) => readExpression(arg, where));
  if (op === 'Set') return { kind: 'operation', op, args: read };
  const [left, right] = read;
  if ((op === 'decimal' || op === 'datetime') && left?.kind === 'literal')
    return { kind: 'operation', op, args: [left] };
  const comparison = decimalComparisons.find((name) => name === op);
  if (comparison === undefined || left === undefined || right === undefined) throw unsupported(`\`${op}(…)\``, where);
  return { kind: 'decimal', op: comparison, left, right };
}

function presencePath(node: Node, where: string): AttributePath {
  const { root, names } = pathOf(node['left'] as Expr, where);
  return { root, names: [...names, ...([node['attr']].flat() as string[])] };
}

function pathOf(expr: Expr, where: string): AttributePath {
  const node = expr as Node;
  const variable = node['Var'];
  if (typeof variable === 'string' && variables.includes(variable)) return { root: variable as Variable, names: [] };
  const access = node['.'] as { left: Expr; attr: string } | undefined;
  if (access === undefined) throw unsupported('an attribute of a computed value', where);
  const { root, names } = pathOf(access.left, where);
  return { root, names: [...names, access.attr] };
}

function unsupported(what: string, where: string): PolicyError {
  return new PolicyError('HF_POLICY_UNSUPPORTED', `${what} is not part of the Cedar that policies may use here`, {
    where,
  });
}

/** The expressions directly below. */
export function operands(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'path':
    case 'has':
      return [];
    case 'not':
      return [expression.arg];
    case 'and':
    case 'or':
    case 'decimal':
      return [expression.left, expression.right];
    case 'if':
      return [expression.test, expression.yes, expression.no];
    case 'operation':
      return expression.args;
  }
}

/** Every attribute path in an expression, read or asked for with `has`, in reading order. */
export function pathsIn(expression: Expression): AttributePath[] {
  if (expression.kind === 'path' || expression.kind === 'has') return [expression.path];
  return operands(expression).flatMap(pathsIn);
}

/** `resource.trial.robustness`, as it would be written in Cedar. */
export function pathText({ root, names }: AttributePath): string {
  return names.reduce<string>(
    (text, name) => text + (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`),
    root,
  );
}
