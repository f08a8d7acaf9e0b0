import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FittedProtections } from '@holdfast/gateway/fitting/fitted-protections';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeclaredRoute } from '../src/gateway/declared-gateway.ts';
import { fittedGuards } from '../src/gateway/fitted-guards.ts';
import { guardsOf } from '../src/gateway/guards-of.ts';

const model = join(import.meta.dirname, '../../../spec/vectors/valid/onnx-written-logistic.onnx');
const route: DeclaredRoute = {
  ...{ model: 'm', environment: 'production', upstream: 'http://127.0.0.1:1', path: '/', served: 'm' },
  ...{ protocol: 'open-inference', mostBytes: 1, mostAnswer: 1, timeMs: 1, concurrency: 1 },
};
const caller = { id: 'a', name: 'a', roles: [], tenant: 'a' };
const wrong = {
  rows: 1,
  inputs: [{ name: 'other', datatype: 'FP32' as const, shape: [1, 3], data: Float32Array.of(1, 2, 3) }],
};

let folder = '';
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'holdfast-guards-')), 'model');
  mkdirSync(folder);
});
afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

test.each([
  ['nothing', undefined],
  ['another model', { model: `sha256:${'b'.repeat(64)}` } as FittedProtections],
])('what was learnt for %s is put before no model', (_, fitted) => {
  const model = { artifact: `sha256:${'a'.repeat(64)}`, ...(fitted === undefined ? {} : { fitted }) };
  expect(() => fittedGuards({ extraction: 'observe' }, model)).toThrow(
    expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }),
  );
});

describe('what looks at requests', () => {
  test.each(['model.onnx', 'credit.ONNX'])('is made of the only ONNX file of a folder: %s', async (name) => {
    copyFileSync(model, join(folder, name));
    writeFileSync(join(folder, 'card.json'), '{}');
    const { inputs } = await guardsOf(route, { artifact: 'sha256:00', path: folder });
    expect(inputs.map(({ mode }) => mode)).toEqual(['enforce']);
    expect(inputs[0]?.protection.judge(wrong, caller, 0)).toMatchObject({ rule: 'gateway.schema.names' });
  });

  test('is not chosen among several files', async () => {
    for (const name of ['a.onnx', 'b.onnx']) copyFileSync(model, join(folder, name));
    await expect(guardsOf(route, { artifact: 'sha256:00', path: folder })).rejects.toMatchObject({
      code: 'HF_GATEWAY_CONFIGURATION',
    });
    expect(
      await guardsOf({ ...route, protections: { schema: 'off' } }, { artifact: 'sha256:00', path: folder }),
    ).toEqual({
      ...{ inputs: [], outputs: [] },
    });
  });

  test('is nothing for a model of another kind, unless it is asked for', async () => {
    writeFileSync(join(folder, 'model.pkl'), 'x');
    expect(await guardsOf(route, { artifact: 'sha256:00', path: folder })).toEqual({ inputs: [], outputs: [] });
    const asked = guardsOf({ ...route, protections: { schema: 'enforce' } }, { artifact: 'sha256:00', path: folder });
    await expect(asked).rejects.toMatchObject({ code: 'HF_GATEWAY_CONFIGURATION' });
  });

  test('is an error where the file is no ONNX', async () => {
    writeFileSync(join(folder, 'model.onnx'), 'not a model');
    await expect(guardsOf(route, { artifact: 'sha256:00', path: folder })).rejects.toThrow();
  });
});
