import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '@holdfast/inference';
import { externalLocations } from '@holdfast/inference/external-locations';
import { ModelBytes } from '@holdfast/inference/model-bytes';
import { type AttributeWithValue, graphOf, modelOf, node, type Tensor, tensorValue, writeModel } from '@holdfast/onnx';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'holdfast-external-'));
const folder = join(root, 'model');
const weights = Float32Array.of(1, 2, 3, 4, 5, 6);

beforeAll(() => {
  mkdirSync(join(folder, 'sub'), { recursive: true });
  for (const path of ['outside.bin', 'model/weights.bin', 'model/sub/weights.bin']) {
    writeFileSync(join(root, path), new Uint8Array(weights.buffer));
  }
  writeFileSync(join(folder, 'short.bin'), new Uint8Array(8));
  symlinkSync('../outside.bin', join(folder, 'link.bin'));
  symlinkSync('weights.bin', join(folder, 'inner-link.bin'));
  symlinkSync('..', join(folder, 'up'));
  linkSync(join(folder, 'weights.bin'), join(folder, 'second-name.bin'));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const external = (name: string, location: string): Tensor => ({
  name,
  dataType: 'FLOAT',
  dims: [2, 3],
  content: { kind: 'external', data: { location, offset: 0, length: 24 } },
});

/** y = x · w, with w in another file; `where` says in which kind of place its tensor stands. */
function modelWith(location: string, where: 'initializer' | 'attribute' | 'subgraph' = 'initializer'): Uint8Array {
  const constant = (outputs: string) =>
    node('Constant', [], [outputs], { attributes: { value: { type: 'TENSOR', value: external('v', location) } } });
  const branch: AttributeWithValue = {
    type: 'GRAPH',
    value: graphOf({
      name: 'branch',
      inputs: [],
      outputs: [tensorValue('b', 'FLOAT', [2, 3])],
      nodes: [constant('b')],
    }),
  };
  const before = {
    initializer: [],
    attribute: [constant('w')],
    subgraph: [
      node('Not', ['no'], ['yes']),
      node('If', ['yes'], ['w'], { attributes: { then_branch: branch, else_branch: branch } }),
    ],
  }[where];
  const graph = graphOf({
    name: 'outside',
    inputs: [tensorValue('x', 'FLOAT', ['n', 2]), ...(where === 'subgraph' ? [tensorValue('no', 'BOOL', [])] : [])],
    outputs: [tensorValue('y', 'FLOAT', ['n', 3])],
    nodes: [...before, node('MatMul', ['x', 'w'], ['y'])],
    initializers: where === 'initializer' ? [external('w', location)] : [],
  });
  return writeModel(modelOf({ graph, opsets: { '': 17 } }));
}

function fileOf(bytes: Uint8Array): string {
  const path = join(folder, 'model.onnx');
  writeFileSync(path, bytes);
  return path;
}

/** The model with one text in it exchanged for another of the same length: what a writer would refuse to write. */
function forged(from: string, to: string): Uint8Array {
  const bytes = Buffer.from(modelWith(from));
  bytes.write(to, bytes.indexOf(from), 'latin1');
  return bytes;
}

describe('external data', () => {
  it.each(['weights.bin', 'sub/weights.bin', 'second-name.bin'])('lies beside the model: %s', async (location) => {
    const session = await openSession(fileOf(modelWith(location)));
    const x = { type: 'FLOAT', dims: [1, 2], data: Float32Array.of(1, 1) } as const;
    expect((await session.run({ x }))['y']?.data).toEqual(Float32Array.of(5, 7, 9));
    await session.release();
  });

  it.each([
    ['link.bin', 'is reached through a symbolic link'],
    ['inner-link.bin', 'is reached through a symbolic link'],
    ['up/outside.bin', 'is reached through a symbolic link'],
    ['sub', 'is not a plain file'],
    ['missing.bin', 'is not there'],
    ['*/_ORT_MEM_ADDR_/*', 'is not there'],
  ])('is refused: %s', async (location, why) => {
    for (const where of ['initializer', 'attribute', 'subgraph'] as const) {
      await expect(openSession(fileOf(modelWith(location, where)))).rejects.toMatchObject({
        code: 'HF_INFERENCE_EXTERNAL',
        message: `the external data \`${location}\` ${why}`,
      });
    }
  });

  it.each([
    ['AAAAAAAAAAAAAA', '../outside.bin'],
    ['AAAAAAAAAAAAAA', '/etc/some.thin'],
    ['AAAAAAAAAAAAAA', 'sub/../sub/wei'],
    ['AAAAAAAAAAAAAA', './weights.bin.'],
    ['AAAAAAAAAAAAAA', 'sub\\weights.bi'],
    ['AAAAAAAAAAAAAA', 'weights.bin\0.b'],
    ['AAAAAAAAAAAAAA', 'C:/Windows/sys'],
  ])('is refused as text: %s as %s', async (from, to) => {
    await expect(openSession(fileOf(forged(from, to)))).rejects.toMatchObject({ code: 'HF_INFERENCE_EXTERNAL' });
  });

  it('is refused when it is shorter than the tensor', async () => {
    await expect(openSession(fileOf(modelWith('short.bin')))).rejects.toMatchObject({ code: 'HF_INFERENCE_EXTERNAL' });
  });

  it('is refused where the model comes as bytes: the working directory is not its folder', async () => {
    await expect(openSession(modelWith('weights.bin'))).rejects.toMatchObject({
      code: 'HF_INFERENCE_EXTERNAL',
      message: 'the external data `weights.bin` is beside a model that was given as bytes: give its path instead',
    });
  });
});

describe('the locations in a model', () => {
  const found = (bytes: Uint8Array) => [...externalLocations(ModelBytes.inMemory(bytes))];

  it.each(['initializer', 'attribute'] as const)('are found in an %s', (where) => {
    expect(found(modelWith('a/b.bin', where))).toEqual(['a/b.bin']);
  });

  it('are found in both branches', () => {
    expect(found(modelWith('a/b.bin', 'subgraph'))).toEqual(['a/b.bin', 'a/b.bin']);
  });

  it('are all found where an entry says two: protobuf keeps the last, others the first', () => {
    // Model.graph(7) { initializer(5) { external_data(13) { key "location", value "a", value "b" } } }
    const entry = [0x0a, 8, ...Buffer.from('location'), 0x12, 1, 0x61, 0x12, 1, 0x62];
    const tensor = [0x6a, entry.length, ...entry];
    const graph = [0x2a, tensor.length, ...tensor];
    expect(found(Uint8Array.from([0x3a, graph.length, ...graph]))).toEqual(['a', 'b']);
  });

  it('do not end: nesting is bounded', () => {
    // graph(7) { node(1) { attribute(5) { graph(6) { node(1) … } } } }, each message inside the one before it.
    let bytes: number[] = [];
    const wrap = (tag: number, inside: number[]) => [tag, (inside.length & 0x7f) | 0x80, inside.length >> 7, ...inside];
    for (let depth = 0; depth < 60; depth += 1) bytes = wrap(0x0a, wrap(0x2a, wrap(0x32, bytes)));
    expect(() => found(Uint8Array.from(wrap(0x3a, bytes)))).toThrow('deeper than 100');
  });

  it('are found in any bytes, or the bytes are refused: nothing else is thrown', () => {
    const models = (['initializer', 'attribute', 'subgraph'] as const).map((where) => modelWith('a/b.bin', where));
    fc.assert(
      fc.property(
        fc.constantFrom(...models),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(400),
        (model, changes, length) => {
          const bytes = model.slice(0, Math.max(1, model.length - (length % model.length)));
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          try {
            for (const location of found(bytes)) expect(location.length).toBeLessThan(400);
          } catch (error) {
            expect(error).toMatchObject({ code: 'HF_INFERENCE_MODEL' });
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
