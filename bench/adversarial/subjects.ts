import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSamples } from '@holdfast/dataset';
import { graphOf, type Model, modelOf, node, type Tensor, tensor, tensorValue, writeModel } from '@holdfast/onnx';
import { type Random, randomOf } from '@holdfast/statistics';
import { type OnnxVictim, openVictim, probeFacts, type Samples, Trainable, train } from '@holdfast/trials';
import { root } from '../../tools/repository.ts';
import { splitOf, type TableName, tableOf } from '../extraction/tables.ts';

/** A model and its rows, each feature from 0 to 1. */
export interface Subject {
  readonly name: string;
  readonly victim: OnnxVictim;
  /** What the score is fitted to, and calibrated with. */
  readonly fitted: Float32Array;
  readonly heldOut: Float32Array;
  /** Rows that neither the model nor the score has seen. */
  readonly fresh: Samples;
}

/** The model of examples/digits, rendered and trained as its README says. */
export async function digits(): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    for (const script of ['render.ts', 'train.ts']) {
      const words = ['--conditions=source', join(root, 'examples/digits', script)];
      const { status, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
      if (status !== 0) throw new Error(`${script}: ${stderr.slice(-2000)}`);
    }
    const [known, test] = [
      await readSamples(join(folder, 'build/train.npz')),
      await readSamples(join(folder, 'build/test.npz')),
    ];
    const victim = await openVictim(readFileSync(join(folder, 'build/plain.onnx')), { threads: 1 });
    const half = (known.values.length / victim.size / 2) * victim.size;
    const [fitted, heldOut] = [known.values.slice(0, half), known.values.slice(half)];
    return {
      name: 'digits',
      victim,
      fitted,
      heldOut,
      fresh: { x: test.values, labels: test.labels ?? new Int32Array() },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A perceptron on the numbers of a published table; what is beyond the training rows is cut off. */
export async function tableSubject(folder: string, name: TableName): Promise<Subject> {
  const table = tableOf(folder, name);
  const kept = [...table.columns.keys()].filter((at) => table.columns[at]?.isNumber === true);
  const split = splitOf(
    { ...table, rows: table.rows.map((row, at) => Float64Array.of(...row, table.labels[at] ?? 0)) },
    'adversarial',
  );
  const [low, high] = [Math.min, Math.max].map((most) =>
    kept.map((at) => split.train.reduce((found, row) => most(found, row[at] ?? 0), split.train[0]?.[at] ?? 0)),
  ) as [number[], number[]];
  const scaled = (row: Float64Array): number[] =>
    kept.map((at, place) => Math.min(1, Math.max(0, (row[at]! - low[place]!) / (high[place]! - low[place]! || 1))));
  const samplesOf = (rows: readonly Float64Array[]): Samples => ({
    x: Float32Array.from(rows.flatMap(scaled)),
    labels: Int32Array.from(rows, (row) => row.at(-1) ?? 0),
  });
  const [known, heldOut, fresh] = [split.train, split.held, split.fresh].map(samplesOf) as [Samples, Samples, Samples];
  return { name, victim: await perceptron(known, kept.length), fitted: known.x, heldOut: heldOut.x, fresh };
}

async function perceptron(samples: Samples, width: number): Promise<OnnxVictim> {
  const random = randomOf('adversarial perceptron');
  const model = layers(width, 32, random);
  const feeds = [2, 3].map((rows) => ({
    row: { type: 'FLOAT' as const, dims: [rows, width], data: samples.x.subarray(0, rows * width) },
  }));
  const facts = await probeFacts(model, feeds);
  const trainable = await Trainable.open(model, { facts, input: 'row', output: 'logits', threads: 1 });
  await train(trainable, samples, random.fork('order'), {
    epochs: 60,
    batch: 32,
    rate: (progress) => 1e-2 * (1 - progress),
  });
  const bytes = writeModel(trainable.model());
  await trainable.release();
  return openVictim(bytes, { threads: 1 });
}

function layers(width: number, hidden: number, random: Random): Model {
  const weights = (name: string, from: number, to: number): Tensor => {
    const values = random.fillNormal(new Float32Array(from * to));
    return tensor(
      name,
      [from, to],
      values.map((value) => value * Math.sqrt(2 / from)),
    );
  };
  const zeros = (name: string, length: number): Tensor => tensor(name, [length], new Float32Array(length));
  const graph = graphOf({
    name: 'perceptron',
    inputs: [tensorValue('row', 'FLOAT', ['rows', width])],
    outputs: [tensorValue('logits', 'FLOAT', ['rows', 2])],
    nodes: [
      node('Gemm', ['row', 'w1', 'b1'], ['g']),
      node('Relu', ['g'], ['r']),
      node('Gemm', ['r', 'w2', 'b2'], ['logits']),
    ],
    initializers: [weights('w1', width, hidden), zeros('b1', hidden), weights('w2', hidden, 2), zeros('b2', 2)],
  });
  return modelOf({ graph, opsets: { '': 18 } });
}
