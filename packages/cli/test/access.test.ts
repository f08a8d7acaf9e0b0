import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npzOf } from '@holdfast/dataset';
import { afterAll, expect, test } from 'vitest';
import { arraysOf } from '../../trials/test/corpus.ts';
import { Scene } from './scene.ts';

const scene = new Scene('nothing', 'one');
afterAll(() => {
  scene.remove();
});

const corpus = join(import.meta.dirname, '../../trials/corpus');

/** A project with a model, samples, shards and a table, all confidential. */
async function project(classification = 'restricted'): Promise<string> {
  const folder = await scene.project();
  mkdirSync(join(folder, 'own'));
  cpSync(join(corpus, 'models/digits-mlp.trace-11.onnx'), join(folder, 'own/digits.onnx'));
  const { x, y } = arraysOf(join(corpus, 'data/digits-train.npz'));
  const samples = {
    x: { shape: [40, 1, 8, 8], data: Float32Array.from(x!.data.subarray(0, 40 * 64) as Float32Array) },
    y: { shape: [40], data: Int32Array.from(y!.data.subarray(0, 40) as BigInt64Array, Number) },
  };
  writeFileSync(join(folder, 'samples.npz'), npzOf(samples));
  const declared = [
    `  digits: { path: own, kind: model, classification: ${classification} }`,
    `  samples: { path: samples.npz, kind: dataset, classification: ${classification} }`,
  ];
  const file = join(folder, 'holdfast.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('artifacts:\n', `artifacts:\n${declared.join('\n')}\n`));
  return folder;
}

/** Who read what for which purpose, in the order of the ledger. */
async function accesses(folder: string): Promise<string[]> {
  const { stdout } = await scene.type('holdfast evidence list', folder);
  const found = [...stdout.matchAll(/(read|refused) for (\S+ \S+):\s+(\S+)/g)];
  return found.map(([, outcome, purpose, name]) => `${outcome} ${name} for ${purpose}`);
}

const trial =
  'holdfast trial robustness own/digits.onnx --data samples.npz --norm linf --epsilon 0.1 --rows 5 --attack fgsm';

test('reading what is confidential leaves evidence, whichever command reads it', { timeout: 120_000 }, async () => {
  const folder = await project();
  const typed = async (line: string, status = 0): Promise<string> => {
    const answer = await scene.type(line, folder);
    expect({ line, status: answer.status, stderr: answer.stderr }).toEqual({ line, status, stderr: '' });
    return answer.stdout;
  };
  const scanned = await typed('holdfast scan own/digits.onnx');
  expect(scanned).toContain('that 1 confidential artifact was read is on record');
  expect(await accesses(folder)).toEqual(['read own/digits.onnx for check scan']);
  await typed(`${trial} --output shards/1 --shard 1/1`);
  await typed('holdfast trial merge shards/1 --output own');
  await typed('holdfast harden prune own/digits.onnx --data samples.npz --output pruned.onnx');
  expect((await accesses(folder)).slice(1)).toEqual([
    'read own/digits.onnx for check trial.robustness',
    'read samples for check trial.robustness',
    'read own/digits.onnx for operation harden.prune',
    'read samples for operation harden.prune',
  ]);
  await typed('holdfast ledger verify');
});

test('no other name of it is a way around, and what is open leaves nothing', { timeout: 60_000 }, async () => {
  const folder = await project();
  symlinkSync('own', join(folder, 'alias'));
  symlinkSync('digits.onnx', join(folder, 'own/same.onnx'));
  await scene.type('holdfast scan alias/digits.onnx', folder);
  await scene.type(`holdfast -C ${folder} scan ${folder}`, '/');
  await scene.type('holdfast scan logistic.onnx nothing.onnx', folder);
  expect(await accesses(folder)).toEqual([
    'read own/digits.onnx for check scan',
    'read digits for check scan',
    'read samples for check scan',
  ]);
  const open = await project('internal');
  expect((await scene.type('holdfast scan own', open)).stdout).not.toContain('on record');
  expect(await accesses(open)).toEqual([]);
});

test('where nobody can sign it, it is not read', { timeout: 60_000 }, async () => {
  const folder = await project('confidential');
  renameSync(join(folder, '.holdfast/keys'), join(folder, 'elsewhere'));
  for (const line of ['holdfast scan own', trial, 'holdfast data profile samples.npz']) {
    const { status, stdout, stderr } = await scene.type(line, folder);
    expect({ line, status, stdout }).toEqual({ line, status: 2, stdout: '' });
    expect(stderr).toContain('HF_NO_SIGNER');
  }
  expect((await scene.type('holdfast scan logistic.onnx', folder)).status).toBe(0);
});

test('an operation that fails has read it all the same', { timeout: 60_000 }, async () => {
  const folder = await project();
  writeFileSync(join(folder, 'own/digits.onnx'), 'no model');
  const { status } = await scene.type(
    'holdfast harden quantise own/digits.onnx --data samples.npz --output new.onnx',
    folder,
  );
  expect(status).not.toBe(0);
  expect(await accesses(folder)).toEqual([
    'read own/digits.onnx for operation harden.quantise',
    'read samples for operation harden.quantise',
  ]);
});
