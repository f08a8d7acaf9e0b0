import { type Isolation, isolations } from './artifact-facts.ts';
import { type AttributePath, type Expression, operands, pathText } from './expression.ts';
import type { LoadedPolicy, Rule } from './load-policy.ts';
import { actionId, scopeAllowsAction } from './scope.ts';

/** Truth of a part of which not everything is known (Kleene 1952, strong three-valued logic). */
type Truth = boolean | undefined;

/**
 * The weakest isolation of all runs with which a policy can still allow an action: what a run has to have so that it
 * is not in vain. Asked before a stage starts, because a gate says it only afterwards.
 *
 * Every rule is looked at with `provenance.isolation` at that level and nothing else known; a rule that certainly
 * denies rules the level out. A demand that stands in an `||` beside something else is therefore not counted.
 *
 * @returns `none` when nothing is demanded.
 *
 * @example
 * ```ts
 * import { demandedIsolation } from '@holdfast/policy/demanded-isolation';
 * import { loadPolicy } from '@holdfast/policy/load-policy';
 * const text = '@id("boxed") permit (principal, action, resource) when { resource has provenance && resource.provenance.isolationLevel >= 1 };';
 * const policy = loadPolicy({ texts: [{ name: 'production.cedar', text }], knownChecks: [] });
 * console.assert(demandedIsolation(policy, 'deploy') === 'sandbox');
 * ```
 */
export function demandedIsolation({ rules }: LoadedPolicy, action: string): Isolation {
  const own = rules.filter(({ json }) => scopeAllowsAction(json, actionId(action)));
  // what no level satisfies, no run can: that is for the gate to say
  return isolations.find((_, level) => canAllow(own, level)) ?? 'none';
}

function canAllow(rules: readonly Rule[], level: number): boolean {
  const fails = (rule: Rule, kind: 'when' | 'unless'): boolean =>
    rule.clauses.some((clause) => clause.kind === kind && truthOf(clause.expression, level) === false);
  const permits = rules.filter(({ effect }) => effect === 'permit');
  const forbids = rules.filter(({ effect }) => effect === 'forbid');
  return permits.some((rule) => !fails(rule, 'when')) && !forbids.some((rule) => isCertain(rule, level));
}

/** A `forbid` is certain when it has no `when` that could be false and its `unless` is false. */
function isCertain({ clauses }: Rule, level: number): boolean {
  const demands = clauses.filter(({ kind }) => kind === 'unless');
  const conditions = clauses.filter(({ kind }) => kind === 'when');
  const isMet = conditions.every(({ expression }) => truthOf(expression, level) === true);
  return isMet && demands.some(({ expression }) => truthOf(expression, level) === false);
}

function truthOf(expression: Expression, level: number): Truth {
  if (expression.kind === 'not') return negated(truthOf(expression.arg, level));
  if (expression.kind === 'and') return both(truthOf(expression.left, level), truthOf(expression.right, level));
  if (expression.kind === 'or') {
    return negated(both(negated(truthOf(expression.left, level)), negated(truthOf(expression.right, level))));
  }
  if (expression.kind === 'operation') return comparison(expression.op, operands(expression), level);
  const value = valueOf(expression, level);
  return typeof value === 'boolean' ? value : undefined;
}

const negated = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);

function both(one: Truth, other: Truth): Truth {
  if (one === false || other === false) return false;
  return one === undefined || other === undefined ? undefined : true;
}

function comparison(op: string, args: readonly Expression[], level: number): Truth {
  const [left, right] = args.map((arg) => valueOf(arg, level));
  if (left === undefined || right === undefined) return undefined;
  if (op === '==') return left === right;
  if (op === '!=') return left !== right;
  if (op === 'contains') return Array.isArray(left) ? left.includes(right) : undefined;
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  const orders: Readonly<Record<string, boolean>> = {
    '<': left < right,
    '<=': left <= right,
    '>': left > right,
    '>=': left >= right,
  };
  return orders[op];
}

function valueOf(expression: Expression, level: number): unknown {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind === 'path') return known(expression.path, level);
  if (expression.kind !== 'operation' || expression.op !== 'Set') return undefined;
  const items = expression.args.map((arg) => valueOf(arg, level));
  return items.includes(undefined) ? undefined : items;
}

function known(path: AttributePath, level: number): unknown {
  const text = pathText(path);
  if (text === 'resource.provenance.isolationLevel') return level;
  return text === 'resource.provenance.isolation' ? isolations[level] : undefined;
}
