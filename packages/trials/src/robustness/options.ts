import type { Ball, Bounds } from '../attacks/ball.ts';
import { TrialsError } from '../errors.ts';
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
export function robustnessOptions(given: Readonly<Record<string, unknown>>): RobustnessOptions {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(robustnessSchema.properties, name));
  if (unknown !== undefined) refuse(unknown, 'is no option of this trial');
  const low = number(given, 'low', 0);
  const high = number(given, 'high', 1);
  if (low >= high) refuse('low', 'is not below `high`');
  const label = text(given, 'label');
  const columns = text(given, 'columns');
  const odd = columns === undefined ? undefined : ['low', 'high', 'mean', 'deviation'].find((name) => name in given);
  if (odd !== undefined) refuse(odd, 'has no meaning beside `columns`, which says what values there are');
  const task = oneOf(given, 'task', ['classification', 'regression'] as const, 'classification');
  const normalise = normalisation(given);
  const ball = ballOf(given, { low, high });
  const attack = attackOption(given['attack'], ball);
  if (attack !== undefined && given['suite'] !== undefined) refuse('attack', 'is instead of `suite`: give one of both');
  if (attack !== undefined && (columns !== undefined || task === 'regression')) {
    refuse('attack', 'is for classifiers of numbers alone: `suite` chooses what tables and values are attacked with');
  }
  if (task === 'regression' && normalise !== undefined) refuse('mean', 'has no meaning for a regression');
  return {
    data: text(given, 'data') ?? refuse('data', 'is missing'),
    ball,
    bounds: { low, high },
    suite: oneOf(given, 'suite', suiteNames, 'quick'),
    seed: text(given, 'seed') ?? '0',
    rows: whole(given, 'rows', 1000),
    threads: whole(given, 'threads', 1),
    ...(attack === undefined ? {} : { attack }),
    task,
    ...(label === undefined ? {} : { label }),
    ...(columns === undefined ? {} : { columns }),
    ...(normalise === undefined ? {} : { normalise }),
  };
}

/** Whether rows are changed as somebody could submit them, or an error is measured: those trials have a report of their own. */
export function isOfTables({ columns, task }: RobustnessOptions): boolean {
  return columns !== undefined || task === 'regression';
}

type Given = Readonly<Record<string, unknown>>;

/** What a preset says, or `norm` and `epsilon`. */
function ballOf(given: Given, bounds: Bounds): Ball {
  if (given['preset'] !== undefined) {
    const twice = ['norm', 'epsilon'].find((name) => given[name] !== undefined);
    if (twice !== undefined) refuse(twice, 'is given by `preset` already');
    return presetBall(oneOf(given, 'preset', Object.keys(presets) as PresetName[], 'cifar10-linf'), bounds);
  }
  const epsilon = number(given, 'epsilon', undefined);
  if (epsilon <= 0) refuse('epsilon', 'is not above 0');
  return { norm: normOf(given), epsilon };
}

function text(given: Given, name: string): string | undefined {
  const value = given[name];
  if (value === undefined) return undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : refuse(name, 'is no text');
}

function number(given: Given, name: string, otherwise: number | undefined): number {
  const value = given[name] ?? otherwise;
  if (value === undefined) return refuse(name, 'is missing');
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse(name, 'is no number');
}

function whole(given: Given, name: string, otherwise: number): number {
  const value = number(given, name, otherwise);
  return Number.isSafeInteger(value) && value > 0 ? value : refuse(name, 'is no whole number above 0');
}

function oneOf<T extends string>(given: Given, name: string, known: readonly T[], otherwise: T): T {
  const value = given[name] ?? otherwise;
  return (
    known.find((each) => each === value) ?? refuse(name, `is none of ${known.map((each) => `\`${each}\``).join(', ')}`)
  );
}

/** Nobody means the same by 0.5 in two norms: none is guessed. */
function normOf(given: Given): Ball['norm'] {
  if (given['norm'] === undefined) {
    throw new TrialsError('HF_TRIALS_OPTIONS', 'a radius (`epsilon`) needs a norm: in which is it meant?', {
      fix: 'say `norm`: `linf` for the largest change of a number, `l2` for the length of all changes, `l1` for their sum',
    });
  }
  return oneOf(given, 'norm', ['linf', 'l2', 'l1'] as const, 'linf');
}

function normalisation(given: Given): RobustnessOptions['normalise'] {
  const [mean, deviation] = ['mean', 'deviation'].map((name) => numbers(given, name));
  if (mean === undefined && deviation === undefined) return undefined;
  if (mean?.length !== deviation?.length || mean === undefined || deviation === undefined) {
    return refuse('mean', 'and `deviation` have to be given together, a number for each channel');
  }
  if (deviation.some((each) => each <= 0)) return refuse('deviation', 'has a number that is not above 0');
  return { mean, deviation };
}

function numbers(given: Given, name: string): readonly number[] | undefined {
  const value = given[name];
  if (value === undefined) return undefined;
  const isList = Array.isArray(value) && value.every((each) => typeof each === 'number' && Number.isFinite(each));
  return isList ? (value as readonly number[]) : refuse(name, 'is no list of numbers');
}

function refuse(name: string, why: string): never {
  throw new TrialsError('HF_TRIALS_OPTIONS', `the option \`${name}\` ${why}`);
}
