import type { Expression, Given } from './syntax.ts';

/** A value that is the same whatever a template is given. */
export type Constant = string | number | boolean | null | readonly Constant[];

/** Characters of a folded text: what is longer is no attribute's name. */
const longest = 4096;

/**
 * What an expression comes to, where it is made of constants only: `'__cl' ~ 'ass__'`, `['a', 'b']|join`, `'x'[::-1]`.
 * So a name that is put together is seen as what it is. Nothing else is evaluated.
 */
export function folded(expression: Expression): Constant | undefined {
  const known = results.get(expression);
  if (known !== undefined) return known.value;
  const value = fold(expression);
  results.set(expression, { value });
  return value;
}

/** An expression is asked for again by each that it is in: without these, long ones would take quadratic time. */
const results = new WeakMap<Expression, { readonly value: Constant | undefined }>();

function fold(expression: Expression): Constant | undefined {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'list':
    case 'tuple':
      return all(expression.items);
    case 'operation':
      return operation(expression.operator, expression.items);
    case 'filter':
      return expression.of === undefined ? undefined : applied(expression.name, expression.of, expression.given);
    case 'call':
      if (expression.of.kind !== 'attribute') return undefined;
      return applied(expression.of.name, expression.of.of, expression.given);
    case 'item':
      return item(folded(expression.of), expression.key);
    case 'name':
    case 'dict':
    case 'slice':
    case 'attribute':
    case 'test':
      return undefined;
  }
}

function all(items: readonly Expression[]): readonly Constant[] | undefined {
  const values = items.map(folded);
  return values.some((value) => value === undefined) ? undefined : (values as Constant[]);
}

function operation(operator: string, items: readonly Expression[]): Constant | undefined {
  const values = all(items);
  if (values === undefined) return undefined;
  const [left, right] = values as [Constant, Constant];
  if (operator === 'negative' && typeof left === 'number') return -left;
  if (operator === '~') return bounded(textOf(left) + textOf(right));
  if (typeof left === 'number' && typeof right === 'number') return arithmetic(operator, left, right);
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') return bounded(left + right);
  if (operator === '+' && isList(left) && isList(right)) return boundedList([...left, ...right]);
  if (operator === '*') return repeated(left, right) ?? repeated(right, left);
  if (operator === '%' && typeof left === 'string') return formatted(left, right);
  return undefined;
}

function arithmetic(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '**':
      return left ** right;
    default:
      return undefined;
  }
}

function repeated(text: Constant, times: Constant): string | undefined {
  if (typeof text !== 'string' || typeof times !== 'number' || !(times >= 0)) return undefined;
  if (!Number.isInteger(times) || text.length * times > longest) return undefined;
  return text.repeat(times);
}

/** `%s`, `%d` and `%c`, in their order; undefined with flags, widths, precisions or names, and with too few values. */
function formatted(format: string, values: Constant): string | undefined {
  const waiting = isList(values) ? [...values] : [values];
  const wanted = [...format.matchAll(/%(.?)/gs)].map(([, kind = '']) => kind).filter((kind) => kind !== '%');
  if (wanted.length !== waiting.length || !wanted.every((kind) => /^[sdc]$/.test(kind)) || waiting.some(isList)) {
    return undefined;
  }
  return bounded(
    format.replace(/%([sdc%])/g, (_, kind: string) => {
      if (kind === '%') return '%';
      const value = waiting.shift() ?? '';
      return kind === 'c' && typeof value === 'number' ? character(value) : textOf(value);
    }),
  );
}

/** `str.format` with `{}` in their order, or with `{0}`; undefined for anything else in braces. */
function braced(format: string, values: readonly Constant[]): string | undefined {
  const wanted = [...format.matchAll(/\{([^}]*)\}/g)].map(([, field = ''], at) => (field === '' ? String(at) : field));
  const isPlain = wanted.every((field) => /^\d+$/.test(field) && Number(field) < values.length);
  if (!isPlain || values.some(isList) || /[{}]/.test(format.replace(/\{\d*\}/g, ''))) return undefined;
  let at = 0;
  return bounded(format.replace(/\{\d*\}/g, () => textOf(values[Number(wanted[at++])] ?? '')));
}

function character(code: number): string {
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(Math.floor(code)) : '';
}

/** A filter or a method of a constant. */
function applied(name: string, of: Expression, given: Given): Constant | undefined {
  const value = folded(of);
  const values = all(given.positional);
  if (value === undefined || values === undefined || given.spread.length > 0 || given.named.length > 0)
    return undefined;
  const [first = '', second = ''] = values;
  // With arguments that are not looked at here, it would come to something else.
  if (name !== 'format' && values.length !== (arguments_.get(name) ?? 0) && !(name === 'join' && isList(value))) {
    return undefined;
  }
  if (isList(value)) return values.length > 1 ? undefined : ofList(name, value, textOf(first));
  return ofText(name, textOf(value), [first, second, values]);
}

/** How many arguments a filter or method of a text has, where that is not none. */
const arguments_: ReadonlyMap<string, number> = new Map([
  ['replace', 2],
  ['join', 1],
]);

function ofText(
  name: string,
  text: string,
  [first, second, values]: readonly [Constant, Constant, readonly Constant[]],
): Constant | undefined {
  switch (name) {
    case 'lower':
    case 'upper':
      return name === 'lower' ? text.toLowerCase() : text.toUpperCase();
    case 'reverse':
      return Array.from(text).reverse().join('');
    case 'replace':
      return bounded(text.replaceAll(textOf(first), () => textOf(second)));
    case 'join':
      return isList(first) && !first.some(isList) ? bounded(first.map(textOf).join(text)) : undefined;
    case 'format':
      if (text.includes('%') === /[{}]/.test(text)) return undefined;
      return text.includes('%') ? formatted(text, values) : braced(text, values);
    case 'string':
    case 'trim':
    case 'strip':
    case 'safe':
      return text.trim();
    case 'list':
      return Array.from(text);
    default:
      return undefined;
  }
}

function ofList(name: string, items: readonly Constant[], separator: string): Constant | undefined {
  switch (name) {
    case 'join':
      return items.some(isList) ? undefined : bounded(items.map(textOf).join(separator));
    case 'reverse':
      return items.toReversed();
    case 'first':
      return items[0];
    case 'last':
      return items.at(-1);
    case 'list':
      return items;
    default:
      return undefined;
  }
}

function item(of: Constant | undefined, key: Expression): Constant | undefined {
  if (of === undefined || (typeof of !== 'string' && !isList(of))) return undefined;
  const items: readonly Constant[] = typeof of === 'string' ? Array.from(of) : of;
  if (key.kind !== 'slice') {
    const index = folded(key);
    return typeof index === 'number' ? items.at(index) : undefined;
  }
  const [start, end, step] = key.items.map(folded);
  if (start === undefined || end === undefined || (step !== null && step !== 1 && step !== -1)) return undefined;
  if (step === -1 && (start !== null || end !== null)) return undefined;
  const chosen = step === -1 ? items.toReversed() : items.slice(numberOr(start, 0), numberOr(end, items.length));
  return typeof of === 'string' ? chosen.join('') : chosen;
}

function numberOr(value: Constant | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function bounded(text: string): string | undefined {
  return text.length > longest ? undefined : text;
}

function boundedList(items: readonly Constant[]): readonly Constant[] | undefined {
  return items.length > longest ? undefined : items;
}

function textOf(value: Constant): string {
  return typeof value === 'string' ? value : isList(value) ? '' : String(value);
}

function isList(value: Constant): value is readonly Constant[] {
  return Array.isArray(value);
}
