import { resolve } from 'node:path';
import type { Finding, Report } from '@holdfast/evidence/check';
import type { Model } from '@holdfast/onnx';
import { randomOf } from '@holdfast/statistics';
import { rowsOf } from '../attacks/rows.ts';
import { TrialsError } from '../errors.ts';
import { readModelFile } from '../model-file.ts';
import { type OnnxVictim, victimOf } from '../onnx-victim.ts';
import { digestOf, modelDigest, requireSame } from '../read-files.ts';
import { chosenMembers } from './attack-names.ts';
import { defenceSigns } from './defence-signs.ts';
import { gradientAtHand } from './gradient-at-hand.ts';
import { forgetful, type Journal } from './journal.ts';
import { isOfTables, type RobustnessOptions } from './options.ts';
import { Pace } from './pace.ts';
import { probedRadii } from './probes.ts';
import { robustnessReport } from './report.ts';
import { blocksOf, type Shard } from './shard.ts';
import { type Software, softwareHere } from './software.ts';
import { stoppable } from './stoppable.ts';
import { type BlockResult, blockRows, type Plan, trialBlock, unitsOf } from './trial-block.ts';
import { readTrialData, requireFit, type TrialData } from './trial-data.ts';
import type { ChangedRows, Subject, TrialResult } from './trial-result.ts';

/** Around a trial. */
export interface TrialSurroundings {
  /** Where the path of the samples starts; the working directory unless given. */
  readonly folder?: string;
  /** Where the samples lie, when `data` is only their name. */
  readonly dataPath?: string;
  /** The same of `columns`. */
  readonly columnsPath?: string;
  /** Is told what is going on: 0 to 1, the attack that runs, and the seconds that are left once they can be told. */
  readonly progress?: (done: number, what: string, secondsLeft?: number) => void;
  /** Ends it: what is done so far is the result then. */
  readonly signal?: AbortSignal;
  /** The part of the rows that is looked at; all of them unless given. */
  readonly shard?: Shard;
  /** Opens what remembers the parts of this very trial. */
  readonly journal?: (identity: TrialIdentity) => Journal;
}

/** What is the same of two trials that come to the same, bit by bit. */
export interface TrialIdentity {
  readonly model: string;
  readonly data: string;
  /** Without the path of the samples: they are known by their digest. */
  readonly options: RobustnessOptions;
  readonly shard: Shard | null;
  readonly software: Software;
}

/**
 * Attacks a model and reports how often it withstands.
 * @param source the ONNX file: its bytes, or its path, where its weights may lie beside it
 * @throws TrialsError, DatasetError, EvidenceError, OnnxError, InferenceError
 */
export async function trialRobustness(
  source: Uint8Array | string,
  options: RobustnessOptions,
  where: TrialSurroundings = {},
): Promise<Report> {
  if (isOfTables(options)) {
    const { trialTable } = await import('../tables/run-table.ts');
    return trialTable(source, options, where);
  }
  return robustnessReport(await runTrial(source, options, where));
}

/**
 * Attacks a model; {@link trialRobustness} without the words.
 * @throws TrialsError, DatasetError, EvidenceError, OnnxError, InferenceError
 */
export async function runTrial(
  source: Uint8Array | string,
  options: RobustnessOptions,
  where: TrialSurroundings = {},
): Promise<TrialResult> {
  const path = where.dataPath ?? resolve(where.folder ?? '.', options.data);
  const file = readModelFile(source);
  const [digest, model] = [await digestOf(path), await modelDigest(file)];
  const data = await readTrialData(path, options);
  const victim = await victimOf(file, { ...options, dims: data.dims });
  try {
    requireFit(data, victim, options);
    const subject = {
      ...{ model, data: digest },
      ...{ total: data.total, dims: victim.dims, classes: victim.classes },
      ...(data.classNames === undefined ? {} : { classNames: data.classNames }),
    };
    const result = await trialled(victim, { model: file.model, data, options, subject }, where);
    requireSame(await digestOf(path), digest, options.data);
    requireSame(await modelDigest(file), model, 'the model');
    return result;
  } finally {
    await victim.release();
  }
}

/** What a trial is about. */
interface Matter {
  readonly model: Model;
  readonly data: TrialData;
  readonly options: RobustnessOptions;
  readonly subject: Subject;
}

async function trialled(victim: OnnxVictim, matter: Matter, where: TrialSurroundings): Promise<TrialResult> {
  const { data, options, subject } = matter;
  const { shard, signal } = where;
  const members = chosenMembers(options, victim.classes);
  const hasGradient = await gradientAtHand(victim, data.samples, members);
  const radii = hasGradient ? probedRadii(options, victim.size) : [];
  const plan: Plan = {
    victim: signal === undefined ? victim : stoppable(victim, signal),
    threat: { ball: options.ball, bounds: options.bounds },
    ...{ members, radii, random: randomOf(options.seed) },
  };
  const software = await softwareHere();
  const { model, data: digest } = subject;
  const identity = { model, data: digest, options: { ...options, data: '' }, shard: shard ?? null, software };
  const firsts = blocksOf(data.samples.labels.length, blockRows, shard);
  const journal = where.journal?.(identity) ?? forgetful;
  const signs = await untilStopped(signal, async () => signsOf(plan, matter, firsts, journal));
  const blocks = signs === undefined ? [] : await allBlocks(plan, data, firsts, where, journal);
  const rows = blocks.flatMap((block) => block.rows);
  return {
    ...{ options, subject, software, radii, rows },
    members: members.map(({ name, usesGradient }) => ({ name, usesGradient })),
    asked: data.samples.labels.length,
    changed: changedRows(blocks, data, victim.size),
    signs: signs ?? [],
    ...(shard === undefined ? {} : { shard }),
    isInterrupted: blocks.length < firsts.length,
  };
}

/** @returns undefined if the signal ended it */
async function untilStopped<Value>(
  signal: AbortSignal | undefined,
  work: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await work();
  } catch (cause) {
    if (signal?.aborted === true && cause === signal.reason) return undefined;
    throw cause;
  }
}

/** One shard looks at what is of the model and not of its own rows. */
async function signsOf(
  { victim, threat, random }: Plan,
  { model, data: { samples } }: Matter,
  [first]: readonly number[],
  journal: Journal,
): Promise<readonly Finding[]> {
  if (first !== 0) return [];
  return journal.once('signs', async () =>
    defenceSigns({ ...{ victim, samples, threat }, model, random: random.fork('signs') }),
  );
}

/** Block after block, up to the end or until the signal says stop. */
async function allBlocks(
  plan: Plan,
  { samples }: TrialData,
  firsts: readonly number[],
  { progress, signal }: TrialSurroundings,
  kept: Journal,
): Promise<BlockResult[]> {
  const units = unitsOf(plan);
  const pace = new Pace(units, firsts.length);
  const journal = paced(kept, units, pace);
  const results: BlockResult[] = [];
  for (const first of firsts) {
    const count = Math.min(blockRows, samples.labels.length - first);
    const rows = Array.from({ length: count }, (_, place) => first + place);
    const block = { first, samples: rowsOf(samples, rows, plan.victim.size) };
    const found = await untilStopped(signal, async () =>
      trialBlock(plan, block, journal, (unit) => {
        progress?.(pace.done, unit, pace.secondsLeft);
      }),
    );
    if (found === undefined) break;
    results.push(found);
    requireNumbers(results);
  }
  return results;
}

/** A model that has given nothing but NaN so far will not tell anything. */
function requireNumbers(blocks: readonly BlockResult[]): void {
  const rows = blocks.flatMap((block) => block.rows);
  if (rows.some(({ clean }) => clean !== -1)) return;
  throw new TrialsError('HF_TRIALS_NUMBERS', `the outputs are NaN for all of the first ${rows.length} rows`);
}

/** Tells the pace of every unit how long it took, where it was not remembered. */
function paced(kept: Journal, units: readonly string[], pace: Pace): Journal {
  return {
    async once(name, work) {
      let seconds: number | undefined;
      const value = await kept.once(name, async () => {
        const began = performance.now();
        const found = await work();
        seconds = (performance.now() - began) / 1000;
        return found;
      });
      const unit = name.slice(name.indexOf(': ') + 2);
      if (units.includes(unit)) pace.finished(unit, seconds);
      return value;
    },
  };
}

function changedRows(blocks: readonly BlockResult[], { samples }: TrialData, size: number): ChangedRows {
  const broken = blocks.flatMap(({ rows, adversarial }) =>
    rows.flatMap(({ row, brokenBy }, place) => (brokenBy === undefined ? [] : [{ row, place, adversarial }])),
  );
  const changed = new Float32Array(broken.length * size);
  for (const [index, { place, adversarial }] of broken.entries()) {
    changed.set(adversarial.subarray(place * size, (place + 1) * size), index * size);
  }
  const rows = broken.map(({ row }) => row);
  return { rows, original: rowsOf(samples, rows, size).x, changed };
}
