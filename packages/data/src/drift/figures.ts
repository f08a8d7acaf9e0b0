import type { Figure } from '@holdfast/evidence/check';
import type { ColumnDrift } from './column-drift.ts';

/** A report holds 32 pictures, the first of which is that of all columns. */
const most = 31;
export const schema = 'https://vega.github.io/schema/vega-lite/v6.json';

/** A bar of a picture: how large a share of the values of each table it has. */
export interface Bar {
  readonly label: string;
  readonly from?: number;
  readonly to?: number;
  readonly current: number;
  readonly reference: number;
}

/** @param isShown whether values may be; else bars are numbered */
export function barsOf({ picture, kind }: ColumnDrift, isShown: boolean): Bar[] {
  if (picture === undefined) return [];
  const { edges, labels, current, reference } = picture;
  const [all, before] = [current, reference].map((counts) =>
    Math.max(
      1,
      counts.reduce((sum, each) => sum + each, 0),
    ),
  );
  return current.map((count, at) => {
    const [from, to] = [edges?.[at], edges?.[at + 1]];
    const plain = kind === 'numeric' ? `bin ${at + 1}` : `value ${at + 1}`;
    const place = isShown && from !== undefined && to !== undefined ? { from, to } : {};
    return {
      label: isShown ? label(labels?.[at] ?? plain) : plain,
      ...place,
      current: count / (all ?? 1),
      reference: (reference[at] ?? 0) / (before ?? 1),
    };
  });
}

/** Two histograms, or bars side by side, for each of the columns, as Vega-Lite. */
export function figures(columns: readonly ColumnDrift[], isShown: boolean): Figure[] {
  return columns
    .map((column) => ({ ...column, bars: barsOf(column, isShown) }))
    .filter(({ bars }) => bars.length > 0)
    .slice(0, most)
    .map(({ name, kind, moments, bars }) => ({
      title: `Drift of ${label(name)}`.slice(0, 200),
      specification: {
        ...specificationOf(bars),
        usermeta: { column: label(name, 200), kind, ...(moments === undefined ? {} : { moments }) },
      },
    }));
}

function specificationOf(bars: readonly Bar[]): Figure['specification'] {
  const values = bars.flatMap(({ current, reference, ...bar }) => [
    { ...bar, table: 'reference', share: reference },
    { ...bar, table: 'current', share: current },
  ]);
  const share = { field: 'share', type: 'quantitative', axis: { format: '%' }, title: 'share of the values' };
  const color = { field: 'table', type: 'nominal', sort: ['reference', 'current'], title: null };
  const isScaled = bars.every(({ from }) => from !== undefined);
  if (!isScaled) {
    const y = { field: 'label', type: 'nominal', sort: null, title: null };
    const encoding = { y, x: share, yOffset: { field: 'table', sort: ['reference', 'current'] }, color };
    return { $schema: schema, data: { values }, mark: 'bar', encoding };
  }
  const x = { field: 'from', type: 'quantitative', bin: { binned: true }, title: null };
  const encoding = { x, x2: { field: 'to' }, y: { ...share, stack: null }, color, opacity: { value: 0.5 } };
  return { $schema: schema, data: { values }, mark: 'bar', encoding };
}

/** A name or a value in a picture. */
export const label = (text: string, most = 60): string => {
  const safe = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
  return safe.length > most ? `${safe.slice(0, most - 1)}…` : safe;
};
