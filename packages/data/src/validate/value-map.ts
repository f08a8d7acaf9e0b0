import type { Dialect, TableColumn } from '@holdfast/dataset';
import { countWhere } from '../metrics/count.ts';
import type { Metric } from '../metrics/metric.ts';
import type { ExpectationType, Outcome, Prepared, Scene } from './expectation-type.ts';
import type { Kwargs } from './kwargs.ts';

/** SQL that is true for a value that is as expected; rows without a value are not asked. */
export type Expected = (column: TableColumn, kwargs: Kwargs, dialect: Dialect, scene: Scene) => string;

/** An expectation about each value of a column, which SQL can judge. */
export function valueMap(name: string, expected: Expected): ExpectationType {
  return {
    name,
    prepare(kwargs, scene) {
      const column = scene.column(kwargs.text('column'));
      const holds = expected(column, kwargs, scene.tables[0].engine.dialect, scene);
      const unexpected = `${column.value} IS NOT NULL AND NOT COALESCE(${holds}, FALSE)`;
      return prepareMap(kwargs, scene, { isMissing: `${column.value} IS NULL`, unexpected, columns: [column] });
    },
  };
}

/** What an expectation about rows asks: which of them it is not about, which it does not hold for, what shows why. */
export interface MapConditions {
  readonly isMissing: string;
  readonly unexpected: string;
  readonly columns: readonly TableColumn[];
  /** How many rows that are, where there is a faster way to count them. */
  readonly counted?: Metric<number>;
}

/** Counts rows and holds the share of those that are as expected against `mostly`. */
export function prepareMap(
  kwargs: Kwargs,
  scene: Scene,
  { isMissing, unexpected, columns, counted }: MapConditions,
): Prepared {
  const mostly = kwargs.mostly();
  const among = (condition: string): string =>
    scene.where === undefined ? condition : `(${scene.where}) AND (${condition})`;
  const [elements, missing, bad] = [
    countWhere(scene.where),
    countWhere(among(isMissing)),
    counted ?? countWhere(among(unexpected)),
  ];
  return {
    metrics: [elements, missing, bad],
    judge(found) {
      const counts = { elements: found.get(elements), missing: found.get(missing), unexpected: found.get(bad) };
      return mapOutcome(counts, mostly, { where: among(unexpected), columns });
    },
  };
}

/** GX: the share is of the rows that have a value; of none, every expectation holds. */
export function mapOutcome(
  counts: NonNullable<Outcome['counts']>,
  mostly: number,
  unexpected: NonNullable<Outcome['unexpected']>,
): Outcome {
  const present = counts.elements - counts.missing;
  const success = present === 0 || (present - counts.unexpected) / present >= mostly;
  return { success, counts, ...(counts.unexpected === 0 ? {} : { unexpected }) };
}
