import type { Dialect, TableColumn } from '@holdfast/dataset';
import { type ExpectationType, Unanswerable } from '../expectation-type.ts';
import type { Kwargs } from '../kwargs.ts';
import { isLike, likePattern } from '../texts/like.ts';
import { valueMap } from '../value-map.ts';

/** The pandas engine of GX has no LIKE: what its SQL engine says on SQLite counts. */
function textOf({ name, type, value }: TableColumn, dialect: Dialect): string {
  if (type === 'text' || type === 'integer') return dialect.text(value, type);
  throw new Unanswerable(`how the values of \`${name}\` (${type}) are written is not the same in all engines`);
}

function patternOf(kwargs: Kwargs, name: string, given: string): string {
  const escape = kwargs.has('escape') ? kwargs.text('escape') : undefined;
  if (escape !== undefined && (Array.from(escape).length !== 1 || escape === '%' || escape === '_'))
    return kwargs.refuse('escape', 'is not one character other than `%` and `_`');
  return likePattern(given, escape) ?? kwargs.refuse(name, 'is no pattern');
}

const one = (name: string, isWanted: boolean): ExpectationType =>
  valueMap(name, (column, kwargs, dialect) => {
    const pattern = patternOf(kwargs, 'like_pattern', kwargs.text('like_pattern'));
    const holds = isLike(dialect, textOf(column, dialect), pattern);
    return isWanted ? holds : `NOT (${holds})`;
  });

const several = (name: string, isWanted: boolean): ExpectationType =>
  valueMap(name, (column, kwargs, dialect) => {
    const given = kwargs.texts('like_pattern_list');
    if (given.length === 0) kwargs.refuse('like_pattern_list', 'is empty');
    const each = given.map((pattern) =>
      isLike(dialect, textOf(column, dialect), patternOf(kwargs, 'like_pattern_list', pattern)),
    );
    if (!isWanted) return `NOT (${each.join(' OR ')})`;
    return `(${each.join(matchOn(kwargs) === 'any' ? ' OR ' : ' AND ')})`;
  });

/** Whether a value has to fit any of several patterns, or all. */
export function matchOn(kwargs: Kwargs): 'any' | 'all' {
  const value = kwargs.raw('match_on') ?? 'any';
  return value === 'any' || value === 'all' ? value : kwargs.refuse('match_on', 'is neither `any` nor `all`');
}

export const likeExpectations: readonly ExpectationType[] = [
  one('expect_column_values_to_match_like_pattern', true),
  one('expect_column_values_to_not_match_like_pattern', false),
  several('expect_column_values_to_match_like_pattern_list', true),
  several('expect_column_values_to_not_match_like_pattern_list', false),
];
