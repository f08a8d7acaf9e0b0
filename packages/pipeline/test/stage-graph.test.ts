import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfiguration } from '../src/configuration.ts';
import { PipelineError } from '../src/errors.ts';
import { kindOfPath } from '../src/kind.ts';
import { type StageGraph, stageGraph } from '../src/stage-graph.ts';

interface Stage {
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly metrics?: string;
  readonly owner?: string;
}

/** JSON is YAML 1.2. */
function graphOf(stages: Readonly<Record<string, Stage>>, more: object = {}): StageGraph {
  const withCommands = Object.fromEntries(
    Object.entries(stages).map(([name, stage]) => [name, { command: 'true', ...stage }]),
  );
  return stageGraph(
    parseConfiguration(JSON.stringify({ project: 'tiny', ledger: 'tiny.example', stages: withCommands, ...more })),
  );
}

function refusal(work: () => unknown): PipelineError {
  try {
    work();
  } catch (error) {
    if (error instanceof PipelineError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const names = (stages: readonly { readonly name: string }[]): string[] => stages.map(({ name }) => name);

/** `edges[a]` lists what stage `a` reads the outputs of. */
function fromEdges(edges: readonly (readonly number[])[]): Record<string, Stage> {
  return Object.fromEntries(
    edges.map((needs, at) => [
      `s${at}`,
      { outputs: [`o/${at}`], inputs: ['data.csv', ...needs.map((need) => `o/${need}`)] },
    ]),
  );
}

/** Floyd and Warshall: whether one stage needs another over any number of steps, itself not counted. */
function reachability(edges: readonly (readonly number[])[]): boolean[][] {
  const count = edges.length;
  const reach = edges.map((needs) => Array.from({ length: count }, (_, at) => needs.includes(at)));
  for (let middle = 0; middle < count; middle++)
    for (let from = 0; from < count; from++)
      for (let to = 0; to < count; to++) {
        if (reach[from]?.[middle] && reach[middle]?.[to]) reach[from]![to] = true;
      }
  return reach;
}

/** Random graphs without circles: a stage needs only stages of a lower rank, and ranks are shuffled. */
const acyclic = fc
  .integer({ min: 1, max: 12 })
  .chain((count) =>
    fc.tuple(
      fc.shuffledSubarray(
        Array.from({ length: count }, (_, at) => at),
        { minLength: count },
      ),
      fc.array(fc.array(fc.nat(count - 1), { maxLength: 4 }), { minLength: count, maxLength: count }),
    ),
  )
  .map(([ranks, wishes]) => wishes.map((needs, at) => [...new Set(needs)].filter((need) => ranks[need]! < ranks[at]!)));

const anyGraph = fc
  .integer({ min: 1, max: 9 })
  .chain((count) =>
    fc.array(fc.uniqueArray(fc.nat(count - 1), { maxLength: 3 }), { minLength: count, maxLength: count }),
  );

describe('random graphs', () => {
  test('the order respects what stages need; every stage is there once', () => {
    fc.assert(
      fc.property(acyclic, (edges) => {
        const order = names(graphOf(fromEdges(edges)).stages);
        expect(order.toSorted()).toEqual(edges.map((_, at) => `s${at}`).toSorted());
        edges.forEach((needs, at) => {
          for (const need of needs) expect(order.indexOf(`s${need}`)).toBeLessThan(order.indexOf(`s${at}`));
        });
      }),
    );
  });

  test('behind() and after() are what Floyd and Warshall say', () => {
    fc.assert(
      fc.property(acyclic, (edges) => {
        const graph = graphOf(fromEdges(edges));
        const order = names(graph.stages);
        const reach = reachability(edges);
        edges.forEach((_, at) => {
          const behind = edges.flatMap((__, other) => (other === at || reach[at]?.[other] ? [`s${other}`] : []));
          const after = edges.flatMap((__, other) => (reach[other]?.[at] ? [`s${other}`] : []));
          expect(names(graph.behind(`o/${at}`))).toEqual(order.filter((name) => behind.includes(name)));
          expect([...graph.after(`s${at}`)].toSorted()).toEqual(after.toSorted());
        });
      }),
    );
  });

  test('a circle is found exactly when a stage can reach itself, and the one that is named exists', () => {
    fc.assert(
      fc.property(anyGraph, (edges) => {
        const circular = reachability(edges).some((row, at) => row[at]);
        if (!circular) {
          expect(graphOf(fromEdges(edges)).stages).toHaveLength(edges.length);
          return;
        }
        const error = refusal(() => graphOf(fromEdges(edges)));
        expect(error).toMatchObject({ code: 'HF_STAGE_CYCLE', exit: 2 });
        const circle = [...error.message.matchAll(/s(\d+)/g)].map(([, at]) => Number(at));
        expect(circle.length).toBeGreaterThan(1);
        expect(circle[0]).toBe(circle.at(-1));
        circle.slice(1).forEach((need, at) => {
          expect(edges[circle[at]!]).toContain(need);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('a chain of a thousand stages', () => {
    const edges = Array.from({ length: 1000 }, (_, at) => (at === 999 ? [] : [at + 1]));
    const graph = graphOf(fromEdges(edges));
    expect(graph.stages[0]?.name).toBe('s999');
    expect(graph.behind('o/0')).toHaveLength(1000);
  });
});

describe('paths', () => {
  test('a file in a folder that a stage writes comes from that stage', () => {
    const graph = graphOf({ a: { outputs: ['out'] }, b: { inputs: ['out/deep/file'] }, c: { inputs: ['output'] } });
    expect(graph.stage('b').needs).toEqual(['a']);
    expect(graph.stage('b').inputs[0]).toMatchObject({ producer: 'a' });
    expect(graph.stage('c').needs).toEqual([]);
    expect(names(graph.behind('out/other'))).toEqual(['a']);
  });

  test('a folder that several stages fill needs all of them', () => {
    const graph = graphOf({ z: { inputs: ['build'] }, a: { outputs: ['build/a'] }, b: { outputs: ['build/b'] } });
    expect([...graph.stage('z').needs].toSorted()).toEqual(['a', 'b']);
    expect(names(graph.stages).at(-1)).toBe('z');
    expect(names(graph.behind('build'))).toEqual(['a', 'b']);
  });

  test('an artifact and its path are one thing', () => {
    const artifacts = { model: { path: './build//model/', kind: 'model', risk: 'high' } };
    const graph = graphOf({ a: { outputs: ['model'] }, b: { inputs: ['build/model'] } }, { artifacts });
    expect(graph.stage('a').outputs).toEqual([{ path: 'build/model', artifact: 'model', kind: 'model', risk: 'high' }]);
    expect(graph.stage('b').inputs[0]).toMatchObject({ path: 'build/model', artifact: 'model', producer: 'a' });
  });

  test('metrics are an output, once', () => {
    const graph = graphOf({
      a: { metrics: 'm.json' },
      b: { metrics: 'n.json', outputs: ['n.json'] },
      c: { inputs: ['m.json'] },
    });
    expect(graph.stage('a').outputs.map(({ path }) => path)).toEqual(['m.json']);
    expect(graph.stage('b').outputs.map(({ path }) => path)).toEqual(['n.json']);
    expect(graph.stage('c').needs).toEqual(['a']);
  });

  test('a source is known by the artifact that comes from it', () => {
    const sha256 = 'ab'.repeat(32);
    const graph = graphOf(
      { a: { inputs: ['raw.csv', 'other.csv'] } },
      {
        sources: { bureau: { uri: 'https://data.example/raw.csv', sha256 } },
        artifacts: { raw: { path: 'raw.csv', kind: 'dataset', source: 'bureau' } },
      },
    );
    expect(graph.stage('a').inputs.map(({ source }) => source)).toEqual([
      { name: 'bureau', uri: 'https://data.example/raw.csv', sha256 },
      undefined,
    ]);
  });

  test('of two stages one output: the same, inside, around, as metrics', () => {
    for (const other of [
      { outputs: ['out'] },
      { outputs: ['out/x'] },
      { outputs: ['./out/'] },
      { metrics: 'out/m.json' },
    ]) {
      const error = refusal(() => graphOf({ a: { outputs: ['out'] }, b: other }));
      expect(error).toMatchObject({ code: 'HF_STAGE_OUTPUT_SHARED', exit: 2 });
      expect(refusal(() => graphOf({ a: other, b: { outputs: ['out'] } })).code).toBe('HF_STAGE_OUTPUT_SHARED');
    }
    expect(graphOf({ a: { outputs: ['out'] }, b: { outputs: ['out2', 'outer/out'] } }).stages).toHaveLength(2);
  });

  test('a stage that reads what it writes is a circle', () => {
    expect(refusal(() => graphOf({ a: { inputs: ['x'], outputs: ['x'] } })).message).toContain('a → a');
    expect(refusal(() => graphOf({ a: { inputs: ['x/in'], outputs: ['x'] } })).code).toBe('HF_STAGE_CYCLE');
  });

  test('nothing is behind what comes from outside', () => {
    expect(graphOf({ a: { inputs: ['data.csv'], outputs: ['o'] } }).behind('data.csv')).toEqual([]);
  });

  test('a stage that is not declared', () => {
    const error = refusal(() => graphOf({ prepare: {}, train: {} }).stage('trian'));
    expect(error).toMatchObject({ code: 'HF_STAGE_UNKNOWN', exit: 2 });
    expect(error.message).toBe('there is no stage `trian`; there is `prepare`, `train`');
  });
});

test('what an ending tells, and what none does is data, of which most is asked', () => {
  const kinds = {
    'a/train.py': 'code',
    Makefile: 'code',
    'c.YAML': 'configuration',
    'w.onnx': 'model',
    'x.csv': 'dataset',
    model: 'dataset',
    py: 'dataset',
  };
  for (const [path, kind] of Object.entries(kinds)) expect([path, kindOfPath(path)]).toEqual([path, kind]);
});
