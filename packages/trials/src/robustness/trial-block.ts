import type { Random } from '@holdfast/statistics';
import type { Samples, Threat } from '../attacks/attack.ts';
import type { Victim } from '../victim.ts';
import { evaluate, type RowOutcome } from './evaluate.ts';
import { type Journal, within } from './journal.ts';
import { atRadius, blanks, inOneStep, type Probed, smallest } from './probes.ts';
import type { RowResult } from './row-result.ts';
import type { Member } from './suite.ts';

/**
 * Rows that are attacked together, whatever else runs or ran before. What becomes of a row depends on its block and on the
 * seed alone: shards and resumed trials give the same bits as one that ran through.
 */
export const blockRows = 64;

/** What is done with each block. */
export interface Plan {
  readonly victim: Victim;
  readonly threat: Threat;
  readonly members: readonly Member[];
  /** Of projected gradient descent alone; empty where the model has no gradient. */
  readonly radii: readonly number[];
  readonly random: Random;
}

/** Some rows of the file, one behind the other. */
export interface Block {
  /** The first, in the file. */
  readonly first: number;
  readonly samples: Samples;
}

export interface BlockResult {
  readonly rows: readonly RowResult[];
  /** The samples, with changed rows where an attack succeeded. */
  readonly adversarial: Float32Array;
}

/** What is done with a block, in order; the names tell a person what runs. */
export function unitsOf({ members, radii }: Pick<Plan, 'members' | 'radii'>): string[] {
  const suite = members.map(({ name }) => name);
  return radii.length === 0 ? suite : [...suite, ...probes, ...radii.map((_, index) => radiusUnit(index))];
}

const probes = ['one step', 'gradients', 'smallest changes'] as const;
const radiusUnit = (index: number): string => `radius ${index + 1}`;

/** Runs the suite over a block, and then what shows whether gradients can be trusted and how far away the errors are. */
export async function trialBlock(
  plan: Plan,
  { first, samples }: Block,
  kept: Journal,
  onUnit: (unit: string) => void,
): Promise<BlockResult> {
  const { victim, threat, members } = plan;
  const journal = within(kept, `rows ${first}`);
  const random = plan.random.fork(`rows ${first}`);
  const { outcomes, adversarial } = await evaluate(victim, samples, threat, members, random, {
    onMember: onUnit,
    journal,
  });
  const measured = await probesOf(plan, samples, random, async (unit, work) => {
    onUnit(unit);
    return journal.once(unit, work);
  });
  const rows = outcomes.map((outcome, place) => ({
    row: first + place,
    ...rowResult(place, samples.labels[place] as number, withinBall(outcome, threat), measured),
  }));
  return { rows, adversarial };
}

interface Measured {
  readonly oneStep: Probed;
  readonly blank: readonly boolean[];
  readonly smallest: Probed;
  readonly at: readonly Probed[];
}

async function probesOf(
  { victim, threat, radii }: Plan,
  samples: Samples,
  random: Random,
  once: Journal['once'],
): Promise<Measured | undefined> {
  if (radii.length === 0) return undefined;
  const oneStep = await once('one step', async () => inOneStep(victim, samples, threat, random));
  const blank = await once('gradients', async () => blanks(victim, samples));
  const least = await once('smallest changes', async () =>
    smallest(victim, samples, threat, random.fork('smallest changes')),
  );
  const at: Probed[] = [];
  for (const [index, epsilon] of radii.entries()) {
    const unit = radiusUnit(index);
    at.push(await once(unit, async () => atRadius(victim, samples, threat, epsilon, random.fork(unit))));
  }
  return { oneStep, blank, smallest: least, at };
}

/** Float32 may round a change to a little more than its radius. */
function withinBall(outcome: RowOutcome, { ball }: Threat): RowOutcome {
  return outcome.distance === undefined ? outcome : { ...outcome, distance: Math.min(outcome.distance, ball.epsilon) };
}

function rowResult(
  place: number,
  label: number,
  outcome: RowOutcome,
  measured: Measured | undefined,
): Omit<RowResult, 'row'> {
  const known = { label, ...outcome };
  if (outcome.clean !== label) return known;
  const at = (measured?.at ?? []).map((probed) => probed[place] ?? null);
  const found = [outcome.distance, measured?.oneStep[place], measured?.smallest[place], ...at];
  const least = Math.min(...found.map((distance) => distance ?? Number.POSITIVE_INFINITY));
  const isBroken = Number.isFinite(least) ? { least } : {};
  if (measured === undefined) return { ...known, ...isBroken };
  return {
    ...known,
    ...isBroken,
    oneStep: measured.oneStep[place] !== null,
    at: at.map((distance) => distance !== null),
    blank: measured.blank[place] ?? false,
  };
}
