import type { Figure } from '@holdfast/evidence/check';
import type { ColumnProfile } from './column-profile.ts';
import type { Profile } from './profile-of.ts';

/** A report holds so many pictures. */
const most = 32;
const schema = 'https://vega.github.io/schema/vega-lite/v6.json';
const shown = 10;

/** The pictures of a profile, as Vega-Lite: missing values, correlations, then columns in their order. */
export function figures(profile: Profile): Figure[] {
  return [...missing(profile), ...correlations(profile), ...profile.columns.flatMap(ofColumn)].slice(0, most);
}

function figure(title: string, values: readonly object[], mark: unknown, encoding: object): Figure {
  return {
    title: title.slice(0, 200),
    specification: { $schema: schema, data: { values }, mark, encoding },
  };
}

function missing({ columns, rows }: Profile): Figure[] {
  const some = columns.filter((column) => column.missing > 0).slice(0, 100);
  if (some.length === 0 || rows === 0) return [];
  const values = some.map(({ name, missing: count }) => ({ column: label(name), missing: count / rows }));
  return [
    figure('Missing values', values, 'bar', {
      y: { field: 'column', type: 'nominal', sort: '-x', title: null },
      x: { field: 'missing', type: 'quantitative', axis: { format: '%' }, title: 'missing' },
    }),
  ];
}

const titles = { pearson: 'Correlations', spearman: 'Correlations of ranks', 'cramers-v': "Cramér's V" } as const;

function correlations({ correlations: found, associations = [] }: Profile): Figure[] {
  return [...(found === undefined ? [] : [found]), ...associations]
    .filter((each) => each.columns.length <= 20)
    .map(pairs);
}

function pairs({
  method,
  columns,
  matrix,
}: NonNullable<Profile['correlations']> | NonNullable<Profile['associations']>[number]): Figure {
  const values = matrix.flatMap((row, one) =>
    row.map((r, other) => ({ x: label(columns[one] ?? ''), y: label(columns[other] ?? ''), r })),
  );
  return figure(titles[method], values, 'rect', {
    x: { field: 'x', type: 'nominal', sort: null, title: null },
    y: { field: 'y', type: 'nominal', sort: null, title: null },
    color: { field: 'r', type: 'quantitative', scale: { domain: [-1, 1], scheme: 'blueorange' } },
  });
}

function ofColumn({ name, numbers, times, top }: ColumnProfile): Figure[] {
  const histogram = numbers?.histogram ?? times?.histogram;
  if (histogram !== undefined) {
    const { from, step, counts } = histogram;
    const values = counts.map((count, at) => ({ from: from + at * step, to: from + (at + 1) * step, rows: count }));
    return [
      figure(label(name), values, 'bar', {
        x: {
          field: 'from',
          type: 'quantitative',
          bin: { binned: true },
          title: times === undefined ? null : 'seconds since 1970',
        },
        x2: { field: 'to' },
        y: { field: 'rows', type: 'quantitative' },
      }),
    ];
  }
  if (top === undefined || top.values.length === 0 || (top.values[0]?.count ?? 0) < 2) return [];
  const values = top.values.slice(0, shown).map(({ value, count }) => ({ value: label(value), rows: count }));
  return [
    figure(label(name), values, 'bar', {
      y: { field: 'value', type: 'nominal', sort: null, title: null },
      x: { field: 'rows', type: 'quantitative' },
    }),
  ];
}

/** A name or a value in a picture. */
const label = (text: string): string => {
  const safe = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
  return safe.length > 60 ? `${safe.slice(0, 59)}…` : safe;
};
