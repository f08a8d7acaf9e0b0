import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { valuesOf } from '@holdfast/onnx';
import { expect, test } from 'vitest';
import { arraysOf, corpus, corpusModels } from './corpus.ts';
import { difference, floats, floatTensors } from './tensor-difference.ts';

const models = corpusModels();
const python = join(process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache/holdfast-peers'), 'trials/bin/python');

function needsPython(context: { skip(note: string): unknown }): void {
  if (existsSync(python)) return;
  const need = 'needs Python with the pins of requirements-trials.txt';
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(need);
  context.skip(need);
}

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
