import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AttributeWithValue,
  type FunctionDefinition,
  type Graph,
  graphOf,
  type Model,
  modelOf,
  type Node,
  type NodeOptions,
  node,
  type Tensor,
  tensor,
  tensorValue,
  writeModel,
} from '@holdfast/onnx';
import { describe, expect, it } from 'vitest';
import { openVictim } from '../src/onnx-victim.ts';

const folder = join(import.meta.dirname, 'graphs');
const { cases } = JSON.parse(readFileSync(join(folder, 'recorded.json'), 'utf8')) as {
  readonly cases: readonly {
    readonly file: string;
    readonly operators: readonly string[];
    readonly x: readonly number[];
    readonly labels: readonly number[];
    readonly logits: readonly number[];
    readonly gradient: readonly number[];
  }[];
};

function close(found: ArrayLike<number>, wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length);
  for (const [index, value] of wanted.entries()) expect(found[index], `entry ${index}`).toBeCloseTo(value, 5);
}

describe('networks that PyTorch exports with graphs within them', () => {
  it('a branch and a loop that follow from the shape of the input: the gradient is that of PyTorch', async () => {
    const one = cases.find(({ file }) => file === 'repeated.onnx')!;
    expect(one.operators).toEqual(expect.arrayContaining(['If', 'Loop']));
    const victim = await openVictim(readFileSync(join(folder, one.file)), { threads: 1 });
    const found = await victim.lossGradient(Float32Array.from(one.x), Int32Array.from(one.labels), 'cross-entropy');
    close(found.logits, one.logits);
    close(found.gradient, one.gradient);
    await victim.release();
  });

  it('a branch that follows from the data: refused by name, and what needs no gradient works still', async () => {
    const one = cases.find(({ file }) => file === 'choosing.onnx')!;
    const victim = await openVictim(readFileSync(join(folder, one.file)), { threads: 1 });
    const refused = victim.lossGradient(Float32Array.from(one.x), Int32Array.from(one.labels), 'cross-entropy');
    await expect(refused).rejects.toMatchObject({
      code: 'HF_TRIALS_OPERATOR',
      exit: 3,
      where: 'node `/If`',
      fix: expect.stringContaining('--attack square,hopskipjump') as string,
    });
    await expect(refused).rejects.toThrow('no gradient through `If`: what it runs depends on the data');
    close(await victim.logits(Float32Array.from(one.x)), one.logits);
    await victim.release();
  });
});

const weights: readonly Tensor[] = [
  tensor(
    'w',
    [3, 3],
    Float32Array.from({ length: 9 }, (_, index) => Math.sin(2 * index)),
  ),
  tensor(
    'v',
    [3, 2],
    Float32Array.from({ length: 6 }, (_, index) => Math.cos(3 * index)),
  ),
  tensor('half', [], Float32Array.of(0.5)),
  tensor('three', [], BigInt64Array.of(3n)),
  { ...tensor('yes', [], Uint8Array.of(1)), dataType: 'BOOL' },
];

const matrix = tensorValue('x', 'FLOAT', ['N', 3]);

function modelWith(nodes: readonly Node[], functions: readonly FunctionDefinition[] = []): Model {
  const outputs = [tensorValue('y', 'FLOAT', ['N', 2])];
  const graph = graphOf({ name: 'main', inputs: [matrix], outputs, nodes, initializers: weights });
  const opsets = functions.length === 0 ? { '': 18 } : { '': 18, own: 1 };
  return { ...modelOf({ graph, opsets }), functions };
}

function part(
  name: string,
  inputs: readonly string[],
  outputs: readonly string[],
  nodes: readonly Node[],
  constants: readonly Tensor[] = [],
): Graph {
  const types: Record<string, ReturnType<typeof tensorValue>> = {
    i: tensorValue('i', 'INT64', []),
    on: tensorValue('on', 'BOOL', []),
    h: tensorValue('h', 'FLOAT', [null, null]),
    c: tensorValue('c', 'FLOAT', [null]),
    column: tensorValue('column', 'FLOAT', [null]),
  };
  return graphOf({
    name,
    inputs: inputs.map((each) => types[each] ?? { name: each }),
    outputs: outputs.map((each) => ({ name: each })),
    nodes,
    initializers: constants,
  });
}

const graph = (value: Graph): AttributeWithValue => ({ type: 'GRAPH', value });
const head = (name: string) => node('MatMul', [name, 'v'], ['y']);

/** Logits and gradient of three rows. */
async function measured(model: Model) {
  const victim = await openVictim(writeModel(model), { threads: 1 });
  const x = Float32Array.from({ length: 9 }, (_, index) => Math.cos(index) / 2);
  const labels = Int32Array.of(0, 1, 0);
  const { logits, gradient } = await victim.lossGradient(x, labels, 'cross-entropy');
  const answer = await victim.classify(x);
  await victim.release();
  return { logits: [...logits], gradient: [...gradient], answer: [...answer] };
}

/** The model says, and its gradient is, what the same network says that is written without graphs or functions. */
async function same(model: Model, plain: readonly Node[]): Promise<void> {
  const [found, wanted] = [await measured(model), await measured(modelWith(plain))];
  close(found.logits, wanted.logits);
  close(found.gradient, wanted.gradient);
  expect(found.answer).toEqual(wanted.answer);
  expect(wanted.gradient.some((value) => Math.abs(value) > 1e-3)).toBe(true);
}

/** h → tanh(h·w) + x/2, three times. */
const thrice = ['x', 'h1', 'h2'].flatMap((name, index) => [
  node('MatMul', [name, 'w'], [`m${index}`]),
  node('Tanh', [`m${index}`], [`t${index}`]),
  node('Mul', ['x', 'half'], [`s${index}`]),
  node('Add', [`t${index}`, `s${index}`], [`h${index + 1}`]),
]);
const step = [
  node('MatMul', ['h', 'w'], ['m']),
  node('Tanh', ['m'], ['t']),
  node('Mul', ['x', 'half'], ['s']),
  node('Add', ['t', 's'], ['g']),
];

describe('graphs within a graph, whose running is fixed, are written out', () => {
  it('a Loop of three steps', async () => {
    const body = part('body', ['i', 'on', 'h'], ['off', 'g'], [node('Identity', ['on'], ['off']), ...step]);
    const loop = node('Loop', ['three', 'yes', 'x'], ['z'], { attributes: { body: graph(body) } });
    await same(modelWith([loop, head('z')]), [...thrice, head('h3')]);
  });

  it('a Loop that counts with its step, and gathers what each gives', async () => {
    const nodes = [
      node('Identity', ['on'], ['off']),
      node('Cast', ['i'], ['f'], { attributes: { to: 1n } }),
      node('Mul', ['h', 'f'], ['g']),
      node('Add', ['h', 'x'], ['next']),
    ];
    const body = part('body', ['i', 'on', 'h'], ['off', 'next', 'g'], nodes);
    const loop = node('Loop', ['three', '', 'x'], ['rest', 'all'], { attributes: { body: graph(body) } });
    const sum = node('ReduceSum', ['all', 'zero'], ['z'], { attributes: { keepdims: 0n } });
    const zero = node('Constant', [], ['zero'], { attributes: { value_ints: [0n] } });
    // 0·x + 1·2x + 2·3x
    const eight = node('Constant', [], ['eight'], { attributes: { value_float: 8 } });
    await same(modelWith([loop, zero, sum, head('z')]), [eight, node('Mul', ['x', 'eight'], ['z']), head('z')]);
  });

  it('a Scan over the columns, one of its lists backwards', async () => {
    // c + column, one after the other: the last state is the row's sum, the list its partial sums.
    const body = part(
      'body',
      ['c', 'column'],
      ['sum', 'partial'],
      [node('Add', ['c', 'column'], ['sum']), node('Identity', ['sum'], ['partial'])],
    );
    const attributes: NodeOptions['attributes'] = {
      body: graph(body),
      ...{ num_scan_inputs: 1n, scan_input_axes: [1n], scan_output_axes: [1n], scan_output_directions: [1n] },
    };
    const start = [
      node('ReduceSum', ['x', 'one'], ['row'], { attributes: { keepdims: 0n } }),
      node('Sub', ['row', 'row'], ['none']),
      node('Constant', [], ['one'], { attributes: { value_ints: [1n] } }),
    ];
    const nodes = [
      start[2]!,
      start[0]!,
      start[1]!,
      node('Scan', ['none', 'x'], ['rest', 'all'], { attributes }),
      head('all'),
    ];
    // Partial sums as a product with a triangle, its columns backwards.
    const triangle = tensor('triangle', [3, 3], Float32Array.of(1, 1, 1, 1, 1, 0, 1, 0, 0));
    const constant = node('Constant', [], ['triangle'], { attributes: { value: { type: 'TENSOR', value: triangle } } });
    await same(modelWith(nodes), [constant, node('MatMul', ['x', 'triangle'], ['all']), head('all')]);
  });

  it('an If within an If, in a Loop', async () => {
    const inner = node('If', ['yes'], ['g'], {
      attributes: {
        then_branch: graph(part('then', [], ['a'], [...step.slice(0, 3), node('Add', ['t', 's'], ['a'])])),
        else_branch: graph(part('else', [], ['b'], [node('Neg', ['h'], ['b'])])),
      },
    });
    const outer = node('If', ['yes'], ['o'], {
      attributes: {
        then_branch: graph(part('then', [], ['g'], [inner])),
        else_branch: graph(part('else', [], ['e'], [node('Identity', ['x'], ['e'])])),
      },
    });
    const body = part('body', ['i', 'on', 'h'], ['on', 'o'], [outer]);
    const loop = node('Loop', ['three', 'yes', 'x'], ['z'], { attributes: { body: graph(body) } });
    await same(modelWith([loop, head('z')]), [...thrice, head('h3')]);
  });

  it('but not those whose condition is the same only for the rows that were tried', async () => {
    const nodes = [
      node('Shape', ['x'], ['size'], { attributes: { start: 0n, end: 1n } }),
      node('Squeeze', ['size'], ['rows']),
      node('Less', ['rows', 'three'], ['few']),
      node('If', ['few'], ['z'], {
        name: 'by rows',
        attributes: {
          then_branch: graph(part('then', [], ['a'], [node('Tanh', ['x'], ['a'])])),
          else_branch: graph(part('else', [], ['b'], [node('Neg', ['x'], ['b'])])),
        },
      }),
      head('z'),
    ];
    await expect(measured(modelWith(nodes))).rejects.toMatchObject({
      code: 'HF_TRIALS_OPERATOR',
      where: 'node `by rows`',
    });
  });

  it('nor a Loop that ends when the data says so', async () => {
    const body = part(
      'body',
      ['i', 'on', 'h'],
      ['off', 'g'],
      [
        node('ReduceSum', ['h'], ['total'], { attributes: { keepdims: 0n } }),
        node('Less', ['total', 'half'], ['off']),
        ...step,
      ],
    );
    const loop = node('Loop', ['three', 'yes', 'x'], ['z'], { name: 'while', attributes: { body: graph(body) } });
    await expect(measured(modelWith([loop, head('z')]))).rejects.toMatchObject({
      code: 'HF_TRIALS_OPERATOR',
      where: 'node `while`',
    });
  });
});

function definition(
  parts: Partial<FunctionDefinition> & Pick<FunctionDefinition, 'name' | 'inputs' | 'outputs' | 'nodes'>,
): FunctionDefinition {
  return {
    ...{ domain: 'own', overload: '', attributeNames: [], attributes: new Map(), valueInfo: [] },
    opsets: new Map([
      ['', 18],
      ['own', 1],
    ]),
    ...parts,
  };
}

const reference = (to: string): AttributeWithValue =>
  ({ type: 'REFERENCE', to, of: 'FLOAT' }) as unknown as AttributeWithValue;

describe("a model's own functions are written out where they are called", () => {
  const leaky = definition({
    name: 'Bent',
    inputs: ['a', 'b'],
    outputs: ['t', 'u'],
    attributes: new Map([['slope', { type: 'FLOAT', value: 0.25 }]]),
    nodes: [
      node('LeakyRelu', ['a'], ['t'], { attributes: { alpha: reference('slope') } }),
      node('Identity', ['a'], ['u']),
    ],
  });

  it('with attributes that are given, within one another, an input left out', async () => {
    const layer = definition({
      name: 'Layer',
      inputs: ['h', 'matrix'],
      outputs: ['out'],
      attributeNames: ['slope'],
      nodes: [
        node('MatMul', ['h', 'matrix'], ['t']),
        node('Bent', ['t', ''], ['bent', 'straight'], { domain: 'own', attributes: { slope: reference('slope') } }),
        node('Add', ['bent', 'straight'], ['out']),
      ],
    });
    const own = (inputs: string[], outputs: string[], attributes: NodeOptions['attributes'] = {}) =>
      node('Layer', inputs, outputs, { domain: 'own', attributes });
    const calls = [own(['x', 'w'], ['t'], { slope: 0.5 }), own(['t', 'w'], ['z'], { slope: 0.125 })];
    const plain = [
      node('MatMul', ['x', 'w'], ['a']),
      node('LeakyRelu', ['a'], ['b'], { attributes: { alpha: 0.5 } }),
      node('Add', ['a', 'b'], ['c']),
      node('MatMul', ['c', 'w'], ['d']),
      node('LeakyRelu', ['d'], ['e'], { attributes: { alpha: 0.125 } }),
      node('Add', ['d', 'e'], ['f']),
      head('f'),
    ];
    await same(modelWith([...calls, head('z')], [layer, leaky]), plain);
  });

  it('by default, and within a branch', async () => {
    const call = node('Bent', ['x', 'x'], ['a', ''], { domain: 'own' });
    const branch = node('If', ['yes'], ['z'], {
      attributes: {
        then_branch: graph(part('then', [], ['a'], [call])),
        else_branch: graph(part('else', [], ['b'], [node('Neg', ['x'], ['b'])])),
      },
    });
    const plain = [node('LeakyRelu', ['x'], ['z'], { attributes: { alpha: 0.25 } }), head('z')];
    await same(modelWith([branch, head('z')], [leaky]), plain);
  });

  it('a function of another operator set is refused by name', async () => {
    const old = definition({ ...leaky, opsets: new Map([['', 17]]) });
    const call = node('Bent', ['x', 'x'], ['z', ''], { domain: 'own', name: 'call' });
    await expect(measured(modelWith([call, head('z')], [old]))).rejects.toMatchObject({
      code: 'HF_TRIALS_OPERATOR',
      where: 'node `call`',
    });
  });

  it('functions that call functions twice, twenty times over, are refused before they fill the memory', async () => {
    const twice = Array.from({ length: 20 }, (_, depth) =>
      definition({
        name: `F${depth}`,
        inputs: ['a'],
        outputs: ['c'],
        nodes: ['a', 'b'].map((from, index) =>
          depth === 0
            ? node('Neg', [from], [index === 0 ? 'b' : 'c'])
            : node(`F${depth - 1}`, [from], [index === 0 ? 'b' : 'c'], { domain: 'own' }),
        ),
      }),
    );
    const { inlined } = await import('../src/gradient/inline.ts');
    const model = modelWith([node('F19', ['x'], ['z'], { domain: 'own' }), head('z')], twice);
    expect(() => inlined(model)).toThrow(/written out, the functions of the model are more than 50000 nodes/);
  });
});
