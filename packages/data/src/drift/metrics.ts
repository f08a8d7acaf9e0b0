import type { ColumnDrift } from './column-drift.ts';
import type { Drift } from './drift-of.ts';
import type { Judged } from './judge.ts';

/** Columns that have figures of their own in a report, and characters of their names. */
const mostColumns = 1000;
const longestName = 80;

/** The columns of which something (values, missing or infinite ones) has drifted. */
export function driftedColumns(judged: readonly Judged[]): ReadonlySet<string> {
  const names = judged.flatMap(({ column, standing }) =>
    column !== undefined && standing === 'drifted' ? [column] : [],
  );
  return new Set(names);
}

/** The figures of a report: of the whole, and `NAME.psi`, `NAME.p` (adjusted) and so on of each column. */
export function driftMetrics(drift: Drift, judged: readonly Judged[]): Record<string, number> {
  const { rows, columns, pairs, discrepancy, classifier } = drift;
  const drifted = driftedColumns(judged).size;
  const adjusted = judged.flatMap(({ test }) => (test === undefined ? [] : [test.adjusted]));
  const isChanged = ({ about, standing }: Judged): boolean => about === 'missing' && standing === 'drifted';
  return {
    ...{ rows: rows.current, reference_rows: rows.reference, compared: columns.length, drifted },
    drifted_share: columns.length === 0 ? 0 : drifted / columns.length,
    missing_changed: judged.filter(isChanged).length,
    ...{ appeared: pairs.appeared.length, vanished: pairs.vanished.length, retyped: pairs.retyped.length },
    least_p: adjusted.reduce((least, p) => Math.min(least, p), 1),
    ...(discrepancy === undefined ? {} : { mmd: discrepancy.statistic, mmd_p: discrepancy.p }),
    ...(classifier === undefined
      ? {}
      : {
          ...{ auc: classifier.auc, auc_p: classifier.p },
          ...{ auc_low: classifier.interval.low, auc_high: classifier.interval.high },
        }),
    ...Object.fromEntries(keyed(columns).flatMap(([key, column]) => ofColumn(key, column, judged))),
  };
}

/** Columns by what their figures are called: the name, cut where it is long; of those that are then one, with a number behind it. */
function keyed(columns: readonly ColumnDrift[]): (readonly [key: string, column: ColumnDrift])[] {
  const taken = new Set<string>();
  return columns.slice(0, mostColumns).map((column) => {
    const short = column.name.slice(0, longestName);
    let key = short;
    for (let number = 2; taken.has(key); number += 1) key = `${short.slice(0, longestName - 6)}~${number}`;
    taken.add(key);
    return [key, column];
  });
}

const keys: Readonly<Record<string, string>> = {
  ...{ 'Kolmogorov–Smirnov': 'ks_p', 'Cramér–von Mises': 'cvm_p', 'Anderson–Darling': 'ad_p' },
  ...{ 'Mann–Whitney': 'mw_p', 'Epps–Singleton': 'es_p', 'chi-square': 'chi2_p', Fisher: 'fisher_p' },
};

function ofColumn(key: string, column: ColumnDrift, judged: readonly Judged[]): [string, number][] {
  const { name, tests, effects, missing } = column;
  const test = judged.find((each) => each.column === name && each.about === 'values')?.test;
  const figures: [string, number][] = [
    ...(test === undefined ? [] : [['p', test.adjusted] as [string, number]]),
    ...tests.map((each): [string, number] => [keys[each.name] ?? each.name, each.p]),
    ...Object.entries(effects),
    ...(missing === undefined ? [] : [['missing', missing.current - missing.reference] as [string, number]]),
  ];
  return figures.map(([figure, value]) => [`${key}.${figure}`, value]);
}
