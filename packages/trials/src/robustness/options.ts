import type { Ball, Bounds } from '../attacks/ball.ts';
import { Given } from '../given.ts';
import { attackOption } from './attack-names.ts';
import { type AttackName, type SuiteName, suiteNames } from './choices.ts';
import { robustnessSchema } from './options-schema.ts';
import { type PresetName, presetBall, presets } from './presets.ts';

/** What a robustness trial is asked for. */
export interface RobustnessOptions {
  /** The file with samples and labels. */
  readonly data: string;
  readonly ball: Ball;
  readonly bounds: Bounds;
  readonly suite: SuiteName;
  /** In place of the suite: these, one after the other. */
  readonly attack?: readonly AttackName[];
  readonly seed: string;
  /** At most so many rows, the first of the file. */
  readonly rows: number;
  /** Of a table: the column with the labels. */
  readonly label?: string;
  /** The file that says what the columns of a table are, and what of them somebody can change. */
  readonly columns?: string;
  /** Whether the model tells classes apart, or gives a value. */
  readonly task: 'classification' | 'regression';
  /** Processors; one gives the same bits on every run of one machine. */
  readonly threads: number;
  readonly normalise?: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
}

/** @throws TrialsError HF_TRIALS_OPTIONS */
export function robustnessOptions(values: Readonly<Record<string, unknown>>): RobustnessOptions {
  const given = new Given(values, robustnessSchema.properties);
  const [label, columns, normalise] = [given.text('label'), given.text('columns'), given.normalise()];
  const task = given.oneOf('task', ['classification', 'regression'] as const, 'classification');
  const bounds = given.bounds();
  const ball = ballOf(given, bounds);
  const attack = attackOption(given.raw('attack'), ball);
  requireFitting(given, { columns, task });
  return {
    data: given.text('data') ?? given.refuse('data', 'is missing'),
    ball,
    bounds,
    suite: given.oneOf('suite', suiteNames, 'quick'),
    seed: given.text('seed') ?? '0',
    rows: given.whole('rows', 1000),
    threads: given.whole('threads', 1),
    ...(attack === undefined ? {} : { attack }),
    task,
    ...(label === undefined ? {} : { label }),
    ...(columns === undefined ? {} : { columns }),
    ...(normalise === undefined ? {} : { normalise }),
  };
}

/** Options that have no meaning together: without a word one of them would have no effect. */
function requireFitting(
  given: Given,
  { columns, task }: Pick<RobustnessOptions, 'task'> & { columns: string | undefined },
): void {
  const odd = columns === undefined ? undefined : ['low', 'high', 'mean', 'deviation'].find((name) => given.has(name));
  if (odd !== undefined) given.refuse(odd, 'has no meaning beside `columns`, which says what values there are');
  const hasAttack = given.has('attack');
  if (hasAttack && given.has('suite')) given.refuse('attack', 'is instead of `suite`: give one of both');
  if (hasAttack && (columns !== undefined || task === 'regression')) {
    given.refuse(
      'attack',
      'is for classifiers of numbers alone: `suite` chooses what tables and values are attacked with',
    );
  }
  if (task === 'regression' && given.has('mean')) given.refuse('mean', 'has no meaning for a regression');
}

/** Whether rows are changed as somebody could submit them, or an error is measured: those trials have a report of their own. */
export function isOfTables({ columns, task }: RobustnessOptions): boolean {
  return columns !== undefined || task === 'regression';
}

/** What a preset says, or `norm` and `epsilon`. */
function ballOf(given: Given, bounds: Bounds): Ball {
  if (!given.has('preset')) return given.ball();
  const twice = ['norm', 'epsilon'].find((name) => given.has(name));
  if (twice !== undefined) given.refuse(twice, 'is given by `preset` already');
  return presetBall(given.oneOf('preset', Object.keys(presets) as PresetName[], 'cifar10-linf'), bounds);
}
