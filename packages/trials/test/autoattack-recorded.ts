import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomOf } from '@holdfast/statistics';
import type { Samples, Threat } from '../src/attacks/attack.ts';
import { openVictim } from '../src/onnx-victim.ts';
import { evaluate } from '../src/robustness/evaluate.ts';
import { suites } from '../src/robustness/suite.ts';
import { arraysOf, corpus, recorded } from './corpus.ts';

/** What the reference of AutoAttack (pyautoattack 0.2.0) came to: corpus/recorded/MODEL.autoattack.json. */
export interface RecordedSuite {
  readonly norm: 'linf' | 'l2' | 'l1';
  readonly eps: number;
  readonly rows: number;
  readonly clean: number;
  readonly after: Readonly<Record<string, number>>;
  readonly robust: number;
  readonly fell: readonly number[];
  /** Of a table: the range of each column, which AutoAttack sees as 0 to 1. */
  readonly low?: readonly number[];
  readonly high?: readonly number[];
}

export function recordedSuite(model: string, norm: string): RecordedSuite {
  const { results } = recorded(model, 'autoattack') as { results: readonly RecordedSuite[] };
  const found = results.find((each) => each.norm === norm);
  if (found === undefined) throw new Error(`nothing is recorded of ${model} in ${norm}`);
  return found;
}

/** The first rows of the data that a model is tried with; those of a table scaled as the reference saw them. */
export function samplesOf(data: string, rows: number, { low, high }: Partial<RecordedSuite> = {}): Samples {
  const { x, y } = arraysOf(join(corpus, `data/${data}-test.npz`));
  const size = x!.data.length / y!.data.length;
  const values = Float32Array.from(x!.data.subarray(0, rows * size) as Float32Array, (value, index) => {
    const [least, most] = [low?.[index % size] ?? 0, high?.[index % size] ?? 1];
    return Math.min(Math.max((value - least) / (most - least), 0), 1);
  });
  return { x: values, labels: Int32Array.from(y!.data.subarray(0, rows) as BigInt64Array, Number) };
}

/** Runs our suite on the first rows that the reference ran on. @returns shares, rows that fell, and what each attack broke */
export async function ourSuite(file: string, suite: RecordedSuite, rows = suite.rows, seed = 0) {
  const { low, high, norm, eps } = suite;
  const normalise =
    low === undefined || high === undefined
      ? {}
      : {
          normalise: {
            mean: low.map((least, index) => -least / (high[index]! - least)),
            deviation: low.map((least, index) => 1 / (high[index]! - least)),
          },
        };
  const victim = await openVictim(readFileSync(join(corpus, 'models', file)), { threads: 1, ...normalise });
  const samples = samplesOf(file.startsWith('digits') ? 'digits' : 'wine', rows, suite);
  const threat: Threat = { ball: { norm, epsilon: eps }, bounds: { low: 0, high: 1 } };
  const members = suites.standard(threat.ball, victim.classes);
  const { outcomes, members: counts } = await evaluate(victim, samples, threat, members, randomOf(seed));
  await victim.release();
  const right = outcomes.filter(({ clean }, row) => clean === samples.labels[row]).length;
  const fell = [...outcomes.keys()].filter(
    (row) => outcomes[row]?.clean !== samples.labels[row] || outcomes[row]?.brokenBy !== undefined,
  );
  return { clean: right / rows, robust: 1 - fell.length / rows, fell, counts };
}
