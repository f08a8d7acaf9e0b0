import { resolve } from 'node:path';
import { readSamples } from '@holdfast/dataset';
import type { Report } from '@holdfast/evidence/check';
import { type ArtifactDigest, digestArtifact } from '@holdfast/evidence/digest/artifact';
import { randomOf } from '@holdfast/statistics';
import type { Samples } from '../attacks/attack.ts';
import { projectedGradient } from '../attacks/gradient-ascent.ts';
import { rowsOf } from '../attacks/rows.ts';
import { TrialsError } from '../errors.ts';
import { type OnnxVictim, openVictim } from '../onnx-victim.ts';
import { evaluate } from './evaluate.ts';
import type { RobustnessOptions } from './options.ts';
import { type CurvePoint, robustnessReport } from './report.ts';
import { suites } from './suite.ts';

/** Around a trial. */
export interface TrialSurroundings {
  /** Where the path of the samples starts; the working directory unless given. */
  readonly folder?: string;
  /** Where the samples lie, when `data` is only their name. */
  readonly dataPath?: string;
  /** The same of `columns`. */
  readonly columnsPath?: string;
  /** Is told what is going on: 0 to 1, and the attack that runs. */
  readonly progress?: (done: number, what: string) => void;
}

/**
 * Attacks a model and reports how often it withstands.
 * @param bytes the ONNX file
 * @throws TrialsError, DatasetError, EvidenceError, OnnxError, InferenceError
 */
export async function trialRobustness(
  bytes: Uint8Array,
  options: RobustnessOptions,
  where: TrialSurroundings = {},
): Promise<Report> {
  if (options.columns !== undefined || options.task === 'regression') {
    const { trialTable } = await import('../tables/run-table.ts');
    return trialTable(bytes, options, where);
  }
  const victim = await openVictim(bytes, options);
  try {
    const path = where.dataPath ?? resolve(where.folder ?? '.', options.data);
    const digest = await digestArtifact(path);
    const { samples, total } = await samplesFor(victim, path, options);
    const threat = { ball: options.ball, bounds: options.bounds };
    const members = suites[options.suite](options.ball, victim.classes);
    const evaluation = await evaluate(victim, samples, threat, members, randomOf(options.seed), (done, what) => {
      where.progress?.(done * 0.8, what);
    });
    where.progress?.(0.8, 'other radii');
    const curve = await curveOf(victim, samples, options);
    const widest = await withstood(victim, samples, options, widestRadius(options, victim.size));
    await requireSame(path, digest, options);
    const { labels } = samples;
    return robustnessReport({ options, evaluation, labels, dataDigest: digestText(digest), curve, widest, total });
  } finally {
    await victim.release();
  }
}

/** The first rows of the file, checked against the model and the bounds. */
async function samplesFor(
  victim: OnnxVictim,
  path: string,
  options: RobustnessOptions,
): Promise<{ samples: Samples; total: number }> {
  const read = await readSamples(path, options.label === undefined ? {} : { label: options.label });
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

async function curveOf(victim: OnnxVictim, samples: Samples, options: RobustnessOptions): Promise<CurvePoint[]> {
  const points: CurvePoint[] = [];
  for (const multiple of multiples) {
    points.push(await withstood(victim, samples, options, multiple * options.ball.epsilon));
  }
  return points;
}

/** The length of a change of every number by half of its range: with so much room a gradient leads anywhere. */
function widestRadius({ ball, bounds }: RobustnessOptions, size: number): number {
  const half = (bounds.high - bounds.low) / 2;
  if (ball.norm === 'linf') return half;
  return ball.norm === 'l2' ? half * Math.sqrt(size) : half * size;
}

/** How often the model withstands projected gradient descent alone. */
async function withstood(
  victim: OnnxVictim,
  samples: Samples,
  options: RobustnessOptions,
  epsilon: number,
): Promise<CurvePoint> {
  // The margin does not saturate: far from the samples cross-entropy is 0 or 1 in float32, and leads nowhere.
  const attack = projectedGradient({ steps: 20, stepSize: epsilon / 4, loss: 'margin' });
  const members = epsilon === 0 ? [] : [{ name: 'projected-gradient', usesGradient: true, attack }];
  const threat = { ball: { ...options.ball, epsilon }, bounds: options.bounds };
  const { outcomes } = await evaluate(victim, samples, threat, members, randomOf(options.seed));
  const left = outcomes.filter(({ clean, brokenBy }, row) => clean === samples.labels[row] && brokenBy === undefined);
  return { epsilon, accuracy: left.length / samples.labels.length };
}

function digestText({ digests }: ArtifactDigest): string {
  return Object.entries(digests)
    .map(([name, value]) => `${name}:${value}`)
    .join(', ');
}

/** What the report names is what was attacked with. */
async function requireSame(path: string, before: ArtifactDigest, { data }: RobustnessOptions): Promise<void> {
  if (digestText(await digestArtifact(path)) === digestText(before)) return;
  throw new TrialsError('HF_TRIALS_DATA', `\`${data}\` changed while the trial was running`, {
    fix: 'run it again when nothing writes to the samples',
  });
}
