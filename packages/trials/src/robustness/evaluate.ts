import type { Random } from '@holdfast/statistics';
import type { Samples, Threat } from '../attacks/attack.ts';
import { distances } from '../attacks/ball.ts';
import { rowsOf } from '../attacks/rows.ts';
import type { Victim } from '../victim.ts';
import { forgetful, type Journal } from './journal.ts';
import type { Member } from './suite.ts';

/** What became of one row. */
export interface RowOutcome {
  /** The class that the model gives the sample as it is; −1 where its outputs are NaN. */
  readonly clean: number;
  /** The first attack that changed the class; absent where the row was wrong from the start, or withstood. */
  readonly brokenBy?: string;
  /** The class that it gives the changed sample. */
  readonly became?: number;
  /** How far the change went, in the norm of the threat. */
  readonly distance?: number;
}

/** What a suite found out. */
export interface Evaluation {
  readonly outcomes: readonly RowOutcome[];
  /** The samples, with changed rows where an attack succeeded. */
  readonly adversarial: Float32Array;
  /** Rows that each attack was tried on, and that it broke. */
  readonly members: readonly {
    readonly name: string;
    readonly usesGradient: boolean;
    readonly tried: number;
    readonly broke: number;
  }[];
}

/** How an evaluation is made, beside what it is about. */
export interface EvaluationCourse {
  /** Is told of each attack that begins. */
  readonly onMember?: (name: string) => void;
  /** Has what was found before. */
  readonly journal?: Journal;
}

/**
 * Runs a suite over samples. No attack is believed: what it gives counts only where it lies within the threat, and the
 * model, asked again, errs.
 */
export async function evaluate(
  victim: Victim,
  samples: Samples,
  threat: Threat,
  members: readonly Member[],
  random: Random,
  { onMember, journal = forgetful }: EvaluationCourse = {},
): Promise<Evaluation> {
  const clean = await journal.once('as it is', async () => [...(await predicted(victim, samples.x))]);
  const outcomes: RowOutcome[] = clean.map((each) => ({ clean: each }));
  const adversarial = samples.x.slice();
  const counts: { name: string; usesGradient: boolean; tried: number; broke: number }[] = [];
  for (const { name, usesGradient, attack } of members) {
    onMember?.(name);
    const rows = [...outcomes.keys()].filter(
      (row) => outcomes[row]?.brokenBy === undefined && clean[row] === samples.labels[row],
    );
    const hits = await journal.once(name, async () => {
      const part = rowsOf(samples, rows, victim.size);
      const changed = await inBatches(part, victim.size, async (batch) =>
        attack(victim, batch, threat, random.fork(name)),
      );
      return successes(victim, part, changed, threat);
    });
    for (const { place, became, distance, changed } of hits) {
      const row = rows[place] as number;
      outcomes[row] = { clean: clean[row] as number, brokenBy: name, became, distance };
      adversarial.set(numbersOf(changed), row * victim.size);
    }
    counts.push({ name, usesGradient, tried: rows.length, broke: hits.length });
  }
  return { outcomes, adversarial, members: counts };
}

/** Rows that go through the model at once. */
const batchRows = 256;

async function inBatches(
  samples: Samples,
  size: number,
  work: (batch: Samples) => Promise<Float32Array>,
): Promise<Float32Array> {
  const result = new Float32Array(samples.x.length);
  for (let row = 0; row < samples.labels.length; row += batchRows) {
    const rows = [...samples.labels.keys()].slice(row, row + batchRows);
    result.set(await work(rowsOf(samples, rows, size)), row * size);
  }
  return result;
}

async function predicted(victim: Victim, x: Float32Array): Promise<Int32Array> {
  const found: number[] = [];
  for (let start = 0; start < x.length; start += batchRows * victim.size) {
    found.push(...(await victim.classify(x.slice(start, start + batchRows * victim.size))));
  }
  return Int32Array.from(found);
}

/** Float32 rounds a sum by half a unit in the last place: a change may look this much longer than it was. */
const rounding = 1e-5;

/** A row that is broken; its numbers as text, so that a journal keeps their bits. */
interface Hit {
  readonly place: number;
  readonly distance: number;
  readonly became: number;
  readonly changed: string;
}

async function successes(
  victim: Victim,
  { x, labels }: Samples,
  changed: Float32Array,
  { ball, bounds }: Threat,
): Promise<Hit[]> {
  if (labels.length === 0) return [];
  const became = await predicted(victim, changed);
  const lengths = distances(changed, x, victim.size, ball.norm);
  return [...labels.keys()].flatMap((place) => {
    const distance = lengths[place] as number;
    const row = changed.slice(place * victim.size, (place + 1) * victim.size);
    const isInside =
      distance <= ball.epsilon * (1 + rounding) + rounding &&
      row.every((value) => value >= bounds.low && value <= bounds.high);
    if (!isInside || became[place] === labels[place]) return [];
    return [{ place, distance, became: became[place] as number, changed: textOf(row) }];
  });
}

const textOf = (row: Float32Array): string => Buffer.from(row.buffer).toString('base64');

const numbersOf = (text: string): Float32Array => new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
