import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphOf, modelOf, node, tensor, tensorValue, writeModel } from '@holdfast/onnx';
import { randomOf } from '@holdfast/statistics';
import type { Attack, Samples } from '../src/attacks/attack.ts';
import { type Ball, distances } from '../src/attacks/ball.ts';
import { rowsOf } from '../src/attacks/rows.ts';
import { type OnnxVictim, openVictim } from '../src/onnx-victim.ts';
import { arraysOf, corpus, recorded } from './corpus.ts';

export const bounds = { low: 0, high: 1 };

/** The radii that were recorded. */
export const balls = {
  linf: { norm: 'linf', epsilon: 0.1 },
  l2: { norm: 'l2', epsilon: 0.5 },
} as const satisfies Record<string, Ball>;

/** Every model of digits with weights of its own, in one of its exports. */
export const digitModels = [
  ['digits-cnn', 'digits-cnn.export-18.onnx'],
  ['digits-mlp', 'digits-mlp.trace-11.onnx'],
  ['digits-residual', 'digits-residual.trace-17.onnx'],
  ['digits-lstm', 'digits-lstm.export-18.onnx'],
  ['digits-gru', 'digits-gru.export-18.onnx'],
  ['digits-transformer', 'digits-transformer.export-18.onnx'],
  ['digits-normalised', 'digits-normalised.export-18.onnx'],
] as const;

export async function victimOf(file: string): Promise<OnnxVictim> {
  return openVictim(readFileSync(join(corpus, 'models', file)), { threads: 1 });
}

/** The first rows of the test data. */
export function digits(rows: number): Samples {
  const { x, y } = arraysOf(join(corpus, 'data/digits-test.npz'));
  const size = x!.data.length / y!.data.length;
  const all = { x: Float32Array.from(x!.data as Float32Array), labels: Int32Array.from(y!.data, Number) };
  return rowsOf(all, [...Array(rows).keys()], size);
}

/** What a peer's attack came to. */
export interface PeerResult {
  readonly attack: string;
  readonly norm: 'l1' | 'l2' | 'linf';
  readonly eps: number;
  readonly steps: number;
  readonly rows: number;
  readonly clean: number;
  readonly robust: number;
  readonly medianNorm: number;
  /** Of each row: 0 where it was wrong before, null where it was not fooled. */
  readonly norms?: readonly (number | null)[];
}

export function peer(model: string, attack: string, { norm, epsilon }: Ball): PeerResult {
  const { results } = recorded(model, 'attacks') as { readonly results: readonly PeerResult[] };
  const found = results.find((each) => each.attack === attack && each.norm === norm && each.eps === epsilon);
  if (found === undefined) throw new Error(`nothing is recorded of ${attack} on ${model}`);
  return found;
}

/** What a peer's attack of minimal norm came to on the first rows alone. */
export function firstRows(
  result: PeerResult,
  rows: number,
): PeerResult & { readonly norms: readonly (number | null)[] } {
  const { norms: all = [], eps } = result;
  const norms = all.slice(0, rows);
  const fooled = norms.filter((norm) => norm !== null && norm > 0) as number[];
  const stands = norms.filter((norm) => norm === null || norm > eps * (1 + 1e-5));
  return { ...result, rows, norms, medianNorm: median(fooled), robust: stands.length / rows };
}

/** How many rows went as far as those of a peer, to a share of their length. */
export function alike(ours: readonly (number | null)[], theirs: readonly (number | null)[], share: number): number {
  return theirs.filter((wanted, row) => {
    const got = ours[row] ?? null;
    return wanted === null || got === null ? wanted === got : Math.abs(got - wanted) < share * wanted + 1e-6;
  }).length;
}

/** What became of rows, counted as packages/trials/corpus/attacks.py counts: what the file itself says, within the radius. */
export interface Outcome {
  readonly robust: number;
  /** Of rows that were right before and are wrong now. */
  readonly medianNorm: number;
  /** As in what is recorded. */
  readonly norms: readonly (number | null)[];
  readonly x: Float32Array;
}

export async function outcomeOf(victim: OnnxVictim, attack: Attack, samples: Samples, ball: Ball): Promise<Outcome> {
  const clean = await victim.classify(samples.x);
  const x = await attack(victim, samples, { ball, bounds }, randomOf(1));
  const found = await victim.classify(x);
  const lengths = distances(x, samples.x, victim.size, ball.norm);
  const norms = Array.from(samples.labels, (label, row) =>
    clean[row] !== label ? 0 : found[row] === label ? null : (lengths[row] ?? 0),
  );
  const fooled = norms.filter((norm, row) => norm !== null && clean[row] === samples.labels[row]) as number[];
  const stands = norms.filter((norm) => norm === null || norm > ball.epsilon * (1 + 1e-5));
  return { robust: stands.length / samples.labels.length, medianNorm: median(fooled), norms, x };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/**
 * A model of logits x·W + b, of which calculus knows the nearest boundary.
 * @param weights a column for each class, row by row
 */
export async function linearVictim(weights: readonly number[], bias: readonly number[]): Promise<OnnxVictim> {
  const size = weights.length / bias.length;
  const graph = graphOf({
    name: 'linear',
    nodes: [node('MatMul', ['x', 'w'], ['xw']), node('Add', ['xw', 'b'], ['z'])],
    inputs: [tensorValue('x', 'FLOAT', ['n', size])],
    outputs: [tensorValue('z', 'FLOAT', ['n', bias.length])],
    initializers: [
      tensor('w', [size, bias.length], Float32Array.from(weights)),
      tensor('b', [bias.length], Float32Array.from(bias)),
    ],
  });
  return openVictim(writeModel(modelOf({ graph, opsets: { '': 18 } })), { threads: 1 });
}
