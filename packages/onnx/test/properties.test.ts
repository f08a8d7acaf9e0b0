import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  graphOf,
  modelOf,
  node,
  OnnxError,
  readModel,
  tensor,
  tensorValue,
  valuesOf,
  writeModel,
} from '../src/index.ts';
import { vector, vectorJson } from './vectors.ts';

const { models } = vectorJson('valid/onnx-read.json') as { models: Record<string, { file: string }> };
const seeds = Object.values(models).map(({ file }) => vector(`valid/${file}`));

/** Reads, and says whether it was refused properly; anything but an OnnxError escapes. */
function attempt(bytes: Uint8Array): boolean {
  try {
    const model = readModel(bytes);
    // What is accepted can be written and is then accepted again.
    expect(readModel(writeModel(model))).toEqual(model);
    return true;
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    return false;
  }
}

describe('the reader', () => {
  it('answers any bytes with a model or an OnnxError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        attempt(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it('answers a damaged file with a model or an OnnxError', () => {
    const edit = fc.record({
      at: fc.nat(2000),
      byte: fc.nat(255),
      kind: fc.constantFrom('set', 'insert', 'delete', 'cut', 'repeat'),
    });
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 4 }), (seed, edits) => {
        let bytes = [...seed];
        for (const { at, byte, kind } of edits) {
          const place = bytes.length === 0 ? 0 : at % bytes.length;
          if (kind === 'set') bytes[place] = byte;
          if (kind === 'insert') bytes.splice(place, 0, byte);
          if (kind === 'delete') bytes.splice(place, 1);
          if (kind === 'cut') bytes = bytes.slice(0, place);
          if (kind === 'repeat') bytes.splice(place, 0, ...bytes.slice(place, place + byte));
        }
        attempt(Uint8Array.from(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('accepts no proper beginning of a file', () => {
    for (const seed of seeds) {
      // A cut between two fields of the outermost message leaves a message that is whole: it must not lose the graph.
      for (let length = 0; length < seed.length; length++) {
        const cut = seed.subarray(0, length);
        if (attempt(cut)) expect(readModel(cut).graph.nodes.length).toBeGreaterThan(0);
      }
    }
  });
});

describe('writing and reading', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_/.]{0,12}$/);
  const chain = fc.record({
    names: fc.uniqueArray(name, { minLength: 3, maxLength: 10 }),
    weights: fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 16 }),
    axis: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    texts: fc.array(fc.float(), { minLength: 1, maxLength: 4 }),
    opset: fc.integer({ min: 1, max: 28 }),
    ir: fc.integer({ min: 4, max: 14 }),
  });

  it('give back the same model', () => {
    fc.assert(
      fc.property(chain, ({ names, weights, axis, texts, opset, ir }) => {
        const [input, constant, ...rest] = names as [string, string, ...string[]];
        const graph = graphOf({
          name: 'g',
          inputs: [tensorValue(input, 'FLOAT', ['N', weights.length])],
          outputs: [tensorValue(rest.at(-1)!, 'FLOAT', ['N', null])],
          initializers: [tensor(constant, [1, weights.length], Float32Array.from(weights))],
          nodes: rest.map((output, index) =>
            node('Add', [index === 0 ? input : rest[index - 1]!, constant], [output], {
              attributes: { axis, texts, mode: 'é' },
            }),
          ),
        });
        const model = modelOf({
          graph,
          opsets: { '': opset, 'example.custom': 1 },
          irVersion: ir,
          metadata: { [input]: 'v' },
        });
        const read = readModel(writeModel(model));
        expect(Buffer.compare(writeModel(read), writeModel(model))).toBe(0);
        expect(read.graph.nodes.map(({ inputs, outputs }) => [inputs, outputs])).toEqual(
          graph.nodes.map(({ inputs, outputs }) => [inputs, outputs]),
        );
        expect(valuesOf(read.graph.initializers.get(constant)!, 'FLOAT')).toEqual(Float32Array.from(weights));
        expect(read.graph.nodes[0]!.attributes.get('axis')).toEqual({ type: 'INT', value: axis });
      }),
      { numRuns: 200 },
    );
  });
});
