import { renameSync, rmSync } from 'node:fs';
import { digestArtifact } from '@holdfast/evidence';
import {
  copyOf,
  fileThing,
  folderThing,
  memoryView,
  newTestProject,
  type RunDescription,
  runOf,
  type TestProject,
  type Thing,
  yamlOf,
} from '@holdfast/testkit';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseConfiguration } from '../src/configuration.ts';
import type { DigestedFiles } from '../src/stage-files.ts';
import { digestPaths } from '../src/stage-files.ts';
import { stageGraph } from '../src/stage-graph.ts';
import { runsOf, stageState } from '../src/stage-state.ts';

/** A project with one stage that has everything: two inputs, a folder and a file as outputs, metrics, parameters. */
const yaml = yamlOf({
  make: {
    command: 'mkdir -p out/deep; cat in.csv > out/deep/copy; echo 1 > out/one; echo 2 > two; echo \'{"a":1}\' > m.json',
    owner: 'builder',
    inputs: ['in.csv', 'more'],
    outputs: ['out', 'two'],
    metrics: 'm.json',
    parameters: { epochs: 5, rate: 0.5 },
  },
});

describe('a stage that ran is current until something about it changes', () => {
  let project: TestProject;
  let made: TestProject;
  beforeAll(async () => {
    made = await newTestProject({ yaml, files: { 'in.csv': 'in', 'more/a': 'a', 'more/b': 'b' } });
    await made.run();
  });
  beforeEach(() => {
    project = copyOf(made);
  });

  async function reason(): Promise<string> {
    const opened = await project.open();
    const stage = opened.graph.stage('make');
    const files = await digestPaths(
      project.folder,
      [...stage.inputs, ...stage.outputs].map(({ path }) => path),
    );
    const state = stageState(stage, await project.view(), files, files);
    return state.state === 'due' ? state.reason : 'current';
  }
  const edit = (change: (stage: Record<string, unknown>) => void): void => {
    const config = JSON.parse(project.read('holdfast.yaml')) as { stages: { make: Record<string, unknown> } };
    change(config.stages.make);
    project.write('holdfast.yaml', JSON.stringify(config));
  };

  const changes: readonly (readonly [string, () => void, string])[] = [
    ['nothing', () => undefined, 'current'],
    [
      'the command',
      () => {
        edit((stage) => {
          stage['command'] = 'true';
        });
      },
      'its command changed',
    ],
    [
      'a parameter',
      () => {
        edit((stage) => {
          stage['parameters'] = { epochs: 6, rate: 0.5 };
        });
      },
      'its parameters changed',
    ],
    [
      'a parameter more',
      () => {
        edit((stage) => {
          stage['parameters'] = { epochs: 5, rate: 0.5, seed: 1 };
        });
      },
      'its parameters changed',
    ],
    [
      'a parameter that becomes text',
      () => {
        edit((stage) => {
          stage['parameters'] = { epochs: '5', rate: 0.5 };
        });
      },
      'its parameters changed',
    ],
    [
      'the order of parameters',
      () => {
        edit((stage) => {
          stage['parameters'] = { rate: 0.5, epochs: 5 };
        });
      },
      'current',
    ],
    [
      'the order of inputs',
      () => {
        edit((stage) => {
          stage['inputs'] = ['more', 'in.csv'];
        });
      },
      'current',
    ],
    [
      'what the sandbox may use',
      () => {
        edit((stage) => {
          stage['sandbox'] = { memory: '1GiB' };
        });
      },
      'current',
    ],
    [
      'the owner',
      () => {
        edit((stage) => {
          stage['owner'] = 'somebody';
        });
      },
      'has never run',
    ],
    [
      'an input more',
      () => {
        edit((stage) => {
          stage['inputs'] = ['in.csv', 'more', 'two.csv'];
        });
        project.write('two.csv', '2');
      },
      '`two.csv` changed',
    ],
    [
      'an input less',
      () => {
        edit((stage) => {
          stage['inputs'] = ['in.csv'];
        });
      },
      'its inputs changed',
    ],
    [
      'an input of other bytes',
      () => {
        project.write('in.csv', 'other');
      },
      '`in.csv` changed',
    ],
    [
      'an input that is gone',
      () => {
        rmSync(project.path('in.csv'));
      },
      '`in.csv` changed',
    ],
    [
      'a file in an input folder',
      () => {
        project.write('more/a', 'b');
      },
      '`more` changed',
    ],
    [
      'two files of an input folder that change places',
      () => {
        renameSync(project.path('more/a'), project.path('t'));
        renameSync(project.path('more/b'), project.path('more/a'));
        renameSync(project.path('t'), project.path('more/b'));
      },
      '`more` changed',
    ],
    [
      'an output of other bytes',
      () => {
        project.write('two', '3');
      },
      '`two` is not what the stage wrote',
    ],
    [
      'an output that is gone',
      () => {
        rmSync(project.path('two'));
      },
      '`two` is missing',
    ],
    [
      'an output more',
      () => {
        edit((stage) => {
          stage['outputs'] = ['out', 'two', 'in2'];
        });
        project.write('in2', '');
      },
      '`in2` is not what the stage wrote',
    ],
    [
      'a file deep in an output folder',
      () => {
        project.write('out/deep/copy', 'x');
      },
      '`out` is not what the stage wrote',
    ],
    [
      'a file more in an output folder',
      () => {
        project.write('out/extra', 'x');
      },
      '`out` is not what the stage wrote',
    ],
    [
      'a file less in an output folder',
      () => {
        rmSync(project.path('out/one'));
      },
      '`out` is not what the stage wrote',
    ],
    [
      'a file of another name in an output folder',
      () => {
        renameSync(project.path('out/one'), project.path('out/uno'));
      },
      '`out` is not what the stage wrote',
    ],
    [
      'the metrics',
      () => {
        project.write('m.json', '{"a":2}');
      },
      '`m.json` is not what the stage wrote',
    ],
    [
      'the metrics, gone',
      () => {
        rmSync(project.path('m.json'));
      },
      '`m.json` is missing',
    ],
  ];
  for (const [what, change, expected] of changes) {
    test(what, async () => {
      change();
      expect(await reason()).toBe(expected);
    });
  }
});

describe('which runs count', () => {
  const { graph, plain } = {
    graph: stageGraph(
      parseConfiguration(
        yamlOf({ train: { command: 'sh train.sh', owner: 'builder', inputs: ['in.csv'], outputs: ['o'] } }),
      ),
    ),
    plain: stageGraph(
      parseConfiguration(yamlOf({ train: { command: 'sh train.sh', inputs: ['in.csv'], outputs: ['o'] } })),
    ),
  };
  const input = fileThing('in.csv', 'in');
  const output = fileThing('o', 'out');
  const files = (...things: readonly Thing[]): DigestedFiles =>
    new Map(
      things.map(
        ({ path, digest }) => [path, { kind: 'file', size: 1, digests: { sha256: digest['sha256'] ?? '' } }] as const,
      ),
    );
  const here = files(input, output);
  const run = (more: Partial<RunDescription> = {}) =>
    runOf({ stage: 'train', inputs: [{ thing: input }], outputs: [{ thing: output }], ...more });

  test('those of the owner; of anybody where there is none', () => {
    const view = memoryView([{ statement: run(), signer: 'rogue' }]);
    expect(stageState(graph.stage('train'), view, here, here)).toEqual({ state: 'due', reason: 'has never run' });
    expect(stageState(plain.stage('train'), view, here, here)).toMatchObject({
      state: 'current',
      run: { signerName: 'rogue' },
    });
    expect(runsOf(plain.stage('train'), view)).toHaveLength(1);
  });

  test('an earlier one counts when it is what lies there now', () => {
    const later = run({
      inputs: [{ thing: fileThing('in.csv', 'later') }],
      outputs: [{ thing: fileThing('o', 'later') }],
      invocation: 'train-2',
    });
    const view = memoryView([
      { statement: run(), signer: 'builder' },
      { statement: later, signer: 'builder' },
    ]);
    const state = stageState(graph.stage('train'), view, here, here);
    expect(state).toMatchObject({ state: 'current', run: { index: 0 } });
  });

  test('of one that does not match, the newest says why', () => {
    const later = run({ inputs: [{ thing: fileThing('in.csv', 'later') }], invocation: 'train-2' });
    const view = memoryView([
      { statement: run(), signer: 'builder' },
      { statement: later, signer: 'builder' },
    ]);
    const changed = files(input, fileThing('o', 'edited'));
    expect(stageState(graph.stage('train'), view, changed, changed)).toEqual({
      state: 'due',
      reason: '`in.csv` changed',
    });
  });

  test('one whose evidence is going stale is due, when that is asked for', () => {
    const view = memoryView([{ statement: run({ finishedOn: '2026-11-20T10:00:00.000Z' }), signer: 'builder' }]);
    const at = (now: string) =>
      stageState(graph.stage('train'), view, here, here, { now: new Date(now), staleAfterMs: 3_600_000 });
    expect(at('2026-11-20T11:00:00.000Z')).toMatchObject({ state: 'current' });
    expect(at('2026-11-20T11:00:00.001Z')).toEqual({ state: 'due', reason: 'its evidence is going stale' });
    expect(stageState(graph.stage('train'), view, here, here)).toMatchObject({ state: 'current' });
  });

  test('a folder with the same bytes under other names is another folder', async () => {
    const project = await newTestProject({
      yaml: yamlOf({ train: { inputs: ['d'], outputs: ['o'] } }),
      files: { 'd/a': 'x', 'd/b': 'y' },
    });
    const made = { inputs: [{ thing: folderThing('d', { b: 'x', a: 'y' }) }], outputs: [{ thing: output }] };
    const d = await digestArtifact(project.path('d'));
    const stage = stageGraph(
      parseConfiguration(yamlOf({ train: { command: 'sh train.sh', inputs: ['d'], outputs: ['o'] } })),
    ).stage('train');
    const now: DigestedFiles = new Map([['d', d], ...here]);
    expect(stageState(stage, memoryView([{ statement: run(made), signer: 'builder' }]), now, now)).toMatchObject({
      reason: '`d` changed',
    });
  });
});

describe('--due', () => {
  test('renews what has used up four fifths of its life, stages and checks alike', async () => {
    const life = (maxAge: string) => yamlOf({ make: { command: 'date > o', outputs: ['o'], maxAge } });
    const project = await newTestProject({ yaml: life('1h'), files: {} });
    await project.run();
    expect((await project.run({ due: true })).stages).toMatchObject([{ status: 'current' }]);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 50 * 60_000 });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    expect((await project.run()).stages).toMatchObject([{ status: 'current' }]);
    expect((await project.run({ due: true })).stages).toMatchObject([
      { status: 'ran', reason: 'its evidence is going stale' },
    ]);
  });
});
