import type { Image } from '@holdfast/dataset/png';
import type { TrialResult } from '../trial-result.ts';
import { changeOf, pictureLayout, pictureOf } from './pictures.ts';

/** A sample that an attack changed, as pictures. */
export interface Example {
  readonly row: number;
  readonly label: number;
  readonly became: number;
  readonly brokenBy: string;
  readonly distance: number;
  readonly original: Image;
  /** Amplified. */
  readonly change: Image;
  /** So many times. */
  readonly times: number;
  readonly changed: Image;
}

/** At most so many are shown, and so many numbers of them altogether: large pictures are fewer. */
const [mostExamples, mostNumbers] = [24, 2_000_000] as const;

/** Some of the rows that attacks broke, of every class in turn; none where samples are no pictures. */
export function examplesOf({ subject, options, rows, changed }: TrialResult): Example[] {
  const layout = pictureLayout(subject.dims);
  if (layout === undefined) return [];
  const size = subject.dims.reduce((product, each) => product * each, 1);
  const known = new Map(rows.map((row) => [row.row, row]));
  const broken = changed.rows.flatMap((row, place) => {
    const { label, became, brokenBy, distance } = known.get(row) ?? {};
    if (label === undefined || became === undefined || brokenBy === undefined || distance === undefined) return [];
    return [{ place, row, label, became, brokenBy, distance }];
  });
  const most = Math.max(3, Math.min(mostExamples, Math.floor(mostNumbers / size)));
  return inTurn(broken, most).map(({ place, ...about }) => {
    const [original, after] = [changed.original, changed.changed].map((all) =>
      all.slice(place * size, (place + 1) * size),
    ) as [Float32Array, Float32Array];
    const { change, largest } = changeOf(original, after);
    const { bounds } = options;
    return {
      ...about,
      original: pictureOf(original, layout, bounds),
      change: pictureOf(change, layout, { low: -1, high: 1 }),
      times: largest === 0 ? 1 : (bounds.high - bounds.low) / (2 * largest),
      changed: pictureOf(after, layout, bounds),
    };
  });
}

/** The first of each class, then the second … up to a number of them; in the order of their classes. */
function inTurn<Of extends { readonly label: number }>(all: readonly Of[], most: number): Of[] {
  const seen = new Map<number, number>();
  const ranked = all.map((each) => {
    const rank = seen.get(each.label) ?? 0;
    seen.set(each.label, rank + 1);
    return { each, rank };
  });
  return ranked
    .sort((a, b) => a.rank - b.rank || a.each.label - b.each.label)
    .slice(0, most)
    .sort((a, b) => a.each.label - b.each.label || a.rank - b.rank)
    .map(({ each }) => each);
}
