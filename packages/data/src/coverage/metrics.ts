import type { Covered } from './covered.ts';
import { middleAndFar } from './nearest.ts';
import type { ReferenceCoverage } from './reference-coverage.ts';

/** Columns that have a metric of their own. */
const mostColumns = 1000;

/** @param min rows that there have to be in a range */
export function coverageMetrics({ rows, slices, ranges: counted, held }: Covered, min: number): Record<string, number> {
  const ranges = counted.flatMap((each) => each.ranges);
  const least = [...slices.flatMap(({ leastRows }) => leastRows ?? []), ...ranges.map((range) => range.rows)];
  const short = slices.reduce((sum, each) => sum + each.shortCount, 0);
  return {
    ...{ rows, slices: slices.reduce((sum, { expected }) => sum + expected, 0), ranges: ranges.length },
    short: short + ranges.filter((range) => range.rows < min).length,
    ...(least.length === 0 ? {} : { least_rows: least.reduce((fewest, each) => Math.min(fewest, each)) }),
    ...(held === undefined ? {} : referenceMetrics(held)),
  };
}

function referenceMetrics({ columns, nearest, classifier }: ReferenceCoverage): Record<string, number> {
  const [here, usual] = [nearest?.table, nearest?.usual].map((each) => each && middleAndFar(each));
  return {
    ...(columns.length === 0 ? {} : { covered: columns.reduce((fewest, each) => Math.min(fewest, each.covered), 1) }),
    unseen_values: columns.reduce((sum, { foreign }) => sum + foreign, 0),
    ...Object.fromEntries(
      columns.slice(0, mostColumns).map(({ name, covered }) => [`${name.slice(0, 80)}.covered`, covered]),
    ),
    ...(here === undefined || usual === undefined
      ? {}
      : {
          ...{ nearest_p50: here.median, nearest_p95: here.far },
          ...{ usual_p50: usual.median, usual_p95: usual.far },
        }),
    ...(classifier === undefined
      ? {}
      : { auc: classifier.auc, auc_low: classifier.interval.low, auc_high: classifier.interval.high }),
  };
}
