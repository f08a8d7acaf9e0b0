/**
 * Adversarial inputs before the gateway's anomaly score: how well it tells rows that the attacks of `trial` changed from rows that nobody
 * changed, rates and no times. AUROC: the chance that a changed row has a greater score than an ordinary one, ties as a half; changed rows
 * are those on which the model errs, ordinary ones are held-out rows. `AUROC before` is that of the same rows before they were changed. One
 * attack knows the score.
 *
 * Radii are in widths of the features, 0 to 1. Tables: the folder that HOLDFAST_ADULT_DATA names (../shared/data), their numbers alone.
 */
import { join } from 'node:path';
import { thresholdAt } from '@holdfast/gateway/protection/anomaly/anomaly-protection';
import { anomalyScorer } from '@holdfast/gateway/protection/anomaly/anomaly-score';
import { fitAnomaly } from '@holdfast/gateway/protection/anomaly/fit-anomaly';
import { type Matrix, median, randomOf } from '@holdfast/statistics';
import {
  type Attack,
  carliniWagner,
  fastGradient,
  hopSkipJump,
  projectedGradient,
  type Samples,
} from '@holdfast/trials';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';
import { root } from '../tools/repository.ts';
import { type Score, stayingLikely } from './adversarial/staying-likely.ts';
import { digits, type Subject, tableSubject } from './adversarial/subjects.ts';

const folder = process.env['HOLDFAST_ADULT_DATA'] ?? join(root, '../shared/data');
/** Of the fresh rows so many are for the attacks, and all others are the ordinary ones. */
const forAttacks = Number(process.env['HOLDFAST_ROWS'] ?? 120);
const radii = [0.05, 0.1, 0.2, 0.3];
const bounds = { low: 0, high: 1 };
const falseAlarms = 0.01;

interface Scene extends Subject {
  readonly score: Score;
  readonly threshold: number;
  /** Scores of fresh rows that nobody attacks. */
  readonly ordinary: Float64Array;
  /** Of other fresh rows those that the model answers rightly. */
  readonly right: Samples;
}

/** Runs the benchmark: some minutes. */
export async function run(): Promise<BenchResult> {
  const rows: BenchRow[] = [];
  for (const open of [
    digits,
    async () => tableSubject(folder, 'diabetes'),
    async () => tableSubject(folder, 'census'),
  ]) {
    const scene = await sceneOf(await open());
    for (const epsilon of radii) {
      rows.push(await measured(scene, 'FGSM', epsilon, fastGradient));
      rows.push(await measured(scene, 'PGD', epsilon, projectedGradient({ steps: 40, stepSize: epsilon / 10 })));
      rows.push(await measured(scene, 'knows the score', epsilon, stayingLikely(scene.score, scene.threshold / 2, 40)));
    }
    rows.push(await measured(scene, 'Carlini and Wagner', undefined, carliniWagner({ steps: 200 })));
    rows.push(await measured(scene, 'HopSkipJump', undefined, hopSkipJump({ iterations: 10 })));
    await scene.victim.release();
  }
  return { name: 'gateway-adversarial', rows };
}

async function sceneOf(subject: Subject): Promise<Scene> {
  const { victim, fresh } = subject;
  const features = Array.from({ length: victim.size }, (_, at) => `${at}`);
  const matrixOf = (x: Float32Array): Matrix => ({
    ...{ rows: x.length / victim.size, columns: victim.size, values: Float64Array.from(x) },
  });
  const state = fitAnomaly(matrixOf(subject.fitted), { features, falseAlarms, heldOut: matrixOf(subject.heldOut) });
  const scorer = anomalyScorer(state);
  const score: Score = (row) => scorer.score(Float64Array.from(row));
  const classes = await victim.classify(fresh.x);
  const isRight = [...fresh.labels.keys()].map((row) => classes[row] === fresh.labels[row]);
  process.stderr.write(`${subject.name}: accuracy ${(isRight.filter(Boolean).length / isRight.length).toFixed(3)}\n`);
  const attacked = [...isRight.keys()].slice(0, forAttacks).filter((row) => isRight[row]);
  return {
    ...{
      ...subject,
      score,
      threshold: thresholdAt(state.calibration, 1),
      ordinary: scoresOf(score, fresh.x.subarray(forAttacks * victim.size), victim.size),
    },
    right: {
      x: Float32Array.from(attacked.flatMap((row) => [...rowOf(fresh.x, row, victim.size)])),
      labels: Int32Array.from(attacked, (row) => fresh.labels[row] ?? 0),
    },
  };
}

const rowOf = (x: Float32Array, row: number, size: number): Float32Array => x.subarray(row * size, (row + 1) * size);

function scoresOf(score: Score, x: Float32Array, size: number): Float64Array {
  return Float64Array.from({ length: x.length / size }, (_, row) => score(rowOf(x, row, size)));
}

async function measured(scene: Scene, name: string, radius: number | undefined, attack: Attack): Promise<BenchRow> {
  const { victim, right, score, threshold, ordinary } = scene;
  // Attacks that seek the smallest change have no radius.
  const ball = { norm: radius === undefined ? 'l2' : 'linf', epsilon: radius ?? Number.POSITIVE_INFINITY } as const;
  const changed = await attack(victim, right, { ball, bounds }, randomOf(`${scene.name} ${name}`));
  const classes = await victim.classify(changed);
  const errs = [...right.labels.keys()].filter((row) => classes[row] !== right.labels[row]);
  const scores = Float64Array.from(errs, (row) => score(rowOf(changed, row, victim.size)));
  const before = Float64Array.from(errs, (row) => score(rowOf(right.x, row, victim.size)));
  const farthest = errs.map((row) =>
    greatestChange(rowOf(changed, row, victim.size), rowOf(right.x, row, victim.size)),
  );
  const row = {
    model: scene.name,
    attack: name,
    radius: radius ?? 'none',
    'greatest change, median': errs.length === 0 ? '' : Number(median(farthest).toFixed(3)),
    'model errs': `${errs.length} of ${right.labels.length}`,
    'AUROC before': errs.length === 0 ? '' : auroc(ordinary, before).toFixed(3),
    AUROC: errs.length === 0 ? '' : auroc(ordinary, scores).toFixed(3),
    [`spoken of at ${falseAlarms * 100} %`]: `${scores.filter((each) => each > threshold).length} of ${errs.length}`,
    'of ordinary rows': `${ordinary.filter((each) => each > threshold).length} of ${ordinary.length}`,
  };
  process.stderr.write(`${Object.values(row).join(' | ')}\n`);
  return row;
}

function greatestChange(one: Float32Array, other: Float32Array): number {
  return one.reduce((found, value, at) => Math.max(found, Math.abs(value - (other[at] ?? 0))), 0);
}

/** By counting pairs. */
function auroc(ordinary: Float64Array, changed: Float64Array): number {
  let won = 0;
  for (const one of changed) for (const other of ordinary) won += one > other ? 1 : one === other ? 0.5 : 0;
  return won / (ordinary.length * changed.length);
}
