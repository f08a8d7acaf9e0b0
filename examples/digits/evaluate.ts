// How often a model reads digits right that it has not learned from: node evaluate.ts MODEL METRICS
import { readFileSync, writeFileSync } from 'node:fs';
import { readSamples } from '@holdfast/dataset';
import { openVictim } from '@holdfast/trials';

const [model = '', metrics = ''] = process.argv.slice(2);
const { values, labels } = await readSamples('build/test.npz');
const victim = await openVictim(readFileSync(model), { threads: 1 });
const read = await victim.classify(values);
await victim.release();
const accuracy = read.filter((digit, row) => digit === labels![row]).length / read.length;
writeFileSync(metrics, JSON.stringify({ accuracy }));
console.log(`${model} reads ${(100 * accuracy).toFixed(1)} % of ${read.length} digits right`);
