import type { ColumnType } from '@holdfast/dataset';
import type { Extremes } from '../metrics/extremes.ts';
import { areOnScale, says } from './semantic-names.ts';
import type { PatternShares, TextPattern } from './text-patterns.ts';

/** What the values of a column mean, as far as it shows. */
export interface SemanticType {
  readonly type: string;
  /** The part of the values that have it. */
  readonly share: number;
  /** Why it was taken for it: `pattern NAME`, or what was seen. */
  readonly rule: string;
}

/** What is known of a column when its meaning is asked for. */
export interface SeenColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly present: number;
  readonly distinct: number;
  /** Standard error of the number of different values, as a part of it. */
  readonly error?: number;
  readonly range?: Extremes | undefined;
  /** The part of the numbers between 0 and 1, both included. */
  readonly unit?: number;
  readonly patterns?: PatternShares | undefined;
  /** All values, where they are few. */
  readonly values?: readonly string[] | undefined;
}

/** Patterns that say what a text is without its name, the narrowest first. */
const telling: readonly (readonly [TextPattern, string])[] = [
  ['uuid', 'uuid'],
  ['ip', 'ip'],
  ['url', 'url'],
  ['hash', 'hash'],
  ['timestamp', 'timestamp'],
  ['date', 'date'],
  ['duration', 'duration'],
  ['percentage', 'percentage'],
  ['amount', 'amount'],
  ['coordinates', 'coordinates'],
  ['path', 'path'],
];

/** Nearly all: some values of every real column are odd. */
const nearlyAll = 0.95;
/** From here on a text column is one of numbers or dates with something else in it. */
export const mixedShare = 0.8;
/** So many different values can be categories. */
const categories = 1000;

/** The semantic type of a column; nothing of one without values. The order of the rules is their precedence. */
export function semanticType(seen: SeenColumn): SemanticType | undefined {
  if (seen.present === 0) return undefined;
  switch (seen.type) {
    case 'text':
      return textType(seen);
    case 'integer':
    case 'decimal':
    case 'number':
      return numberType(seen);
    case 'boolean':
      return { type: 'boolean', share: 1, rule: 'type' };
    case 'time':
    case 'date':
    case 'timestamp':
      return { type: seen.type, share: 1, rule: 'type' };
    case 'bytes':
    case 'nested':
      return undefined;
  }
}

function textType(seen: SeenColumn): SemanticType {
  const { name, patterns, values, present, distinct } = seen;
  const share = (pattern: TextPattern): number => patterns?.[pattern] ?? 0;
  const told = telling.find(([pattern]) => share(pattern) >= nearlyAll);
  const mixed = (['number', 'timestamp', 'date'] as const).find((pattern) => share(pattern) >= mixedShare);
  if (told !== undefined) return { type: told[1], share: share(told[0]), rule: `pattern ${told[0]}` };
  if (share('digits') >= nearlyAll && says(name, 'postal'))
    return { type: 'postal code', share: share('digits'), rule: 'pattern digits and name' };
  if (share('postal') >= nearlyAll) return { type: 'postal code', share: share('postal'), rule: 'pattern postal' };
  if (mixed !== undefined && share(mixed) < 1) return { type: 'mixed', share: share(mixed), rule: `pattern ${mixed}` };
  if (distinct === 2 && share('boolean') === 1) return { type: 'boolean', share: 1, rule: 'pattern boolean' };
  if (values !== undefined && distinct <= 12 && areOnScale(values))
    return { type: 'ordinal', share: 1, rule: 'values of a known scale' };
  if (isIdentifier(seen) && share('words') < 0.05)
    return { type: 'identifier', share: distinct / present, rule: 'every value once' };
  if (share('words') >= 0.5 && distinct > 20)
    return { type: 'free text', share: share('words'), rule: 'four words and more' };
  if (isCategory(seen)) return { type: 'category', share: 1, rule: 'few different values' };
  if (share('code') >= nearlyAll) return { type: 'code', share: share('code'), rule: 'pattern code' };
  return { type: 'text', share: 1, rule: 'type' };
}

/** Rows enough that nothing repeats by chance alone. */
const isIdentifier = ({ present, distinct, error = 0 }: SeenColumn): boolean =>
  present >= 20 && distinct >= Math.min(0.999, 1 - 4 * error) * present;

const isCategory = ({ present, distinct }: SeenColumn): boolean =>
  distinct <= 12 || (distinct <= categories && distinct <= present / 10);

function numberType(seen: SeenColumn): SemanticType {
  const whole = seen.type === 'integer' ? wholeType(seen) : undefined;
  return whole ?? measuredType(seen);
}

function wholeType(seen: SeenColumn): SemanticType | undefined {
  const { name, present, distinct, range = { least: 0, greatest: 0 } } = seen;
  const { least, greatest } = range;
  const width = greatest - least + 1;
  if (distinct === 2 && least === 0 && greatest === 1) return { type: 'boolean', share: 1, rule: 'values 0 and 1' };
  const isYear = least >= 1700 && greatest <= 2200;
  if (isYear && says(name, 'year')) return { type: 'year', share: 1, rule: 'range and name' };
  if (least >= 1900 && greatest <= 2100 && distinct > 1 && distinct <= present / 2)
    return { type: 'year', share: 1, rule: 'range' };
  if (says(name, 'postal') && least >= 0 && greatest <= 99_999)
    return { type: 'postal code', share: 1, rule: 'range and name' };
  const once = { type: 'identifier', share: distinct / present, rule: 'every value once' };
  if (isIdentifier(seen) && says(name, 'identifier')) return once;
  if (says(name, 'duration') && least >= 0) return { type: 'duration', share: 1, rule: 'range and name' };
  if (says(name, 'amount')) return { type: 'amount', share: 1, rule: 'name' };
  if (says(name, 'ratio') && least >= 0 && greatest <= 100)
    return { type: 'percentage', share: 1, rule: 'range and name' };
  if (says(name, 'count') && least >= 0) return { type: 'count', share: 1, rule: 'range and name' };
  if (isIdentifier(seen) && width <= 2 * present) return once;
  if (distinct <= 20 && width === distinct && distinct > 2 && present >= 10 * distinct)
    return { type: 'ordinal', share: 1, rule: 'few whole numbers without a gap' };
  if (distinct <= 12 && present >= 10 * distinct) return { type: 'category', share: 1, rule: 'few different values' };
  return least === 0 || least === 1 ? { type: 'count', share: 1, rule: 'whole numbers from 0 or 1 on' } : undefined;
}

function measuredType(seen: SeenColumn): SemanticType {
  const { name, range, unit = 0 } = seen;
  const [least, greatest] = [range?.least ?? Number.NEGATIVE_INFINITY, range?.greatest ?? Number.POSITIVE_INFINITY];
  const within = (end: number): boolean => least >= -end && greatest <= end;
  if (says(name, 'latitude') && within(90)) return { type: 'latitude', share: 1, rule: 'range and name' };
  if (says(name, 'longitude') && within(180)) return { type: 'longitude', share: 1, rule: 'range and name' };
  if (says(name, 'duration') && least >= 0) return { type: 'duration', share: 1, rule: 'range and name' };
  if (says(name, 'amount')) return { type: 'amount', share: 1, rule: 'name' };
  if (says(name, 'ratio') && least >= 0 && greatest > 1 && greatest <= 100)
    return { type: 'percentage', share: 1, rule: 'range and name' };
  if (unit >= nearlyAll && least >= 0 && seen.type !== 'integer') return { type: 'ratio', share: unit, rule: 'range' };
  return { type: 'quantity', share: 1, rule: 'type' };
}
