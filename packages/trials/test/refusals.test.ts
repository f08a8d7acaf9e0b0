import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npzOf, type WrittenArray } from '@holdfast/dataset/write-npz';
import { graphOf, modelOf, node, tensor, tensorValue, writeModel } from '@holdfast/onnx';
import { temporaryFolder } from '@holdfast/testkit';
import { describe, expect, it, test } from 'vitest';
import { openVictim } from '../src/onnx-victim.ts';
import { openJournal } from '../src/robustness/kept-journal.ts';
import { robustnessOptions } from '../src/robustness/options.ts';
import { writeOutput } from '../src/robustness/output/write-output.ts';
import { robustnessReport } from '../src/robustness/report.ts';
import { runTrial } from '../src/robustness/run-robustness.ts';
import { requireFit } from '../src/robustness/trial-data.ts';
import type { TrialResult } from '../src/robustness/trial-result.ts';
import { product, resultOf, smallModel } from './trial-scene.ts';

const labels = Int32Array.of(0, 1);

describe('what cannot be attacked is refused by name', () => {
  it('an operator without a gradient: the node is named, and what needs no gradient works still', async () => {
    const victim = await openVictim(withoutGradient, { threads: 1 });
    const refused = victim.lossGradient(new Float32Array(8).fill(0.5), labels, 'cross-entropy');
    await expect(refused).rejects.toMatchObject({ code: 'HF_TRIALS_OPERATOR', exit: 3 });
    await expect(refused).rejects.toThrow('no gradient through `Det`');
    expect(await victim.classify(new Float32Array(8))).toHaveLength(2);
    await victim.release();
  });

  it('a model without a number for each class', async () => {
    const nodes = [node('MatMul', ['x', 'w'], ['h']), node('ReduceSum', ['h'], ['y'])];
    await expect(openVictim(smallModel(nodes))).rejects.toMatchObject({ code: 'HF_TRIALS_MODEL', exit: 2 });
  });

  it('a model of a fixed number of rows, or of a size that nobody says', async () => {
    await expect(openVictim(smallModel([product], [2, 4]))).rejects.toMatchObject({
      code: 'HF_TRIALS_MODEL',
      message: 'the model takes exactly 2 rows at once',
    });
    const open = smallModel([product], ['N', 'features']);
    await expect(openVictim(open)).rejects.toMatchObject({ code: 'HF_TRIALS_DATA' });
    await expect(openVictim(open, { dims: [2, 2] })).rejects.toMatchObject({
      message: 'samples of [2, 2] do not say how large the input [features] is',
    });
    const victim = await openVictim(open, { dims: [4] });
    expect(victim.dims).toEqual([4]);
    await victim.release();
  });
});

const right = { data: 'd.npz', norm: 'linf', epsilon: 0.1 };

/** The diagonal of products, and an operator that has no rule. */
const withoutGradient = smallModel([
  node('MatMul', ['x', 'w'], ['h']),
  node('Transpose', ['h'], ['ht']),
  node('MatMul', ['h', 'ht'], ['square'], { name: 'square' }),
  node('Det', ['square'], ['d'], { name: 'determinant' }),
  node('Add', ['h', 'd'], ['y']),
]);

/** Four rows that lie near the class which the twelfths give: the last. */
const four = {
  x: { shape: [4, 4], data: new Float32Array(16).fill(0.5) },
  y: { shape: [4], data: Int32Array.of(2, 2, 2, 2) },
};

async function trialOf(
  model: Uint8Array,
  arrays: Readonly<Record<string, WrittenArray>> = four,
  more: Readonly<Record<string, unknown>> = {},
): Promise<TrialResult> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'samples.npz'), npzOf(arrays));
  const options = robustnessOptions({ data: 'samples.npz', norm: 'linf', epsilon: 0.1, ...more });
  return runTrial(model, options, { folder });
}

describe('a model that has no gradient', () => {
  it('is refused where an attack needs one: node, attacks, and what works still', async () => {
    const refused = trialOf(withoutGradient);
    await expect(refused).rejects.toMatchObject({
      code: 'HF_TRIALS_OPERATOR',
      exit: 3,
      message: expect.stringMatching(/`Det`.*`fast-gradient`.*cannot do without/),
      where: expect.stringContaining('determinant'),
      fix: expect.stringContaining('--attack square,hopskipjump'),
    });
  });

  it('is attacked by those that need none, and the report says so', async () => {
    const result = await trialOf(withoutGradient, four, { attack: ['square', 'hopskipjump'] });
    expect(result.radii).toEqual([]);
    expect(result.rows.map(({ clean, at }) => [clean, at])).toEqual(Array(4).fill([2, undefined]));
    const { verdict, findings } = robustnessReport(result);
    expect(verdict).toBe('warn');
    expect(findings.map(({ rule }) => rule)).toContain('trial.robustness.blind');
  });
});

describe('samples that do not fit are refused by name', () => {
  const like = (shape: readonly number[], labels = [2, 2]) => ({
    x: { shape, data: new Float32Array(shape.reduce((all, size) => all * size, 1)).fill(0.5) },
    y: { shape: [labels.length], data: Int32Array.from(labels) },
  });
  const nan = { ...like([2, 4]), x: { shape: [2, 4], data: new Float32Array(8).fill(Number.NaN) } };
  const { x: unlabelled } = like([2, 4]);
  test.each<[string, Readonly<Record<string, WrittenArray>>, string, RegExp]>([
    ['more numbers', like([2, 5]), 'HF_TRIALS_DATA', /is \[5\], the model takes \[4\]/],
    ['too large a label', like([2, 4], [2, 3]), 'HF_TRIALS_DATA', /label of row 1 .* is 3; .* 0 to 2/],
    ['a negative label', like([2, 4], [-1, 0]), 'HF_TRIALS_DATA', /label of row 0 .* is -1/],
    ['no labels', { x: unlabelled }, 'HF_TRIALS_DATA', /has no labels/],
    ['no rows', like([0, 4], []), 'HF_TRIALS_DATA', /has no rows/],
    ['NaN', nan, 'HF_TRIALS_DATA', /row 0 .* holds NaN/],
    ['no samples', { y: like([2, 4]).y }, 'HF_DATASET_FORMAT', /no array `x`/],
  ])('%s', async (_, arrays, code, message) => {
    const refused = trialOf(smallModel([product]), arrays);
    await expect(refused).rejects.toMatchObject({ code, fix: expect.stringMatching(/\w/) });
    await expect(refused).rejects.toThrow(message);
  });

  it('channels last where the model takes them first; a flat image fits', async () => {
    const flatten = [node('Flatten', ['x'], ['flat']), node('MatMul', ['flat', 'w'], ['y'])];
    const images = smallModel(flatten, ['N', 2, 2, 1]);
    const samples = { x: new Float32Array(), labels: Int32Array.of() };
    const fits = (dims: number[], model: number[]) => (): void => {
      requireFit({ samples, dims, total: 0 }, { dims: model, classes: 2 }, robustnessOptions(right));
    };
    expect(fits([32, 32, 3], [3, 32, 32])).toThrow('is [32, 32, 3], the model takes [3, 32, 32]');
    expect(fits([28, 28, 1], [1, 28, 28])).not.toThrow();
    expect(fits([4, 3], [3, 4])).toThrow(expect.objectContaining({ code: 'HF_TRIALS_DATA' }));
    expect(fits([12], [3, 4])).not.toThrow();
    expect((await trialOf(images, like([2, 4]))).rows).toHaveLength(2);
    expect((await trialOf(images, like([2, 1, 2, 2]))).rows).toHaveLength(2);
    const colours = smallModel(flatten, ['N', 1, 2, 'two']);
    await expect(trialOf(colours, like([2, 2, 2, 1]))).rejects.toMatchObject({ code: 'HF_TRIALS_DATA' });
  });

  it('numbers for channels that are not there', async () => {
    const images = smallModel([node('Flatten', ['x'], ['f']), node('MatMul', ['f', 'w'], ['y'])], ['N', 1, 2, 2]);
    const arrays = like([2, 1, 2, 2]);
    const two = trialOf(images, arrays, { mean: [0, 0, 0], deviation: [1, 1, 1] });
    await expect(two).rejects.toMatchObject({
      code: 'HF_TRIALS_OPTIONS',
      message: '`mean` has 3 numbers, and no dimension of a sample [1, 2, 2] is channels',
    });
    expect((await trialOf(images, arrays, { mean: [0.5], deviation: [0.5] })).rows).toHaveLength(2);
  });
});

describe('models that do not fit are refused by name', () => {
  test.each([
    ['two inputs', ['x', 'other'], 'FLOAT', /one input, of FLOAT/],
    ['numbers of another type', ['x'], 'DOUBLE', /one input, of FLOAT/],
  ] as const)('%s', async (_, names, type, message) => {
    const refused = openVictim(otherInputs(names, type));
    await expect(refused).rejects.toMatchObject({ code: 'HF_TRIALS_MODEL', where: expect.stringContaining('`x`') });
    await expect(refused).rejects.toThrow(message);
  });

  it('what is no model at all', async () => {
    await expect(trialOf(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: expect.stringMatching(/^HF_/) });
  });

  it('NaN for every sample; NaN for some is a finding', async () => {
    // the logarithm of what is below 0
    const nodes = (shift: string) => [
      node('Sub', ['x', shift], ['s']),
      node('Log', ['s'], ['l']),
      node('MatMul', ['l', 'w'], ['y']),
    ];
    await expect(trialOf(smallModel([node('Add', ['x', 'x'], ['two']), ...nodes('two')]))).rejects.toMatchObject({
      code: 'HF_TRIALS_NUMBERS',
      exit: 3,
      message: 'the outputs are NaN for all of the first 4 rows',
    });
    const x = { shape: [4, 4], data: new Float32Array(16).fill(0.5) };
    // x − x⁴ − … stays above 0 but for the row of ones
    x.data.fill(1, 0, 4);
    const some = [node('Mul', ['x', 'x'], ['two']), ...nodes('two')];
    const result = await trialOf(
      smallModel([
        ...some.slice(0, 2),
        node('Sqrt', ['s'], ['r']),
        node('Div', ['s', 'r'], ['q']),
        node('MatMul', ['q', 'w'], ['y']),
      ]),
      { ...four, x },
    );
    const { verdict, findings } = robustnessReport(result);
    expect(verdict).toBe('fail');
    expect(findings.find(({ rule }) => rule === 'trial.robustness.numbers')?.message).toContain('row 0');
  });
});

describe('options that cannot be are refused by name', () => {
  test.each<[Readonly<Record<string, unknown>>, RegExp]>([
    [{ norm: undefined }, /a radius \(`epsilon`\) needs a norm/],
    [{ norm: 'l7' }, /`norm` is none of `linf`, `l2`, `l1`/],
    [{ epsilon: undefined }, /`epsilon` is missing/],
    [{ epsilon: 0 }, /`epsilon` is not above 0/],
    [{ epsilon: Number.NaN }, /`epsilon` is no number/],
    [{ data: undefined }, /`data` is missing/],
    [{ low: 1, high: 1 }, /`low` is not below/],
    [{ rows: 1.5 }, /`rows` is no whole number/],
    [{ suite: 'slow' }, /`suite` is none of/],
    [{ mean: [1] }, /`mean` and `deviation` have to be given together/],
    [{ mean: [1], deviation: [0] }, /`deviation` has a number that is not above 0/],
    [{ colour: 'red' }, /`colour` is not known/],
  ])('%o', (given, message) => {
    expect(() => robustnessOptions({ ...right, ...given })).toThrow(
      expect.objectContaining({ code: 'HF_TRIALS_OPTIONS', exit: 2, message: expect.stringMatching(message) }),
    );
  });
});

describe('a result that cannot be written', () => {
  it('is told by a code, and what was kept stays', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const result = resultOf(() => ({}));
    const { options, software } = result;
    const identity = { ...{ model: 'm', data: 'd', options, shard: null }, software };
    const journal = openJournal(folder, identity);
    await journal.once('a', async () => Promise.resolve(1));
    const refused = writeOutput(join(folder, 'file'), 'model.onnx', result, robustnessReport(result));
    await expect(refused).rejects.toMatchObject({ code: 'HF_TRIALS_OUTPUT', exit: 3 });
    expect(openJournal(folder, identity).found).toBe(1);
    expect(() => openJournal(join(folder, 'file'), identity)).toThrow(
      expect.objectContaining({ code: 'HF_TRIALS_OUTPUT' }),
    );
    mkdirSync(join(folder, 'report', 'report.json'), { recursive: true });
    const onto = writeOutput(join(folder, 'report'), 'model.onnx', result, robustnessReport(result));
    await expect(onto).rejects.toMatchObject({ code: 'HF_TRIALS_OUTPUT' });
  });
});

function otherInputs(names: readonly string[], type: 'FLOAT' | 'DOUBLE'): Uint8Array {
  const dims = [names.length * 4, 3];
  const data = type === 'FLOAT' ? new Float32Array(names.length * 12) : new Float64Array(names.length * 12);
  const joined =
    names.length === 1
      ? node('Identity', ['x'], ['all'])
      : node('Concat', names, ['all'], { attributes: { axis: 1n } });
  const graph = graphOf({
    name: 'other',
    nodes: [joined, node('MatMul', ['all', 'weights'], ['y'])],
    inputs: names.map((name) => tensorValue(name, type, ['N', 4])),
    outputs: [tensorValue('y', type, ['N', 3])],
    initializers: [tensor('weights', dims, data)],
  });
  return writeModel(modelOf({ graph, opsets: { '': 18 } }));
}
