import type { AnonymiseOptions } from '../options.ts';
import type { Scene } from '../scene.ts';
import type { Solution } from '../search/optimal-search.ts';
import { distanceOf } from './criteria-of.ts';
import { differentValues, entropy } from './diversity.ts';

/** What the published classes have of the sensitive columns, at worst; what was not asked about is not told. */
export function achieved(
  { sensitive, declarations }: Scene,
  { classes, judged }: Solution,
  { l, t, distance }: AnonymiseOptions,
): Record<string, number> {
  const ids = Array.from(classes.rows.keys()).filter((id) => judged.kept[id] === 1);
  const worst = (valueOf: (at: number, id: number) => number, of: (...all: number[]) => number): number | undefined =>
    ids.length === 0
      ? undefined
      : classes.sensitive
          .flatMap((_, at) => [ids.reduce((found, id) => of(found, valueOf(at, id)), valueOf(at, ids[0] ?? 0))])
          .reduce((one, other) => of(one, other));
  const histogramsOf = (at: number) =>
    classes.sensitive[at] ?? { values: 0, starts: new Int32Array(1), codes: new Int32Array(), rows: new Int32Array() };
  const distances = t === undefined ? [] : sensitive.map((column) => distanceOf(distance, column, declarations));
  const found = {
    distinct_values: l === undefined ? undefined : worst((at, id) => differentValues(histogramsOf(at), id), Math.min),
    entropy_l:
      l === undefined
        ? undefined
        : worst((at, id) => Math.exp(entropy(histogramsOf(at), id, classes.rows[id] ?? 1)), Math.min),
    distance:
      t === undefined
        ? undefined
        : worst((at, id) => distances[at]?.(histogramsOf(at), id, classes.rows[id] ?? 1) ?? 1, Math.max),
  };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
