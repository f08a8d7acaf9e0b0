import { folded } from './fold.ts';
import { type Expression, everyExpression, everyStatement, insideOf, type Statement } from './syntax.ts';

/** What makes a new text of others. */
const builders: ReadonlySet<string> = new Set([
  'join',
  'replace',
  'format',
  'lower',
  'upper',
  'reverse',
  'string',
  'center',
]);

/**
 * The names that may hold a text which the template put together itself, so that it could spell anything: what is
 * assigned from `~`, `+` of texts, `%`, `|join` and the like, and from names that hold such a text.
 */
export function builtNames(template: readonly Statement[]): ReadonlySet<string> {
  const flows = [...flowsOf(template)];
  const built = new Set<string>();
  let rounds = 0;
  for (let before = -1; before !== built.size; ) {
    before = built.size;
    rounds += 1;
    // No template hands a text on through so many names: then every name counts as built.
    if (rounds > 100) return new Set(flows.flatMap(([target]) => [...namesOf(target)]));
    for (const [target, value] of flows) {
      if (mayBeBuilt(value, built)) for (const name of namesOf(target)) built.add(name);
    }
  }
  return built;
}

/** Whether the value of an expression may be a text that the template put together. */
export function mayBeBuilt(expression: Expression, built: ReadonlySet<string>): boolean {
  if (folded(expression) !== undefined) return false;
  if (expression.kind === 'name') return built.has(expression.name);
  if (expression.kind === 'operation') {
    if (expression.operator === '~' || expression.operator === '%' || expression.operator === '*') return true;
    if (expression.operator === '+' && !expression.items.some(isNumber)) return true;
    if (/^(?:compare|not|-|\/|\/\/|\*\*|negative)$/.test(expression.operator) || expression.items.some(isNumber))
      return false;
  }
  if (expression.kind === 'test') return false;
  if (expression.kind === 'filter' && /^(?:length|count|int|float)$/.test(expression.name)) return false;
  const name = expression.kind === 'filter' ? expression.name : methodOf(expression);
  if (name !== undefined && builders.has(name)) return true;
  if (expression.kind === 'attribute') return mayBeBuilt(expression.of, built);
  return insideOf(expression).some((inside) => mayBeBuilt(inside, built));
}

function methodOf(expression: Expression): string | undefined {
  return expression.kind === 'call' && expression.of.kind === 'attribute' ? expression.of.name : undefined;
}

/** A number for certain: a constant, a length, a place in a loop. */
function isNumber(expression: Expression): boolean {
  if (expression.kind === 'constant') return typeof expression.value === 'number';
  if (expression.kind === 'filter') return /^(?:length|count|int|float)$/.test(expression.name);
  return expression.kind === 'attribute' && /^(?:index0?|revindex0?|length|depth0?)$/.test(expression.name);
}

/** What is assigned to what: by `set`, `for`, `with`, and by calling a macro. */
function* flowsOf(template: readonly Statement[]): Generator<readonly [target: Expression, value: Expression]> {
  const macros = new Map<string, readonly Expression[]>();
  for (const { kind, name, targets, expressions } of everyStatement(template)) {
    if (kind === 'macro') macros.set(name, targets);
    for (const target of targets) for (const expression of expressions) yield [target, expression];
  }
  if (macros.size === 0) return;
  for (const { expressions } of everyStatement(template)) {
    for (const outer of expressions) {
      for (const call of everyExpression(outer)) {
        if (call.kind !== 'call' || call.of.kind !== 'name') continue;
        for (const target of macros.get(call.of.name) ?? []) yield [target, call];
      }
    }
  }
}

/** `ns.text` counts as `ns`. */
function* namesOf(target: Expression): Generator<string> {
  for (const part of everyExpression(target)) if (part.kind === 'name') yield part.name;
}
