import { shownType } from '../validate/expectations/types.ts';
import type { ColumnFacts } from './facts.ts';
import { mostlyFor } from './margin.ts';
import { isZoned } from './of-times.ts';
import type { Suggestion } from './suggestion.ts';

/** Names by which a reader of the same file knows the type, pandas above all. */
export function typeOf({ column, profile, isCsv, isOtherToPandas }: ColumnFacts): Suggestion[] {
  if (column.type === 'bytes' || column.type === 'nested' || isOtherToPandas || isZoned(column)) return [];
  const isTime = column.type === 'date' || column.type === 'time' || column.type === 'timestamp';
  const types = [
    shownType(column),
    // NumPy has no whole numbers with gaps.
    ...(column.type === 'integer' && profile.missing > 0 ? ['float64'] : []),
    ...(column.type === 'number' && column.native === 'FLOAT' ? ['float32'] : []),
    ...(column.type === 'timestamp' ? timestamps : []),
    ...(isCsv && isTime ? ['str'] : []),
  ];
  const kwargs = { column: column.name, type_list: [...new Set(types)] };
  const note = `all ${profile.present} values are ${column.type}`;
  return [{ type: 'expect_column_values_to_be_in_type_list', kwargs, notes: [note], severity: 'critical' }];
}

/** By what resolution a file has. */
const timestamps = ['datetime64', ...['s', 'ms', 'us', 'ns'].map((unit) => `datetime64[${unit}]`), 'Timestamp'];

/** That values are there, as far as they were. */
export function presenceOf({ column, profile, rows, missingToPandas }: ColumnFacts): Suggestion[] {
  const missing = profile.missing + missingToPandas;
  const mostly = mostlyFor(missing, rows);
  if (mostly === undefined || profile.present === 0) return [];
  const kwargs = { column: column.name, ...(mostly === 1 ? {} : { mostly }) };
  const notes = [
    missing === 0
      ? `none of ${rows} values is missing`
      : `${missing} of ${rows} values are missing; half as many again may be, and 0.5 %`,
    ...(missingToPandas === 0
      ? []
      : [`${missingToPandas} of them are texts that pandas takes for missing, such as NA`]),
  ];
  return [{ type: 'expect_column_values_to_not_be_null', kwargs, notes, severity: 'critical' }];
}

/** All values, where they are few and come again and again. */
export function setOf({ column, profile, values, isOtherToPandas }: ColumnFacts): Suggestion[] {
  if (values === undefined || values.length === 0 || isOtherToPandas) return [];
  if (column.type !== 'text' && column.type !== 'integer') return [];
  const members = values.map(({ text }): number | string => (column.type === 'integer' ? Number(text) : text));
  const ordered = members.toSorted((one, other) => (isBefore(one, other) ? -1 : 1));
  const rarest = Math.min(...values.map(({ count }) => count));
  const notes = [
    `${values.length} different values in ${profile.present}, the rarest ${rarest} times`,
    'a value that was not seen here is refused: add those that may come',
  ];
  const kwargs = { column: column.name, value_set: ordered };
  return [{ type: 'expect_column_values_to_be_in_set', kwargs, notes, severity: 'critical' }];
}

const isBefore = (one: number | string, other: number | string): boolean =>
  typeof one === 'number' && typeof other === 'number' ? one < other : String(one) < String(other);

/** Meanings whose values tell rows apart. */
const identifiers = new Set(['identifier', 'uuid', 'hash']);

/** That identifiers come once; of other texts, how much they repeat. */
export function uniquenessOf(facts: ColumnFacts): Suggestion[] {
  const { column, profile, distinct, isOtherToPandas, values } = facts;
  const { present, semantic } = profile;
  if (distinct === undefined || present === 0 || isOtherToPandas) return [];
  if (identifiers.has(semantic?.type ?? '') && distinct === present) {
    const notes = [`${present} values, all different, of the meaning ${semantic?.type ?? ''}`];
    return [
      { type: 'expect_column_values_to_be_unique', kwargs: { column: column.name }, notes, severity: 'critical' },
    ];
  }
  if (column.type !== 'text' || values !== undefined) return [];
  return [proportionOf(facts, distinct)];
}

function proportionOf({ column, profile: { present } }: ColumnFacts, distinct: number): Suggestion {
  const share = distinct / present;
  const kwargs = { column: column.name, min_value: share / 2, max_value: Math.min(1, share * 2) };
  const notes = [`${distinct} different values in ${present}: ${share.toPrecision(4)}; from half to twice that`];
  const type = 'expect_column_proportion_of_unique_values_to_be_between';
  return { type, kwargs, notes, severity: 'warning' };
}
