import type { NumberColumns } from '../outliers/read-columns.ts';
import { beyondFences } from '../ranges/fences.ts';
import { type Outside, outsideReference } from '../ranges/reference-ranges.ts';
import { rowList } from '../rows/row-list.ts';
import { counted, finding, judged, type Observed, type Scene } from './scene.ts';

/**
 * Values that the reference does not have. Without a reference, those beyond robust fences: what is rare is not wrong, so
 * these are said and do not change the verdict.
 */
export async function observeRanges(scene: Scene, read: NumberColumns): Promise<Observed> {
  const { tables, reference, columns, label, options, signal } = scene;
  const compared = columns.filter(({ name }) => !scene.identifiers.has(name) && name !== label?.column.name);
  const found =
    reference === undefined
      ? await beyondFences(tables, read, signal)
      : await outsideReference(tables, reference, compared, signal);
  const present = (name: string): number => scene.facts.find(({ column }) => column.name === name)?.present ?? 1;
  const worst = found.reduce((most, { column, count }) => Math.max(most, count / Math.max(1, present(column))), 0);
  const values = found.reduce((sum, { count }) => sum + count, 0);
  return {
    outcome: reference === undefined ? 'pass' : judged(worst, options.maxOutOfRange, 0),
    metrics: {
      [reference === undefined ? 'beyond_fences_values' : 'out_of_range_values']: values,
      [reference === undefined ? 'beyond_fences_share' : 'out_of_range_share']: worst,
    },
    findings: found.map((each) => rangeFinding(scene, each)),
    left: [],
  };
}

function rangeFinding({ tables, showsValues, reference }: Scene, { column, count, rows, range, rangeKind }: Outside) {
  const about = showsValues ? range : rangeKind;
  const found = finding(
    'range',
    `\`${column}\`: ${counted(count, 'value lies', 'values lie')} outside ${about}`,
    [`column ${column}`, rowList(rows, tables.length)].filter((text) => text !== '').join(', '),
  );
  return reference === undefined ? { ...found, severity: 'info' as const } : found;
}
