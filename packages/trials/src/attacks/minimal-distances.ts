import type { Random } from '@holdfast/statistics';
import type { Victim } from '../victim.ts';
import type { Attack, Samples } from './attack.ts';
import { type Ball, type Bounds, distances } from './ball.ts';
import { deepFool } from './deepfool.ts';
import { rowsOf } from './rows.ts';
import { shortened } from './shorten.ts';

/** Rows that go through the model at once. */
const batchRows = 256;

/**
 * How far each row is from the nearest wrong answer that attacks find, at most: the least of what DeepFool gives, shortened
 * along the line to the sample for as long as the file still errs.
 * @param samples rows that the model classifies rightly, one behind the other
 * @returns a distance for each row; NaN where the file is wrong already, Infinity where nothing broke it
 * @example
 * ```ts
 * import { minimalDistances, type OnnxVictim, type Samples } from '@holdfast/trials';
 * import { quantile, randomOf } from '@holdfast/statistics';
 * declare const victim: OnnxVictim;
 * declare const samples: Samples;
 * const found = await minimalDistances(victim, samples, { low: 0, high: 1 }, 'l2', randomOf(0));
 * const broken = [...found].filter(Number.isFinite);
 * ```
 */
export async function minimalDistances(
  victim: Victim,
  samples: Samples,
  bounds: Bounds,
  norm: Ball['norm'],
  random: Random,
): Promise<Float64Array> {
  const found = new Float64Array(samples.labels.length);
  for (let start = 0; start < samples.labels.length; start += batchRows) {
    const rows = [...samples.labels.keys()].slice(start, start + batchRows);
    found.set(await ofBatch(victim, rowsOf(samples, rows, victim.size), bounds, norm, random), start);
  }
  return found;
}

async function ofBatch(
  victim: Victim,
  samples: Samples,
  bounds: Bounds,
  norm: Ball['norm'],
  random: Random,
): Promise<Float64Array> {
  const clean = await victim.classify(samples.x);
  const least = Float64Array.from(samples.labels, (label, row) =>
    clean[row] === label ? Number.POSITIVE_INFINITY : Number.NaN,
  );
  // Attacks of this kind keep to no radius.
  const threat = { ball: { norm, epsilon: Number.POSITIVE_INFINITY }, bounds };
  const attacks: readonly Attack[] = [deepFool()];
  for (const attack of attacks) {
    const changed = await shortened(victim, samples, await attack(victim, samples, threat, random));
    const became = await victim.classify(changed);
    for (const [row, distance] of distances(changed, samples.x, victim.size, norm).entries()) {
      if (became[row] !== samples.labels[row] && distance < (least[row] as number)) least[row] = distance;
    }
  }
  return least;
}
