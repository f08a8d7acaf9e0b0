// Learns to read digits from build/train.npz, from weights out of nothing, and writes build/plain.onnx.
import { writeFileSync } from 'node:fs';
import { readSamples } from '@holdfast/dataset';
import { writeModel } from '@holdfast/onnx';
import { randomOf } from '@holdfast/statistics';
import { probeFacts, Trainable, train } from '@holdfast/trials';
import { network } from './network.ts';

const dims = [1, 14, 14];
const epochs = 5;
const read = await readSamples('build/train.npz');
const samples = { x: read.values, labels: read.labels! };
const random = randomOf('digits');
const model = network(random.fork('weights'));
const rows = [2, 3].map((count) => ({
  image: { type: 'FLOAT' as const, dims: [count, ...dims], data: read.values.subarray(0, count * 196) },
}));
const facts = await probeFacts(model, rows);
const trainable = await Trainable.open(model, { facts, input: 'image', output: 'logits', threads: 1 });
const options = { epochs, batch: 64, rate: (progress: number) => 3e-3 * (1 - progress) };
await train(trainable, samples, random.fork('order'), options, {
  finished({ epoch, loss, accuracy }) {
    console.log(`epoch ${epoch} of ${epochs}: loss ${loss.toFixed(3)}, accuracy ${accuracy.toFixed(3)}`);
    return Promise.resolve(undefined);
  },
});
writeFileSync('build/plain.onnx', writeModel(trainable.model()));
await trainable.release();
