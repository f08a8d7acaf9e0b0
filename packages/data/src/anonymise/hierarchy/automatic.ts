import { type ColumnValues, isNumeric } from './column-values.ts';
import { dateHierarchy } from './dates.ts';
import { type Hierarchy, hierarchyOf, root } from './hierarchy.ts';
import { binHierarchy } from './intervals.ts';
import { maskHierarchy } from './masking.ts';

/** So many different numbers are told apart as they are, and have no bins. */
const fewNumbers = 8;

/**
 * A hierarchy of a column that none was declared for: 16, 8, 4 and 2 bins of about as many rows for numbers; month, year and decade
 * for dates; digits of codes of one length masked from the right; for any other text, the value or nothing.
 */
export function automaticHierarchy(given: ColumnValues): Hierarchy {
  const { column, type, values, counts } = given;
  if (isNumeric(given) && values.length > fewNumbers)
    return binHierarchy(column, values, counts, { bins: 16, kind: 'quantiles' });
  if (type === 'date' || type === 'timestamp') {
    // An infinite date is none.
    if (values.every((value) => value === null || /^-?\d{4,6}-\d\d-\d\d/.test(value))) {
      const days = type === 'timestamp' ? (['day'] as const) : [];
      return dateHierarchy(column, values, [...days, 'month', 'year', 'decade']);
    }
  }
  const length = codeLength(values);
  if (length > 1)
    return maskHierarchy(
      column,
      values,
      Array.from({ length: length - 1 }, (_, at) => at + 1),
    );
  return hierarchyOf(column, values, [{ name: 'all one', labels: values.map(() => root) }]);
}

/** How many digits all values have, where they are codes of one length; else 0. */
function codeLength(values: readonly (string | null)[]): number {
  const present = values.filter((value) => value !== null);
  const length = present[0]?.length ?? 0;
  const isCode = length <= 16 && present.every((value) => value.length === length && /^\d+$/.test(value));
  return isCode && present.length > fewNumbers ? length : 0;
}
