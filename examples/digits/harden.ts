// Teaches build/plain.onnx by its own attacks on build/train.npz, and writes build/hardened.onnx:
//     node harden.ts EPSILON EPOCHS
// The same as
//     holdfast harden adversarial build/plain.onnx --data build/train.npz --norm linf --epsilon EPSILON \
//       --epochs EPOCHS --steps 5 --rate 0.003 --output build/hardened.onnx
import { readFileSync, writeFileSync } from 'node:fs';
import { adversarialOptions } from '@holdfast/trials/hardening/adversarial-options';
import { hardenAdversarial } from '@holdfast/trials/hardening/harden';

const [epsilon, epochs] = process.argv.slice(2).map(Number);
const options = adversarialOptions({
  data: 'build/train.npz',
  norm: 'linf',
  epsilon,
  steps: 5,
  epochs,
  rate: 0.003,
});
const { bytes, course, rows } = await hardenAdversarial(readFileSync('build/plain.onnx'), options);
writeFileSync('build/hardened.onnx', bytes);
const { clean, robust } = course.chosen!.scores;
console.log(
  `of ${rows.held} digits held out, ${(100 * clean).toFixed(1)} % are read right, and ${(100 * robust).toFixed(1)} % under attack`,
);
