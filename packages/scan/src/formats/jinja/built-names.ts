import { folded } from './fold.ts';
import { allGiven, type Expression, everyExpression, everyStatement, insideOf, type Statement } from './syntax.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/**
 * Filters and methods that return what they are given, or a piece of it, so that no text comes out that did not stand
 * somewhere in one piece. Whatever is not among them may make one: `'__<b>x__'|striptags`, `'__x'.ljust(5, '_')`.
 */
const keepers: ReadonlySet<string> = new Set(
  `abs batch copy count d default dictsort find first float get groupby index int items keys last length list lstrip map
   max min partition pop reject rejectattr removeprefix removesuffix rfind rindex round rpartition rsplit rstrip select
   selectattr slice sort split splitlines strip trim unique values wordcount
   startswith endswith isalnum isalpha isascii isdecimal isdigit islower isnumeric isspace isupper`.split(/\s+/),
);
/** Functions that keep what they are given; any other, a macro or `caller` among them, may return a text of its own. */
const holders: ReadonlySet<string> = new Set(['range', 'dict', 'namespace', 'cycler', 'joiner']);

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
    if (rounds > 100) return new Set(flows.flatMap(({ names }) => names));
    for (const { names, values } of flows) {
      if (names.every((name) => built.has(name))) continue;
      if (values.some((value) => mayBeBuilt(value, built))) for (const name of names) built.add(name);
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
  if (expression.kind === 'filter' && !keepers.has(expression.name)) return true;
  if (expression.kind === 'call' && !keepsText(expression)) return true;
  if (expression.kind === 'item' && expression.key.kind === 'slice' && skips(expression.key.items)) return true;
  if (expression.kind === 'attribute') return mayBeBuilt(expression.of, built);
  return insideOf(expression).some((inside) => mayBeBuilt(inside, built));
}

function keepsText({ of }: Call): boolean {
  if (of.kind === 'attribute') return keepers.has(of.name);
  return of.kind === 'name' && holders.has(of.name);
}

/** A slice that leaves out some of what is between its ends. */
function skips([, , step]: readonly Expression[]): boolean {
  const value = step === undefined ? null : folded(step);
  return value !== null && value !== 1 && value !== -1;
}

/** A number for certain: a constant, a length, a place in a loop. */
function isNumber(expression: Expression): boolean {
  if (expression.kind === 'constant') return typeof expression.value === 'number';
  if (expression.kind === 'filter') return /^(?:length|count|int|float)$/.test(expression.name);
  return expression.kind === 'attribute' && /^(?:index0?|revindex0?|length|depth0?)$/.test(expression.name);
}

/** Any of these names may get any of these values. A tag with many of both is one flow: their pairs are not counted up. */
interface Flow {
  readonly names: readonly string[];
  readonly values: readonly Expression[];
}

/** What is assigned to what: by `set`, `for`, `with`, and by calling a macro. */
function* flowsOf(template: readonly Statement[]): Generator<Flow> {
  const macros = new Map<string, { readonly names: readonly string[]; readonly values: Expression[] }>();
  for (const { kind, name, targets, expressions } of everyStatement(template)) {
    const names = targets.flatMap((target) => [...namesOf(target)]);
    if (kind === 'macro') macros.set(name, { names, values: [] });
    const isBlock = kind === 'set' && expressions.every(isOfBlock);
    if (names.length > 0) yield { names, values: isBlock ? [...expressions, written] : expressions };
  }
  if (macros.size === 0) return;
  for (const call of callsIn(template)) {
    const macro = call.of.kind === 'name' ? macros.get(call.of.name) : undefined;
    for (const value of allGiven(call.given)) macro?.values.push(value);
  }
  yield* macros.values();
}

function* callsIn(template: readonly Statement[]): Generator<Call> {
  for (const { expressions } of everyStatement(template)) {
    for (const outer of expressions) {
      for (const inner of everyExpression(outer)) if (inner.kind === 'call') yield inner;
    }
  }
}

/** What stands between `{% set x %}` and `{% endset %}`: a text that the template writes. */
const written: Expression = {
  ...{ kind: 'call', of: { kind: 'name', name: 'caller', at: 0 }, at: 0 },
  given: { positional: [], named: [], spread: [] },
};

/** The filters of `{% set x | filter %}`, which have nothing before them. */
function isOfBlock(expression: Expression): boolean {
  let start: Expression | undefined = expression;
  while (start?.kind === 'filter') start = start.of;
  return start === undefined;
}

/** `ns.text` counts as `ns`. */
function* namesOf(target: Expression): Generator<string> {
  for (const part of everyExpression(target)) if (part.kind === 'name') yield part.name;
}
