import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readSamples } from '@holdfast/dataset';
import type { Report } from '@holdfast/evidence/check';
import { randomOf } from '@holdfast/statistics';
import type { Samples } from '../attacks/attack.ts';
import { projectedGradient } from '../attacks/gradient-ascent.ts';
import { rowsOf } from '../attacks/rows.ts';
import { TrialsError } from '../errors.ts';
import { type OnnxVictim, openVictim } from '../onnx-victim.ts';
import { evaluate } from './evaluate.ts';
import { type RobustnessOptions, robustnessOptions } from './options.ts';
import { robustnessReport } from './report.ts';
import { suites } from './suite.ts';

/** Says what is going on: 0 to 1, and the attack that runs. */
export type TrialProgress = (done: number, what: string) => void;

/**
 * Attacks a model and reports how often it withstands.
 * @param bytes the ONNX file
 * @throws TrialsError, DatasetError, OnnxError, InferenceError
 */
export async function trialRobustness(
  bytes: Uint8Array,
  options: RobustnessOptions,
  progress: TrialProgress = () => undefined,
): Promise<Report> {
  const victim = await openVictim(bytes, options);
  try {
    const { samples, total } = await samplesFor(victim, options);
    const threat = { ball: options.ball, bounds: options.bounds };
    const random = randomOf(options.seed);
    const members = suites[options.suite](options.ball, victim.classes);
    const evaluation = await evaluate(victim, samples, threat, members, random, (done, what) => {
      progress(done * 0.8, what);
    });
    progress(0.8, 'other radii');
    const curve = await curveOf(victim, samples, options);
    const dataDigest = createHash('sha256')
      .update(await readFile(options.data))
      .digest('hex');
    return robustnessReport({ options, evaluation, labels: samples.labels, dataDigest, curve, total });
  } finally {
    await victim.release();
  }
}

/** The first rows of the file, checked against the model and the bounds. */
async function samplesFor(
  victim: OnnxVictim,
  options: RobustnessOptions,
): Promise<{ samples: Samples; total: number }> {
  const read = await readSamples(options.data, options.label === undefined ? {} : { label: options.label });
  const [total = 0, ...dims] = read.shape;
  const size = dims.reduce((product, each) => product * each, 1);
  if (size !== victim.size) {
    throw new TrialsError(
      'HF_TRIALS_DATA',
      `a sample of \`${options.data}\` is [${dims.join(', ')}], the model takes [${victim.dims.join(', ')}]`,
    );
  }
  if (read.labels === undefined) throw new TrialsError('HF_TRIALS_DATA', `\`${options.data}\` has no labels`);
  const rows = Math.min(total, options.rows);
  const samples = rowsOf({ x: read.values, labels: read.labels }, [...Array(rows).keys()], size);
  const odd = samples.labels.findIndex((label) => label < 0 || label >= victim.classes);
  if (odd >= 0) {
    throw new TrialsError(
      'HF_TRIALS_DATA',
      `the label of row ${odd} is ${samples.labels[odd]}; the model knows classes 0 to ${victim.classes - 1}`,
    );
  }
  requireBounds(samples.x, size, options);
  return { samples, total };
}

function requireBounds(x: Float32Array, size: number, { data, bounds }: RobustnessOptions): void {
  const outside = x.findIndex((value) => !(value >= bounds.low && value <= bounds.high));
  if (outside < 0) return;
  const row = Math.floor(outside / size);
  throw new TrialsError(
    'HF_TRIALS_DATA',
    `row ${row} of \`${data}\` holds ${x[outside]}, which is not between ${bounds.low} and ${bounds.high}`,
    {
      fix: 'say with `low` and `high` what values an input may have',
    },
  );
}

/** Radii of the curve, as multiples of the one that was asked for. */
const multiples = [0, 0.25, 0.5, 1, 1.5, 2, 4];

async function curveOf(victim: OnnxVictim, samples: Samples, options: RobustnessOptions) {
  const points: { epsilon: number; accuracy: number }[] = [];
  for (const multiple of multiples) {
    const epsilon = multiple * options.ball.epsilon;
    const attack = projectedGradient({ steps: 20, stepSize: epsilon / 4 });
    const members = multiple === 0 ? [] : [{ name: 'projected-gradient', usesGradient: true, attack }];
    const threat = { ball: { ...options.ball, epsilon }, bounds: options.bounds };
    const { outcomes } = await evaluate(victim, samples, threat, members, randomOf(options.seed));
    const withstood = outcomes.filter(
      ({ clean, brokenBy }, row) => clean === samples.labels[row] && brokenBy === undefined,
    );
    points.push({ epsilon, accuracy: withstood.length / samples.labels.length });
  }
  return points;
}
