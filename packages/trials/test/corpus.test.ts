import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openSession } from '@holdfast/inference';
import { readModel } from '@holdfast/onnx';
import { describe, expect, it, test } from 'vitest';
import { type CorpusModel, corpus, corpusModels, recorded, recordedArrays } from './corpus.ts';
import { difference, floats } from './tensor-difference.ts';

const models = corpusModels();
function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
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
