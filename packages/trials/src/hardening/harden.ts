import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { type ArtifactDigest, digestArtifact } from '@holdfast/evidence/digest/artifact';
import { readModel, writeModel } from '@holdfast/onnx';
import { type Random, randomOf } from '@holdfast/statistics';
import type { Samples } from '../attacks/attack.ts';
import { type OnnxVictim, openVictim } from '../onnx-victim.ts';
import type { AdversarialOptions } from './adversarial-options.ts';
import { type Average, exponentialAverage, stochasticAverage } from './averaging.ts';
import { type Course, type CourseOptions, type CourseSurroundings, follow } from './course.ts';
import { heldOut } from './held-out.ts';
import { initialStatistics, initialWeights } from './initialise.ts';
import { withWeights } from './mask.ts';
import type { Method } from './methods/method.ts';
import { fast, pgdAt } from './methods/pgd-at.ts';
import { plain } from './methods/plain.ts';
import { trades } from './methods/trades.ts';
import { adam, type Optimiser, sgd } from './optimiser.ts';
import type { RegulariseOptions } from './regularise-options.ts';
import { schedule } from './schedule.ts';
import { Trainable } from './trainable.ts';
import type { TrainingOptions } from './training-options.ts';
import { trainingSamples } from './training-samples.ts';

/** Around a hardening. */
export interface HardenSurroundings extends Omit<CourseSurroundings, 'keep'> {
  /** Where the paths of samples start; the working directory unless given. */
  readonly folder?: string;
  /** Where what is needed to go on is kept; nothing is kept unless given. */
  readonly checkpoint?: string;
  /** Goes on from there. */
  readonly resume?: boolean;
  /** How often it is kept within an epoch; 30 unless given. */
  readonly keepEverySeconds?: number;
}

/** How a training went: plain data. */
export interface TrainingReport {
  readonly course: Omit<Course, 'weights'>;
  /** Rows that were trained on, and that were held out. */
  readonly rows: { readonly trained: number; readonly held: number };
  /** Digests of the samples, by the name of the option. */
  readonly samples: Readonly<Record<string, ArtifactDigest['digests']>>;
  /** What one should know before one relies on it. */
  readonly notes: readonly string[];
}

/** A hardened model, and how it came about. */
export interface Hardened extends TrainingReport {
  /** The new ONNX file: other weights, everything else as it was. */
  readonly bytes: Uint8Array;
  /** What the result is to be measured with: the rows of `test`, or those held out. */
  readonly measuredOn: Samples;
}

/**
 * Trains a classifier against an adversary.
 * @param bytes the ONNX file
 * @throws TrialsError, DatasetError, EvidenceError, OnnxError, InferenceError
 */
export async function hardenAdversarial(
  bytes: Uint8Array,
  options: AdversarialOptions,
  where: HardenSurroundings = {},
): Promise<Hardened> {
  return harden(bytes, options, adversarialMethod(options), where, options.method === 'fast');
}

/**
 * Trains a classifier with what holds its gradients small: a penalty on those of the inputs, label smoothing.
 * @param bytes the ONNX file
 * @throws TrialsError, DatasetError, EvidenceError, OnnxError, InferenceError
 */
export async function hardenRegularised(
  bytes: Uint8Array,
  options: RegulariseOptions,
  where: HardenSurroundings = {},
): Promise<Hardened> {
  return harden(bytes, options, plain({ smoothing: options.smoothing, inputPenalty: options.penalty }), where);
}

function adversarialMethod({ method, ball, bounds, steps, stepSize, beta, smoothing }: AdversarialOptions): Method {
  const adversary = { ball, bounds, steps, stepSize };
  if (method === 'trades') return trades(adversary, beta);
  return method === 'fast' ? fast({ ball, bounds }, stepSize) : pgdAt(adversary, smoothing);
}

async function harden(
  bytes: Uint8Array,
  options: TrainingOptions,
  method: Method,
  where: HardenSurroundings,
  watchesCollapse = false,
): Promise<Hardened> {
  const victim = await openVictim(bytes, options);
  try {
    const read = await samplesOf(victim, options, where);
    const random = randomOf(options.seed);
    const parts = heldOut(read.data, options.validation, victim.size, random.fork('held out'));
    const course = await trained(victim, parts, random, courseOptions(options, method, watchesCollapse), {
      ...{ ...where, fromScratch: options.fromScratch, threads: options.threads },
      ...keepOf(bytes, options, read.digests, where),
    });
    const { weights, ...told } = course;
    return {
      bytes: writeModel(withWeights(readModel(bytes), weights)),
      ...{ course: told, notes: notesOf(course, options), samples: read.digests },
      rows: { trained: parts.train.labels.length, held: parts.held.labels.length },
      measuredOn: read.test ?? parts.held,
    };
  } finally {
    await victim.release();
  }
}

async function trained(
  victim: OnnxVictim,
  parts: { readonly train: Samples; readonly held: Samples },
  random: Random,
  options: CourseOptions & { readonly method: Method },
  { fromScratch, threads, ...around }: CourseSurroundings & { readonly fromScratch: boolean; readonly threads: number },
): Promise<Course> {
  const graph = victim.differentiable();
  const trainable = await Trainable.open(graph.model, { ...graph, ...lessonOf(options.method), threads });
  try {
    if (fromScratch) beginAnew(trainable, random.fork('weights'));
    return await follow(trainable, parts, random.fork('training'), options, around);
  } finally {
    await trainable.release();
  }
}

function lessonOf({ loss, inputPenalty }: Method): Pick<Method, 'loss' | 'inputPenalty'> {
  return { ...(loss === undefined ? {} : { loss }), ...(inputPenalty === undefined ? {} : { inputPenalty }) };
}

async function samplesOf(victim: OnnxVictim, options: TrainingOptions, { folder = '.' }: HardenSurroundings) {
  const { size, classes } = victim;
  const demand = { size, classes, bounds: options.bounds, label: options.label };
  const read = async (name: string) => {
    const path = resolve(folder, name);
    const digest = await digestArtifact(path);
    return { samples: await trainingSamples(path, name, demand), digest };
  };
  const data = await read(options.data);
  const test = options.test === undefined ? undefined : await read(options.test);
  const digests = { data: data.digest.digests, ...(test === undefined ? {} : { test: test.digest.digests }) };
  return { data: data.samples, test: test?.samples, digests };
}

function beginAnew(trainable: Trainable, random: Random): void {
  const model = trainable.model();
  for (const [name, values] of initialWeights(model, random)) {
    if (trainable.weights.has(name)) trainable.weights.set(name, values);
  }
  for (const [name, values] of initialStatistics(model)) {
    if (trainable.statistics.has(name)) trainable.statistics.set(name, values);
  }
}

function courseOptions(options: TrainingOptions, method: Method, watchesCollapse: boolean) {
  const average = averageOf(options);
  return {
    epochs: options.epochs,
    batch: options.batch,
    rate: schedule(options.schedule, options.rate),
    optimiser: optimiserOf(options),
    method,
    threat: { ball: options.ball, bounds: options.bounds },
    watchesCollapse,
    ...(average === undefined ? {} : { average }),
    ...(options.patience === undefined ? {} : { patience: options.patience }),
  };
}

function optimiserOf({ optimiser, momentum, decay }: TrainingOptions): Optimiser {
  return optimiser === 'adam' ? adam({ decay }) : sgd({ momentum, decay });
}

function averageOf({ average }: TrainingOptions): Average | undefined {
  if (average === 'none') return undefined;
  return average === 'ema' ? exponentialAverage() : stochasticAverage();
}

function notesOf({ ended, chosen, looks }: Course, { patience }: TrainingOptions): string[] {
  const last = looks.at(-1);
  if (ended === 'early') return [`it ended early: ${patience} epochs in which nothing got better`];
  if (ended !== 'collapsed' || last === undefined) return [];
  const share = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const { singleStep, robust } = last.scores;
  const seen = `${share(singleStep)} of the held-out samples withstood one step, and only ${share(robust)} ten`;
  return [
    `it collapsed behind epoch ${last.epoch.toFixed(2)}: ${seen}; the weights of epoch ${chosen?.epoch.toFixed(2)} were taken`,
  ];
}

/** What it began with, so that nothing else goes on from what is kept. */
function keepOf(
  bytes: Uint8Array,
  options: TrainingOptions,
  digests: Hardened['samples'],
  { checkpoint, resume = false, keepEverySeconds = 30 }: HardenSurroundings,
): Pick<CourseSurroundings, 'keep'> {
  if (checkpoint === undefined) return {};
  const model = createHash('sha256').update(bytes).digest('hex');
  const began = createHash('sha256')
    .update(JSON.stringify([model, digests, options]))
    .digest('hex');
  return { keep: { path: checkpoint, of: `sha256:${began}`, everySeconds: keepEverySeconds, resume } };
}
