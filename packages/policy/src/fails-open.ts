import { type Clause, type Expr, type PolicyJson, policyText } from './cedar.ts';
import { PolicyError } from './errors.ts';
import { type AttributePath, type Expression, pathText } from './expression.ts';
import { firstEvidence, objection } from './monotone.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A `when { … }` or `unless { … }` of a policy, as Cedar gave it and as a tree. */
export interface ReadClause {
  readonly kind: 'when' | 'unless';
  readonly body: Expr;
  readonly expression: Expression;
}

/**
 * The loader's rule: missing evidence may turn an allow into a denial, never the reverse.
 *
 * Evidence may stand in `permit … when` and in `forbid … unless`, where more truth allows more, and there only so that
 * missing evidence makes it less true. In `forbid … when` and `permit … unless` it may not stand at all.
 *
 * @throws PolicyError HF_POLICY_FAILS_OPEN, HF_POLICY_ROUNDING
 */
export function checkFailsClosed(
  policy: { readonly id: string; readonly where: string; readonly json: PolicyJson },
  clauses: readonly ReadClause[],
  words: Vocabulary,
): void {
  const demanding = policy.json.effect === 'permit' ? 'when' : 'unless';
  for (const clause of clauses) {
    if (clause.kind === demanding) {
      const found = objection(clause.expression, 'falling', words);
      if (found === undefined) continue;
      const message = `policy \`${policy.id}\`: \`${pathText(found.path)}\` ${found.why}`;
      throw new PolicyError(found.code, message, { where: policy.where });
    }
    const path = firstEvidence(clause.expression, words);
    if (path !== undefined) throw wrongPlace(policy, clause, path);
  }
}

function wrongPlace(
  policy: { readonly id: string; readonly where: string; readonly json: PolicyJson },
  clause: ReadClause,
  path: AttributePath,
): PolicyError {
  const form = `${policy.json.effect} … ${clause.kind}`;
  const message = `policy \`${policy.id}\` reads \`${pathText(path)}\` in \`${form}\`, which allows when it is missing`;
  const fix = `demand it instead:\n${rewritten(policy.json, clause.body)}`;
  return new PolicyError('HF_POLICY_FAILS_OPEN', message, { where: policy.where, fix });
}

/**
 * The same policy with its condition turned round: `forbid … when { has x && bad }` becomes
 * `forbid … unless { has x && !bad }`. Guards stay, so that what is missing no longer passes.
 */
function rewritten(json: PolicyJson, body: Expr): string {
  const parts = conjuncts(body);
  const guards = parts.filter((part) => 'has' in part);
  const rest = parts.filter((part) => !('has' in part));
  const demands = rest.length === 0 ? guards : [...guards, negated(rest.reduce(and))];
  const turned: Clause = { kind: json.effect === 'permit' ? 'when' : 'unless', body: demands.reduce(and) };
  return policyText({ ...json, conditions: json.conditions.map((c) => (c.body === body ? turned : c)) });
}

const and = (left: Expr, right: Expr): Expr => ({ '&&': { left, right } });

const counterparts: Readonly<Record<string, string>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

function negated(expr: Expr): Expr {
  const [[op, body] = ['', undefined]] = Object.entries(expr) as [string, unknown][];
  if (op === '!') return (body as { arg: Expr }).arg;
  const counterpart = counterparts[op];
  return counterpart === undefined ? { '!': { arg: expr } } : ({ [counterpart]: body } as Expr);
}

/** The parts of `a && b && c`, left to right. */
export function conjuncts(expr: Expr): Expr[] {
  if (!('&&' in expr)) return [expr];
  const { left, right } = expr['&&'] as { left: Expr; right: Expr };
  return [...conjuncts(left), ...conjuncts(right)];
}
