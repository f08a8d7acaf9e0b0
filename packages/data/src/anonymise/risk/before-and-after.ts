import type { Hierarchy } from '../hierarchy/hierarchy.ts';
import type { Scene } from '../scene.ts';
import { equalKeys } from '../search/equal-keys.ts';
import type { Solution } from '../search/optimal-search.ts';
import { type Risks, risksOf } from './risk.ts';

/** The risk of a table as it was, and as it is published. */
export interface Before {
  readonly before: Risks;
  readonly after: Risks;
  /** Rows of each class. */
  readonly sizes: { readonly before: Int32Array; readonly after: Int32Array };
  /** Rows that are published and like fewer people of the population than of the table. */
  readonly strangers: number;
}

export function riskBeforeAndAfter(
  { hierarchies, combinations, population }: Scene,
  { levels, classes, judged }: Solution,
  threshold: number,
): Before {
  const ids = Int32Array.from({ length: classes.count }, (_, id) => id).filter((id) => judged.kept[id] === 1);
  const sizes = { before: combinations.finest.rows, after: ids.map((id) => classes.rows[id] ?? 0) };
  if (population === undefined) {
    return { before: risksOf(sizes.before, threshold), after: risksOf(sizes.after, threshold), sizes, strangers: 0 };
  }
  const people = (at: readonly number[], samples: Int32Array): Int32Array =>
    peopleOf(hierarchies, population, at, combinations.codes, samples);
  const samples = ids.map((id) => classes.sample[id] ?? 0);
  const [all, published] = [
    people(
      classes.levels.map(() => 0),
      combinations.finest.sample,
    ),
    people(levels, samples),
  ];
  const strangers = published.reduce(
    (sum, count, at) => sum + (count < (sizes.after[at] ?? 0) ? (sizes.after[at] ?? 0) : 0),
    0,
  );
  const atLeast = (counts: Int32Array, rows: Int32Array): Int32Array =>
    counts.map((count, at) => Math.max(count, rows[at] ?? 0));
  return {
    before: risksOf(sizes.before, threshold, atLeast(all, sizes.before)),
    after: risksOf(sizes.after, threshold, atLeast(published, sizes.after)),
    ...{ sizes, strangers },
  };
}

/** How many people of the population are, on these levels, like each of some combinations of the table. */
function peopleOf(
  hierarchies: readonly Hierarchy[],
  population: readonly Int32Array[],
  levels: readonly number[],
  codes: readonly Int32Array[],
  samples: Int32Array,
): Int32Array {
  const people = population[0]?.length ?? 0;
  const columns = hierarchies.map((hierarchy, at) => {
    const level = hierarchy.levels[levels[at] ?? 0] ?? hierarchy.levels[0];
    const keys = new Int32Array(samples.length + people);
    for (const [id, sample] of samples.entries()) keys[id] = level.codes[codes[at]?.[sample] ?? 0] ?? 0;
    for (let person = 0; person < people; person += 1) {
      keys[samples.length + person] = level.codes[population[at]?.[person] ?? 0] ?? 0;
    }
    return { keys, size: level.labels.length };
  });
  const { ids, count } = equalKeys(columns, samples.length + people);
  const sums = new Int32Array(count);
  for (const id of ids.subarray(samples.length)) sums[id] = (sums[id] ?? 0) + 1;
  return Int32Array.from({ length: samples.length }, (_, id) => sums[ids[id] ?? 0] ?? 0);
}
