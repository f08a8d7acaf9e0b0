import { conflictingRows, duplicateRows } from '../rows/equal-rows.ts';
import type { Repeats } from '../rows/repeated-rows.ts';
import { rowList } from '../rows/row-list.ts';
import { counted, featuresOf, finding, judged, type Observed, type Scene } from './scene.ts';

/** Rows that are the same in every compared column. */
export async function observeDuplicates(scene: Scene): Promise<Observed> {
  const { tables, columns, rows, options, signal } = scene;
  const repeats = await duplicateRows(tables, columns, signal);
  const surplus = repeats.rows - repeats.groups;
  const message = `${counted(surplus, 'row repeats', 'rows repeat')} an earlier one in all ${counted(columns.length, 'column')}: ${counted(repeats.groups, 'group')}, the largest of ${repeats.largest} rows`;
  return {
    outcome: judged(surplus / Math.max(1, rows), options.maxDuplicates, 0),
    metrics: {
      ...{ duplicate_rows: surplus, duplicate_share: surplus / Math.max(1, rows), duplicate_groups: repeats.groups },
    },
    findings: surplus === 0 ? [] : [finding('duplicates', message, groupList(repeats, tables.length))],
    left: leftOf(repeats, 'rows that are the same'),
  };
}

/** Rows that differ in nothing but the label. */
export async function observeConflicts(scene: Scene): Promise<Observed | undefined> {
  const { tables, rows, options, label, signal } = scene;
  const features = featuresOf(scene);
  if (label === undefined || features.length === 0) return undefined;
  const repeats = await conflictingRows(tables, features, label.column, signal);
  const share = repeats.rows / Math.max(1, rows);
  const message = `${counted(repeats.rows, 'row')} in ${counted(repeats.groups, 'group')} are the same in all ${counted(features.length, 'column')} and differ in \`${label.column.name}\``;
  return {
    outcome: judged(share, options.maxConflicts, 0),
    metrics: { conflict_rows: repeats.rows, conflict_share: share, conflict_groups: repeats.groups },
    findings: repeats.rows === 0 ? [] : [finding('labelConflict', message, groupList(repeats, tables.length))],
    left: leftOf(repeats, 'label conflicts'),
  };
}

function groupList({ named }: Repeats, parts: number): string {
  return named
    .map((rows) => rowList(rows, parts))
    .filter((text) => text !== '')
    .join('; ');
}

function leftOf({ isWhole }: Repeats, what: string): string[] {
  return isWhole ? [] : [`${what}: more than 200,000 groups in several files; the others were not counted`];
}
