/*
 * Opens a model with its weights beside it, attacks one row, and prints what of memory that took at most, in bytes:
 * `node open-large.ts FOLDER SIDE`, a model of five matrices [SIDE, SIDE].
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openVictim } from '../../src/onnx-victim.ts';

const [folder = '', side = ''] = process.argv.slice(2);
const victim = await openVictim(join(folder, 'model.onnx'), { threads: 1 });
const { gradient } = await victim.lossGradient(
  new Float32Array(Number(side)).fill(0.5),
  Int32Array.of(1),
  'cross-entropy',
);
await victim.release();
if (gradient.length !== Number(side) || !gradient.some((value) => value !== 0)) throw new Error('no gradient');
const [, kilobytes = 'NaN'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
console.log(Number(kilobytes) * 1024);
