import { createHash } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npzOf } from '@holdfast/dataset';
import {
  graphOf,
  modelOf,
  node,
  type Tensor,
  tensor,
  tensorValue,
  valuesOf,
  withExternalData,
  writeModel,
} from '@holdfast/onnx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelWithWeights, readModelFile } from '../src/model-file.ts';
import { openVictim } from '../src/onnx-victim.ts';
import { robustnessOptions } from '../src/robustness/options.ts';
import { runTrial } from '../src/robustness/run-robustness.ts';

const root = mkdtempSync(join(tmpdir(), 'holdfast-victim-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const weights = Float32Array.from({ length: 16 * 3 }, (_, index) => Math.sin(index));
const bias = Float32Array.of(0.5, -1, 0.25, 9);
/** Of one file: first the bias and something else, then the weights. */
const content = new Uint8Array([...new Uint8Array(bias.buffer), ...new Uint8Array(weights.buffer)]);

function beside(name: string, dims: readonly number[], offset: number, location = 'weights.bin'): Tensor {
  const length = 4 * dims.reduce((product, size) => product * size, 1);
  return { name, dataType: 'FLOAT', dims, content: { kind: 'external', data: { location, offset, length } } };
}

/** An image [1, 4, 4], a matrix and a bias. */
function modelWith(w: Tensor, b: Tensor) {
  return modelOf({
    graph: graphOf({
      name: 'beside',
      inputs: [tensorValue('x', 'FLOAT', ['N', 1, 4, 4])],
      outputs: [tensorValue('y', 'FLOAT', ['N', 3])],
      nodes: [node('Flatten', ['x'], ['f']), node('MatMul', ['f', 'w'], ['m']), node('Add', ['m', 'b'], ['y'])],
      initializers: [w, b],
    }),
    opsets: { '': 18 },
  });
}

const outside = modelWith(beside('w', [16, 3], 16), beside('b', [3], 0));

/** A folder with a model and the file of its weights. */
function folderWith(name: string, model: Uint8Array, data: Uint8Array | undefined): string {
  mkdirSync(join(root, name));
  writeFileSync(join(root, name, 'model.onnx'), model);
  if (data !== undefined) writeFileSync(join(root, name, 'weights.bin'), data);
  return join(root, name, 'model.onnx');
}

async function measured(source: Uint8Array | string) {
  const victim = await openVictim(source, { threads: 1 });
  const x = Float32Array.from({ length: 32 }, (_, index) => Math.cos(index));
  const { logits, gradient } = await victim.lossGradient(x, Int32Array.of(0, 2), 'cross-entropy');
  await victim.release();
  return { logits: [...logits], gradient: [...gradient] };
}

describe('a model whose weights lie beside it', () => {
  it('is attacked from its path as one that has them within', async () => {
    const within = modelWith(tensor('w', [16, 3], weights), tensor('b', [3], bias.slice(0, 3)));
    const found = await measured(folderWith('good', writeModel(outside), content));
    expect(found).toEqual(await measured(writeModel(within)));
    expect(found.gradient.every((value) => Math.abs(value) > 1e-4)).toBe(true);
  });

  it('goes through a whole trial, which names the digests of both files', async () => {
    const within = modelWith(tensor('w', [16, 3], weights), tensor('b', [3], bias.slice(0, 3)));
    const path = folderWith('trial', writeModel(outside), content);
    const x = { shape: [12, 1, 4, 4], data: Float32Array.from({ length: 192 }, (_, index) => Math.cos(index) ** 2) };
    const y = { shape: [12], data: Int32Array.from({ length: 12 }, (_, row) => row % 3) };
    writeFileSync(join(root, 'samples.npz'), npzOf({ x, y }));
    const options = robustnessOptions({ data: 'samples.npz', norm: 'linf', epsilon: 0.1 });
    const [outer, alone] = [
      await runTrial(path, options, { folder: root }),
      await runTrial(writeModel(within), options, { folder: root }),
    ];
    expect(outer.rows).toEqual(alone.rows);
    const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    expect(outer.subject.model).toBe(`${sha256(writeModel(outside))}, weights.bin ${sha256(content)}`);
    expect(alone.subject.model).toBe(sha256(writeModel(within)));
  });

  it('that somebody writes to during a trial is refused', async () => {
    const path = folderWith('written', writeModel(outside), content);
    const options = robustnessOptions({ data: 'samples.npz', norm: 'linf', epsilon: 0.1 });
    const other = content.slice();
    other[40] = 1;
    const progress = (): void => {
      writeFileSync(join(root, 'written', 'weights.bin'), other);
    };
    await expect(runTrial(path, options, { folder: root, progress })).rejects.toMatchObject({
      code: 'HF_TRIALS_DATA',
      message: expect.stringContaining('the model') as string,
    });
  });

  it('as bytes alone is refused', async () => {
    await expect(openVictim(writeModel(outside))).rejects.toMatchObject({ code: 'HF_INFERENCE_EXTERNAL', exit: 1 });
  });

  it('is refused where the file is not there, is a link or ends too soon', async () => {
    const missing = folderWith('missing', writeModel(outside), undefined);
    await expect(openVictim(missing)).rejects.toMatchObject({ code: 'HF_INFERENCE_EXTERNAL' });
    const short = folderWith('short', writeModel(outside), content.subarray(0, 100));
    await expect(openVictim(short)).rejects.toMatchObject({ code: 'HF_INFERENCE_EXTERNAL' });
  });

  it('is read into the model where the whole of it is wanted', () => {
    const path = folderWith('whole', writeModel(outside), content);
    const within = modelWithWeights(readModelFile(path)).graph.initializers;
    expect(valuesOf(within.get('w')!, 'FLOAT')).toEqual(weights);
    expect(valuesOf(within.get('b')!, 'FLOAT')).toEqual(bias.slice(0, 3));
    symlinkSync(join(root, 'whole', 'weights.bin'), join(root, 'missing', 'weights.bin'));
    const linked = readModelFile(join(root, 'missing', 'model.onnx'));
    expect(() => modelWithWeights(linked)).toThrow(/`weights.bin` cannot be read: ELOOP/);
    const short = readModelFile(join(root, 'short', 'model.onnx'));
    expect(() => modelWithWeights(short)).toThrow(/it is shorter than the model says/);
  });

  it('as far as its tensors are small', () => {
    const asked: string[] = [];
    const all = withExternalData(outside, ({ location, offset = 0 }, length) => {
      asked.push(`${location} ${offset} ${length}`);
      return content.subarray(offset, offset + length);
    });
    expect(asked).toEqual(['weights.bin 16 192', 'weights.bin 0 12']);
    expect(all.graph.initializers.get('w')?.content).toEqual({ kind: 'raw', bytes: content.subarray(16) });
    expect(withExternalData(outside, () => content.subarray(0, 12), 16).graph.initializers.get('w')).toEqual(
      outside.graph.initializers.get('w'),
    );
  });

  it('with a length that is not that of its dimensions, or outside of its folder, is refused when it is read', () => {
    const [w, b] = [beside('w', [16, 3], 0), beside('b', [3], 0)];
    const odd = (data: { readonly location?: string; readonly length?: number }): Tensor => ({
      ...w,
      content: { kind: 'external', data: { location: 'w', ...data } },
    });
    const read = () => content;
    expect(() => withExternalData(modelWith(odd({ length: 8 }), b), read)).toThrow(
      /8 bytes long, its dimensions say 192/,
    );
    expect(() => withExternalData(modelWith(odd({ location: '../w' }), b), read)).toThrow(/leaves the folder/);
  });
});

describe('a model that is too large', () => {
  const side = 51_200;
  let path = '';
  beforeAll(() => {
    // 10 GiB that take no room on the disk.
    const graph = graphOf({
      name: 'large',
      inputs: [tensorValue('x', 'FLOAT', ['N', side])],
      outputs: [tensorValue('y', 'FLOAT', ['N', side])],
      nodes: [node('MatMul', ['x', 'w'], ['y'])],
      initializers: [beside('w', [side, side], 0)],
    });
    path = folderWith('large', writeModel(modelOf({ graph, opsets: { '': 18 } })), new Uint8Array(0));
    for (const file of ['weights.bin', 'whole.onnx']) {
      const opened = openSync(join(root, 'large', file), 'w');
      ftruncateSync(opened, 4 * side * side);
      closeSync(opened);
    }
  });

  it('for the memory that it may take: a coded error says how much it needs, before anything is loaded', async () => {
    const refused = openVictim(path, { memory: 8 * 2 ** 30 });
    await expect(refused).rejects.toMatchObject({ code: 'HF_TRIALS_MEMORY', exit: 3 });
    await expect(refused).rejects.toThrow('the model and its gradient take about 39.1 GiB, there are 8.0 GiB');
  });

  it('for an ONNX file: the error says how to export it', async () => {
    await expect(openVictim(join(root, 'large', 'whole.onnx'))).rejects.toMatchObject({
      code: 'HF_TRIALS_MODEL',
      exit: 2,
      fix: expect.stringContaining('external_data=True') as string,
    });
  });

  it('or that is no file at all', async () => {
    await expect(openVictim(join(root, 'nothing.onnx'))).rejects.toMatchObject({ code: 'HF_TRIALS_MODEL', exit: 2 });
    await expect(openVictim(root)).rejects.toThrow('it is not a file');
  });
});
