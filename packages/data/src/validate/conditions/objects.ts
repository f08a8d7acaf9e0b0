import { notUnderstood } from './not-understood.ts';
import { parseCondition } from './parse.ts';
import type { Comparison, Constant, Node } from './syntax.ts';

/** Parts of a condition, as GX has it. */
const mostConditions = 100;
const operators: ReadonlyMap<unknown, Comparison> = new Map([
  ...(['==', '!=', '<', '<=', '>', '>='] as const).map((sign) => [sign, sign] as const),
  ['IN', 'in'],
  ['NOT_IN', 'not in'],
]);

/** Reads a condition as suites of GX 1.x store it. @throws Unanswerable, also for what GX refuses */
export function conditionOfObject(given: unknown): Node {
  const state = { left: mostConditions };
  return read(given, state, true);
}

function read(given: unknown, state: { left: number }, mayBeOr: boolean): Node {
  if (typeof given !== 'object' || given === null) return notUnderstood('a part of it is no object');
  const fields = given as Record<string, unknown>;
  const type = fields['type'];
  if (type === 'and' || type === 'or') return group(type, fields['conditions'], state, mayBeOr);
  state.left -= 1;
  if (state.left < 0) return notUnderstood(`it has more than ${mostConditions} parts`);
  switch (type) {
    case 'comparison':
      return comparison(fields);
    case 'nullity':
      return nullity(fields);
    case 'pass_through': {
      const filter = fields['pass_through_filter'];
      return typeof filter === 'string' ? parseCondition(filter) : notUnderstood('`pass_through_filter` is no text');
    }
    default:
      return notUnderstood(`a part of the type \`${String(type)}\``);
  }
}

/** GX takes no `or` within an `and` or within another `or`; of no conditions its engines make all rows, or none. */
function group(type: 'and' | 'or', conditions: unknown, state: { left: number }, mayBeOr: boolean): Node {
  if (type === 'or' && !mayBeOr) return notUnderstood('an `or` within another part');
  if (!Array.isArray(conditions) || conditions.length === 0) return notUnderstood(`an \`${type}\` of no conditions`);
  if (conditions.length > mostConditions) return notUnderstood(`it has more than ${mostConditions} parts`);
  state.left -= 1;
  if (state.left < -mostConditions) return notUnderstood(`it has more than ${mostConditions} parts`);
  const nodes = (conditions as unknown[]).map((each) => read(each, state, false));
  return nodes.reduce((left, right) => ({ kind: 'junction', sign: type, left, right }));
}

function columnOf(fields: Record<string, unknown>): Node {
  const name = (fields['column'] as { name?: unknown } | undefined)?.name;
  return typeof name === 'string' ? { kind: 'name', name } : notUnderstood('a part of it names no column');
}

function nullity(fields: Record<string, unknown>): Node {
  const isNull = fields['is_null'];
  if (typeof isNull !== 'boolean') return notUnderstood('`is_null` is neither true nor false');
  const given = { positional: [], named: new Map() };
  return { kind: 'call', of: columnOf(fields), path: isNull ? 'isnull' : 'notnull', given };
}

function comparison(fields: Record<string, unknown>): Node {
  const sign = operators.get(fields['operator']);
  if (sign === undefined) return notUnderstood(`the operator \`${String(fields['operator'])}\``);
  const parameter = fields['parameter'];
  return { kind: 'comparison', first: columnOf(fields), rest: [[sign, parameterOf(sign, parameter)]] };
}

function parameterOf(sign: Comparison, parameter: unknown): Node {
  if (Array.isArray(parameter)) {
    const items = (parameter as unknown[]).map(constantOf);
    const kinds = new Set(items.map(({ value }) => typeof value));
    const isFine = kinds.size === 0 || (kinds.size === 1 && !kinds.has('boolean'));
    if ((sign === 'in' || sign === 'not in') && !isFine)
      return notUnderstood('a set in it is not of texts or of numbers');
    return { kind: 'list', items };
  }
  if (sign === 'in' || sign === 'not in') return notUnderstood('what a set has to be is none');
  return constantOf(parameter);
}

function constantOf(value: unknown): { readonly kind: 'constant'; readonly value: Constant } {
  if (typeof value === 'string' || typeof value === 'boolean') return { kind: 'constant', value };
  if (typeof value === 'number') return { kind: 'constant', value };
  return notUnderstood('a value in it is no text, no number and neither true nor false');
}
