import type { ColumnProfile } from './column-profile.ts';
import type { Profile } from './profile-of.ts';

/** Ranks that so few values have are values of rows. */
const enoughForQuantiles = 200;

/**
 * A profile of what is confidential: counts, means, shares, correlations and digests, and of quantiles those in the middle of many values.
 * Most frequent values, the ends of ranges and histograms, which lie between the ends, are left out.
 */
export function withoutValues(profile: Profile): Profile {
  return { ...profile, values: 'left-out', columns: profile.columns.map(hidden) };
}

function hidden(column: ColumnProfile): ColumnProfile {
  const { numbers, ...others } = without(column, ['top', 'times']);
  if (numbers === undefined) return others;
  const isMany = column.present >= enoughForQuantiles;
  const quantiles = (numbers.quantiles ?? []).filter(
    ({ probability }) => isMany && probability >= 0.05 && probability <= 0.95,
  );
  return { ...others, numbers: { ...without(numbers, ['least', 'greatest', 'histogram']), quantiles } };
}

function without<T extends object, Key extends keyof T>(whole: T, keys: readonly Key[]): Omit<T, Key> {
  const left = Object.entries(whole).filter(([key]) => !(keys as readonly string[]).includes(key));
  return Object.fromEntries(left) as Omit<T, Key>;
}
