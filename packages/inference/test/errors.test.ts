import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession, type TensorData } from '@holdfast/inference';
import { graphOf, modelOf, node, tensor, tensorValue, writeModel } from '@holdfast/onnx';
import { describe, expect, it } from 'vitest';
import { identityModel, linearModel, operatorModel } from './models.ts';

const floats = (dims: readonly number[], length: number): TensorData => ({
  type: 'FLOAT',
  dims,
  data: new Float32Array(length),
});

describe('what is fed', () => {
  it.each<[string, Record<string, TensorData>]>([
    ['nothing is fed to `x`, expected FLOAT [n, 2]', {}],
    ['the model has no input `y`, it has `x`', { y: floats([1, 2], 2) }],
    ['`x` is DOUBLE, expected FLOAT [n, 2]', { x: { type: 'DOUBLE', dims: [1, 2], data: new Float64Array(2) } }],
    ['`x` is [2], expected FLOAT [n, 2]', { x: floats([2], 2) }],
    ['`x` is [1, 3], expected FLOAT [n, 2]', { x: floats([1, 3], 3) }],
    ['`x` has the dimension `-1`, expected FLOAT [n, 2]', { x: floats([-1, 2], 2) }],
    ['`x` has the dimension `0.5`, expected FLOAT [n, 2]', { x: floats([0.5, 2], 1) }],
    ['`x` has 3 elements, its dimensions [1, 2] say 2', { x: floats([1, 2], 3) }],
    [
      '`x` is in a Float64Array, expected Float32Array for FLOAT',
      { x: { type: 'FLOAT', dims: [1, 2], data: new Float64Array(2) } },
    ],
  ])('is refused: %s', async (message, feeds) => {
    const session = await openSession(linearModel());
    await expect(session.run(feeds)).rejects.toMatchObject({ code: 'HF_INFERENCE_FEEDS', message });
    await session.release();
  });

  it('cannot be a name that every object has', async () => {
    const session = await openSession(identityModel('FLOAT'));
    const feeds = { x: floats([1], 1), toString: floats([1], 1) };
    await expect(session.run(feeds)).rejects.toMatchObject({ code: 'HF_INFERENCE_FEEDS' });
    await expect(session.run({ x: floats([1], 1) }, ['constructor'])).rejects.toMatchObject({
      code: 'HF_INFERENCE_FETCHES',
      message: 'the model has no output `constructor`, it has `y`',
    });
    await expect(session.run({ x: floats([1], 1) }, [])).rejects.toMatchObject({ code: 'HF_INFERENCE_FETCHES' });
    await session.release();
  });
});

describe('a model that the runtime does not take', () => {
  it('is malformed, empty, or not there', async () => {
    for (const model of [Uint8Array.of(1, 2, 3), new Uint8Array(0), join(tmpdir(), 'no', 'such.onnx'), tmpdir()]) {
      await expect(openSession(model)).rejects.toMatchObject({ code: 'HF_INFERENCE_MODEL' });
    }
  });

  it('uses an operator that there is not', async () => {
    await expect(openSession(operatorModel('Reluctant', 'FLOAT'))).rejects.toMatchObject({
      code: 'HF_INFERENCE_MODEL',
      message: expect.stringContaining('No Op registered for Reluctant') as string,
    });
  });

  it('has an output of a type that does not come to Node', async () => {
    const graph = graphOf({
      name: 'narrow',
      inputs: [tensorValue('x', 'FLOAT', [1])],
      outputs: [tensorValue('y', 'BFLOAT16', [1])],
      nodes: [node('Cast', ['x'], ['y'], { attributes: { to: 16n } })],
    });
    await expect(openSession(writeModel(modelOf({ graph, opsets: { '': 17 } })))).rejects.toMatchObject({
      code: 'HF_INFERENCE_TYPE',
    });
  });
});

describe('a run that fails', () => {
  it('names the node', async () => {
    const session = await openSession(constantShapeModel('Reshape', 3n));
    await expect(session.run({ x: floats([2], 2) })).rejects.toMatchObject({
      code: 'HF_INFERENCE_RUN',
      message: expect.stringContaining('running Reshape node') as string,
    });
    await session.release();
  });

  it('says when there is not enough memory, and the session goes on', async () => {
    // 2 ** 43 numbers of four bytes are 32 TiB.
    const session = await openSession(constantShapeModel('Expand', 2n ** 43n));
    await expect(session.run({ x: floats([1], 1) })).rejects.toMatchObject({ code: 'HF_INFERENCE_MEMORY' });
    await session.release();
  });

  it('says when the session was released', async () => {
    const session = await openSession(identityModel('FLOAT'));
    const running = session.run({ x: floats([3], 3) });
    const releasing = session.release();
    expect((await running)['y']?.dims).toEqual([3]);
    await releasing;
    await session.release();
    await expect(session.run({ x: floats([3], 3) })).rejects.toMatchObject({ code: 'HF_INFERENCE_RELEASED' });
  });
});

describe('options', () => {
  it('of threads are a number that a machine can have', async () => {
    for (const threads of [0, -1, 1.5, Number.NaN, 5000]) {
      await expect(openSession(linearModel(), { threads })).rejects.toMatchObject({ code: 'HF_INFERENCE_OPTIONS' });
    }
    const provider = 'cuda' as 'cpu';
    await expect(openSession(linearModel(), { provider })).rejects.toMatchObject({
      code: 'HF_INFERENCE_OPTIONS',
      message: 'there is no provider `cuda`: `cpu` or `webgpu`',
    });
  });

  it('ask for WebGPU, which works or says why it does not', async () => {
    const x: TensorData = { type: 'FLOAT', dims: [1, 2], data: Float32Array.of(1, 1) };
    const answer = await openSession(linearModel(), { provider: 'webgpu' }).then(
      async (session) => [...((await session.run({ x }))['logits']?.data ?? [])],
      (error: unknown) => error,
    );
    if (answer instanceof Error) {
      expect(answer).toMatchObject({
        code: 'HF_INFERENCE_PROVIDER',
        message: expect.stringMatching(/adapter|WebGPU/) as string,
      });
    } else expect(answer).toEqual([5.5, 6.5, 9]);
  });
});

describe('without ONNX Runtime', () => {
  it('everything but running is there, and it says how to get it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-inference-'));
    cpSync(join(import.meta.dirname, '..', 'src'), folder, { recursive: true });
    writeFileSync(
      join(folder, 'try.ts'),
      `import { openSession } from './index.ts';
       await openSession(process.argv[2]!).catch((error: unknown) => console.log(JSON.stringify(error)));`,
    );
    writeFileSync(join(folder, 'model.onnx'), linearModel());
    const arguments_ = ['--disable-warning=ExperimentalWarning', join(folder, 'try.ts'), join(folder, 'model.onnx')];
    const said = JSON.parse(execFileSync(process.execPath, arguments_, { encoding: 'utf8' })) as object;
    expect(said).toMatchObject({
      code: 'HF_INFERENCE_RUNTIME',
      exit: 3,
      fix: expect.stringContaining('npm install onnxruntime-node') as string,
    });
    rmSync(folder, { recursive: true });
  });
});

/** y = operator(x, shape), x [n]. */
function constantShapeModel(operator: string, length: bigint): Uint8Array {
  const graph = graphOf({
    name: operator,
    inputs: [tensorValue('x', 'FLOAT', ['n'])],
    outputs: [tensorValue('y', 'FLOAT', ['m'])],
    nodes: [node(operator, ['x', 'shape'], ['y'])],
    initializers: [tensor('shape', [1], BigInt64Array.of(length))],
  });
  return writeModel(modelOf({ graph, opsets: { '': 17 } }));
}
