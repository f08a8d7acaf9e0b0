import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { graphOf, modelOf, node, tensorValue, writeModel } from '@holdfast/onnx';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/source.ts';
import { looksLikeModel } from '../../src/formats/onnx/recognise-model.ts';
import { scanBytes } from '../scan-bytes.ts';

const folder = fileURLToPath(new URL('../../../../spec/vectors/', import.meta.url));
const vector = (path: string): Uint8Array => readFileSync(folder + path);
const { vectors } = JSON.parse(readFileSync(`${folder}must-fail/onnx/index.json`, 'utf8')) as {
  vectors: { file: string; code: string }[];
};

describe('an ONNX file', () => {
  it.each(['sklearn', 'subgraph', 'types', 'written-logistic', 'written-perceptron'])(
    'of %s is clean',
    async (name) => {
      const result = await scanBytes(vector(`valid/onnx-${name}.onnx`), 'model.onnx');
      expect(result).toMatchObject({ verdict: 'pass', format: 'onnx', findings: [], left: [] });
    },
  );

  it('with an operator that nobody knows is unknown until it is allowed', async () => {
    const bytes = writeModel(
      modelOf({
        graph: graphOf({
          name: 'g',
          inputs: [tensorValue('x', 'FLOAT', [1])],
          outputs: [tensorValue('y', 'FLOAT', [1])],
          nodes: [node('Embed', ['x'], ['y'], { domain: 'example.custom' })],
        }),
        opsets: { '': 17, 'example.custom': 1 },
      }),
    );
    const result = await scanBytes(bytes, 'model.onnx');
    expect(result).toMatchObject({ verdict: 'unknown', findings: [{ rule: 'scan.onnx.operator' }] });
    const allow = { callables: new Set(['example.custom.Embed']), digests: new Set<string>() };
    expect(await scanBytes(bytes, 'model.onnx', { allow })).toMatchObject({ verdict: 'pass' });
  });

  it('is unknown while the file with its weights is not there', async () => {
    const bytes = vector('valid/onnx-external.onnx');
    expect(await scanBytes(bytes, 'model.onnx')).toMatchObject({
      verdict: 'unknown',
      left: [{ reason: 'weights are expected in `weights/w.bin`, which was not found beside it' }],
    });
    const files = new Set(['a/model.onnx', 'a/weights/w.bin']);
    const inFolder = await scanBytes(bytes, 'model.onnx', { folder: { files, path: 'a/model.onnx' } });
    expect(inFolder).toMatchObject({ verdict: 'pass' });
  });

  it.each(vectors)('that must be refused is never clean: $file', async ({ file, code }) => {
    const result = await scanBytes(vector(`must-fail/onnx/${file}`), 'model.onnx');
    const forged = ['HF_ONNX_EXTERNAL_PATH', 'HF_ONNX_TENSOR_SIZE', 'HF_ONNX_DUPLICATE_NAME'].includes(code);
    expect(result.verdict).toBe(forged && result.format === 'onnx' ? 'fail' : 'unknown');
  });

  it('is recognised by all of its outermost fields, and no proper beginning of one is', () => {
    for (const name of readdirSync(`${folder}valid`).filter((file) => file.endsWith('.onnx'))) {
      const bytes = vector(`valid/${name}`);
      expect(looksLikeModel(new MemorySource(bytes)), name).toBe(true);
      const cut = bytes.subarray(0, Math.floor(bytes.length / 2));
      expect(() => looksLikeModel(new MemorySource(cut)), name).toThrow();
    }
  });
});
