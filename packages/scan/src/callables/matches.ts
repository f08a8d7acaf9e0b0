import type { Reference, Shape } from './judge.ts';
import { dtypeOf } from './numpy-type.ts';
import type { Pattern, Simple } from './pattern.ts';

type Kind = Shape['kind'];

/** What the allowlist knows about names; handed in, so that the matcher knows no list. */
export interface Names {
  /** The name under which the list has what is referred to. */
  nameOf(reference: Reference): string;
  isPlainClass(name: string): boolean;
  isIndexClass(name: string): boolean;
}

const scalars: ReadonlySet<Kind> = new Set(['none', 'bool', 'int', 'float', 'str', 'bytes']);
const data: ReadonlySet<Kind> = new Set([...scalars, 'tuple', 'list', 'set', 'frozenset', 'dict']);

/** Names that pickle looks up on an instance and calls: as an attribute they would become something else. */
const calledByPickle = /^(?:__.*__|append|extend|add|persistent_load|find_class)$/s;

/** Whether a value is what the pattern says. What cannot be seen as a whole does not match. */
export function matches(shape: Shape, pattern: Pattern, names: Names): boolean {
  if (typeof pattern === 'string') return matchesSimple(shape, pattern, names);
  if ('either' in pattern) return pattern.either.some((one) => matches(shape, one, names));
  if ('int' in pattern)
    return shape.kind === 'int' && shape.value >= BigInt(pattern.int[0]) && shape.value <= BigInt(pattern.int[1]);
  if ('text' in pattern) return pattern.text.includes(textOf(shape) ?? '\0');
  if ('matching' in pattern)
    return isWholeText(shape) && new RegExp(`^(?:${pattern.matching})$`, 'su').test(shape.value);
  if ('short' in pattern) return (shape.kind === 'str' || shape.kind === 'bytes') && shape.length <= pattern.short;
  if ('instance' in pattern) return shape.kind === 'instance' && pattern.instance.includes(shape.of);
  if ('persistent' in pattern) return shape.kind === 'persistent' && pattern.persistent.includes(shape.of);
  if ('reference' in pattern)
    return shape.kind === 'reference' && pattern.reference.includes(names.nameOf(shape.reference));
  return matchesContainer(shape, pattern, names);
}

function matchesContainer(
  shape: Shape,
  pattern: Extract<Pattern, { tuple: unknown } | { every: unknown } | { dict: unknown } | { fields: unknown }>,
  names: Names,
): boolean {
  if ('tuple' in pattern) {
    if (shape.kind !== 'tuple' || shape.more || shape.items.length !== pattern.tuple.length) return false;
    return pattern.tuple.every((one, index) => {
      const item = shape.items[index];
      return item !== undefined && matches(item, one, names);
    });
  }
  if ('every' in pattern) {
    if (shape.kind !== pattern.of) return false;
    return everyMatches(shape.items, shape, pattern.every, names);
  }
  if (shape.kind !== 'dict') return false;
  if ('fields' in pattern) return matchesFields(shape, pattern, names);
  const keys = shape.entries.map(([key]) => key);
  const values = shape.entries.map(([, value]) => value);
  const [key, value] = pattern.dict;
  if (shape.more && !(isKindOnly(key, shape.kinds) && isKindOnly(value, shape.kinds))) return false;
  return keys.every((one) => matches(one, key, names)) && values.every((one) => matches(one, value, names));
}

function everyMatches(
  items: readonly Shape[],
  { more, kinds }: { readonly more: boolean; readonly kinds: ReadonlySet<Kind> },
  pattern: Pattern,
  names: Names,
): boolean {
  if (more && !isKindOnly(pattern, kinds)) return false;
  return items.every((item) => matches(item, pattern, names));
}

/** Whether the kinds alone prove the pattern, for items that are not seen. */
function isKindOnly(pattern: Pattern, kinds: ReadonlySet<Kind>): boolean {
  if (pattern === 'object') return true;
  if (pattern === 'data') return isSubset(kinds, data);
  if (pattern === 'int' || pattern === 'float' || pattern === 'str' || pattern === 'bytes' || pattern === 'bool')
    return isSubset(kinds, new Set([pattern]));
  return false;
}

function matchesFields(
  shape: Extract<Shape, { kind: 'dict' }>,
  { fields, only }: Extract<Pattern, { fields: unknown }>,
  names: Names,
): boolean {
  if (!isAttributes(shape)) return false;
  const wanted = new Map(Object.entries(fields));
  // The last of equal keys counts, and all of them are seen: `isAttributes` says so.
  return shape.entries.every(([key, value]) => {
    const pattern = wanted.get(textOf(key) ?? '');
    return pattern === undefined ? only !== true : matches(value, pattern, names);
  });
}

function matchesSimple(shape: Shape, pattern: Simple, names: Names): boolean {
  switch (pattern) {
    case 'object':
      return true;
    case 'data':
      return isData(shape);
    case 'attributes':
      return shape.kind === 'none' || (shape.kind === 'dict' && isAttributes(shape));
    case 'bytes':
      return shape.kind === 'bytes' || (shape.kind === 'instance' && shape.of === 'builtins.bytearray');
    case 'dtype':
      return dtypeOf(shape)?.objects === false;
    case 'object dtype':
      return dtypeOf(shape)?.objects === true;
    case 'plain class':
      return shape.kind === 'reference' && names.isPlainClass(names.nameOf(shape.reference));
    case 'index class':
      return shape.kind === 'reference' && names.isIndexClass(names.nameOf(shape.reference));
    case 'none':
    case 'bool':
    case 'int':
    case 'float':
    case 'str':
      return shape.kind === pattern;
  }
}

function isData(shape: Shape): boolean {
  if (scalars.has(shape.kind)) return true;
  return 'kinds' in shape && isSubset(shape.kinds, data);
}

/** Attributes by names that pickle never calls. All of them must be seen. */
function isAttributes(shape: Extract<Shape, { kind: 'dict' }>): boolean {
  return !shape.more && shape.entries.every(([key]) => isWholeText(key) && !calledByPickle.test(key.value));
}

/** A str of which all characters are known; `length` counts characters or bytes of UTF-8, as its maker has them. */
export function isWholeText(shape: Shape): shape is Extract<Shape, { kind: 'str' }> {
  if (shape.kind !== 'str') return false;
  const { value, length } = shape;
  return value.length >= length || Buffer.byteLength(value) === length || Array.from(value).length === length;
}

/** The characters of a str, or of short bytes in ASCII. */
function textOf(shape: Shape): string | undefined {
  if (isWholeText(shape)) return shape.value;
  if (shape.kind !== 'bytes' || shape.length > 64) return undefined;
  const bytes = shape.read();
  return bytes.every((byte) => byte < 128) ? Buffer.from(bytes).toString('latin1') : undefined;
}

function isSubset<T>(some: ReadonlySet<T>, all: ReadonlySet<T>): boolean {
  for (const one of some) if (!all.has(one)) return false;
  return true;
}
