import { readFileSync, writeFileSync } from 'node:fs';
import { readSamples } from '@holdfast/dataset';
import { readModel, writeModel } from '@holdfast/onnx';
import { randomOf } from '@holdfast/statistics';
import { pgdAt, probeFacts, Trainable, train } from '@holdfast/trials';

const dims = [1, 14, 14];
const read = await readSamples('build/train.npz');
const model = readModel(readFileSync('build/plain.onnx'));
const rows = [2, 3].map((count) => ({
  image: { type: 'FLOAT' as const, dims: [count, ...dims], data: read.values.subarray(0, count * 196) },
}));
const facts = await probeFacts(model, rows);
const trainable = await Trainable.open(model, { facts, input: 'image', output: 'logits', threads: 1 });
await train(trainable, { x: read.values, labels: read.labels! }, randomOf('harden'), {
  epochs: 5,
  batch: 64,
  rate: (progress) => 3e-3 * (1 - progress),
  method: pgdAt({ ball: { norm: 'linf', epsilon: 0.15 }, bounds: { low: 0, high: 1 }, steps: 5, stepSize: 0.06 }),
});
writeFileSync('build/hardened.onnx', writeModel(trainable.model()));
await trainable.release();
