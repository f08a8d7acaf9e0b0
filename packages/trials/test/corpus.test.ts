import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '@holdfast/inference';
import { readModel, type Tensor, valuesOf } from '@holdfast/onnx';
import { describe, expect, it, test } from 'vitest';
import { arraysOf, type CorpusModel, corpus, corpusModels, recorded, recordedArrays } from './corpus.ts';

const models = corpusModels();
const python = join(process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache/holdfast-peers'), 'trials/bin/python');

function needsPython(context: { skip(note: string): unknown }): void {
  if (existsSync(python)) return;
  const need = 'needs Python with the pins of requirements-trials.txt';
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(need);
  context.skip(need);
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** The greatest difference, in units of the greatest value where that is over 1. */
function difference(actual: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(actual.length).toBe(wanted.length);
  let scale = 1;
  let most = 0;
  for (let i = 0; i < wanted.length; i += 1) {
    scale = Math.max(scale, Math.abs(wanted[i]!));
    most = Math.max(most, Math.abs(actual[i]! - wanted[i]!)); // NaN stays
  }
  return most / scale;
}

function floats(data: Float32Array | Float64Array | BigInt64Array): Float32Array | Float64Array {
  if (data instanceof BigInt64Array) throw new TypeError('integers');
  return data;
}

function floatTensors(path: string): ReadonlyMap<string, Tensor> {
  const { initializers } = readModel(readFileSync(path)).graph;
  return new Map([...initializers].filter(([, { dataType }]) => dataType === 'FLOAT'));
}

test('the manifest lists every model file, and each is what it says', () => {
  expect(readdirSync(join(corpus, 'models')).sort()).toEqual(models.map(({ file }) => file.slice(7)).sort());
  for (const { file, sha256: digest, opset, operators } of models) {
    const path = join(corpus, file);
    expect(sha256(path), file).toBe(digest);
    expect(statSync(path).size, file).toBeLessThan(300_000);
    const { opsets, graph } = readModel(readFileSync(path));
    expect(opsets.get(''), file).toBe(opset);
    const seen = graph.nodes.map(({ domain, opType }) => (domain === '' ? opType : `${domain}.${opType}`));
    expect([...new Set(seen)].sort(), file).toEqual([...operators].sort());
  }
});

test('what is recorded was recorded from these files', () => {
  const digests = new Map(models.map(({ file, sha256: digest }) => [file.slice(7), digest]));
  const parts = readdirSync(join(corpus, 'recorded')).filter((name) => name.endsWith('.json'));
  expect(parts.length).toBeGreaterThan(new Set(models.map(({ model }) => model)).size);
  for (const part of parts) {
    const [model, kind] = part.slice(0, -'.json'.length).split('.') as [string, string | undefined];
    // of no model, or of several: their own tests look at them
    if (kind === undefined) continue;
    for (const [file, digest] of Object.entries((recorded(model, kind) as { files: Record<string, string> }).files))
      expect(`${part}: ${file} ${digest}`).toBe(`${part}: ${file} ${digests.get(file)}`);
  }
});

describe('ONNX Runtime answers as PyTorch did in float64', () => {
  it.each(models.map((model): [string, CorpusModel] => [model.file, model]))('%s', async (file, { model }) => {
    const { x, outputs64 } = recordedArrays(model, 'gradients');
    const session = await openSession(join(corpus, file), { threads: 1 });
    const output = session.outputs.at(-1)!.name;
    const answers = await session.run({ x: { type: 'FLOAT', dims: x!.dims, data: x!.data } }, [output]);
    await session.release();
    expect(answers[output]!.dims).toEqual(outputs64!.dims);
    expect(difference(answers[output]!.data as Float32Array, floats(outputs64!.data))).toBeLessThan(1e-5);
  });
});

// Trained in float64: another machine's last digits do not reach the float32 weights.
test('a network and a pipeline are made again with the same weights', { timeout: 300_000 }, (context) => {
  needsPython(context);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-trials-'));
  const names = ['breast-cancer-mlp', 'wine-logistic'];
  try {
    execFileSync(python, ['-B', join(corpus, 'make.py'), folder, ...names], { stdio: ['ignore', 'ignore', 'pipe'] });
    for (const name of names) {
      const committed = arraysOf(join(corpus, 'weights', `${name}.npz`));
      const made = arraysOf(join(folder, 'weights', `${name}.npz`));
      expect(Object.keys(made)).toEqual(Object.keys(committed));
      for (const [key, { dims, data }] of Object.entries(committed)) {
        expect(made[key]!.dims, key).toEqual(dims);
        expect(difference(floats(made[key]!.data), floats(data)), key).toBeLessThan(1e-6);
      }
    }
    for (const { file } of models.filter(({ model }) => names.includes(model))) {
      const made = floatTensors(join(folder, file));
      const committed = floatTensors(join(corpus, file));
      expect([...made.keys()], file).toEqual([...committed.keys()]);
      for (const [key, tensor] of committed)
        expect(difference(valuesOf(made.get(key)!, 'FLOAT'), valuesOf(tensor, 'FLOAT')), `${file} ${key}`).toBeLessThan(
          1e-6,
        );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
