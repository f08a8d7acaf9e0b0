import type { Criterion } from '../criteria/criterion.ts';
import type { Classes } from './classes.ts';

/** Which classes fulfil all criteria, and how many rows do not. */
export interface Judged {
  /** 1 for each class that is published. */
  readonly kept: Uint8Array;
  readonly suppressed: number;
  /** Rows in classes that fail what stays fulfilled whatever they are joined with: no finer table suppresses fewer. */
  readonly hopeless: number;
}

export function judged(classes: Classes, criteria: readonly Criterion[]): Judged {
  const kept = new Uint8Array(classes.count);
  let [suppressed, hopeless] = [0, 0];
  for (let id = 0; id < classes.count; id += 1) {
    const rows = classes.rows[id] ?? 0;
    if (criteria.every((each) => each.holds(ofSensitive(classes, each), id, rows))) kept[id] = 1;
    else {
      suppressed += rows;
      if (!criteria.every((each) => isHopeful(classes, each, id, rows))) hopeless += rows;
    }
  }
  return { kept, suppressed, hopeless };
}

const ofSensitive = ({ sensitive }: Classes, { sensitive: at }: Criterion) =>
  at === undefined ? undefined : sensitive[at];

function isHopeful(classes: Classes, criterion: Criterion, id: number, rows: number): boolean {
  const histograms = ofSensitive(classes, criterion);
  if (criterion.isKept) return criterion.holds(histograms, id, rows);
  if (histograms === undefined) return true;
  return (histograms.starts[id + 1] ?? 0) - (histograms.starts[id] ?? 0) >= criterion.different;
}
