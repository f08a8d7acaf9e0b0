import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configurationText } from '../src/adopt/configuration-text.ts';
import type { Found } from '../src/adopt/found.ts';
import { parseConfiguration } from '../src/configuration.ts';
import { PipelineError } from '../src/errors.ts';
import { initProject, planInit } from '../src/init.ts';
import { openProject, verifyProject } from '../src/project.ts';
import { runPipeline } from '../src/run-pipeline.ts';
import { stageGraph } from '../src/stage-graph.ts';
import { doubtsOf, found, recordedRepository, repository, stageNamed, write } from './adopt-scene.ts';

const scripts = {
  'prepare.sh': 'cp data/x.csv made.csv\n',
  'train.sh': 'cp made.csv model.pkl\n',
  'data/x.csv': 'a\n',
};

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing thrown',
    (error: unknown) => (error instanceof PipelineError ? error.code : String(error)),
  );
}

describe('what was found becomes a project that runs', () => {
  test.for([
    ['scripts', () => repository(scripts), ['prepare', 'train']],
    ['DVC 3', () => recordedRepository('adopt-dvc-3'), ['shorten', 'count-a', 'count-b']],
    ['DVC 2', () => recordedRepository('adopt-dvc-2'), ['shorten', 'count-a', 'count-b']],
    [
      'a Makefile',
      () =>
        repository({
          Makefile:
            'out/%.csv: raw/%.csv ; mkdir -p $(@D) && sort $< > $@\nall.csv: out/a.csv out/b.csv ; cat $^ > $@\n',
          'raw/a.csv': '2\n1\n',
          'raw/b.csv': '3\n',
        }),
      ['a', 'b', 'all'],
    ],
  ] as const)('%s', async ([, make, names]) => {
    const folder = make();
    await initProject(await planInit(folder));
    const project = await openProject(folder, () => Promise.resolve(undefined));
    const { signal } = new AbortController();
    const outcome = await runPipeline(project, { stages: [], due: false, force: false, signal });
    expect(outcome.stages.map(({ stage, status, reason }) => [stage, status === 'ran' ? 'ran' : reason])).toEqual(
      names.map((name) => [name, 'ran']),
    );
  });

  test('pinned data that changes later is refused by the run', async () => {
    const folder = recordedRepository('adopt-dvc-3');
    await initProject(await planInit(folder));
    for (const [path, content] of [
      ['data/raw.csv', 'other\n'],
      ['data/folder/1.txt', 'other\n'],
    ] as const) {
      const before = readFileSync(join(folder, path), 'utf8');
      write(folder, { [path]: content });
      const project = await openProject(folder, () => Promise.resolve(undefined));
      const { signal } = new AbortController();
      const outcome = await runPipeline(project, { stages: [], due: false, force: true, signal });
      const failed = outcome.stages.find(({ status }) => status === 'failed');
      expect(failed?.error).toMatchObject({ code: 'HF_SOURCE_MISMATCH' });
      write(folder, { [path]: before });
    }
  });
});

describe('a folder that has some of it already', () => {
  /** A ledger with its keys and its trust file, and no holdfast.yaml: what one run of one command leaves. */
  async function withLedger(files: Record<string, string> = {}): Promise<string> {
    const folder = repository({ 'holdfast.yaml': 'project: other\nledger: elsewhere.example\n' });
    await initProject(await planInit(folder));
    rmSync(join(folder, 'holdfast.yaml'));
    rmSync(join(folder, 'policy/production.cedar'), { force: true });
    write(folder, files);
    return folder;
  }
  const kept = [
    'policy/trust.json',
    '.holdfast/ledger/checkpoint',
    '.holdfast/keys/owner.pem',
    '.holdfast/keys/ledger-ed25519.pem',
  ];
  const bytesOf = (folder: string): string[] => kept.map((path) => readFileSync(join(folder, path), 'utf8'));

  test('with a ledger but without holdfast.yaml it gets what it lacks', async () => {
    const folder = await withLedger(scripts);
    const before = bytesOf(folder);
    const plan = await planInit(folder);
    expect(plan).toMatchObject({ hasLedger: true, hasConfiguration: false });
    const { written, key } = await initProject(plan);
    expect(written.map(({ path }) => path)).toEqual(['holdfast.yaml', 'policy/production.cedar']);
    expect(key.name).toBe('owner');
    expect(bytesOf(folder)).toEqual(before);
    const config = parseConfiguration(readFileSync(join(folder, 'holdfast.yaml'), 'utf8'));
    expect([config.project, config.ledger]).toEqual(['demo', 'elsewhere.example']);
    // and the ledger takes what the new stages leave
    const project = await openProject(folder, () => Promise.resolve(undefined));
    const { signal } = new AbortController();
    expect((await runPipeline(project, { stages: [], due: false, force: false, signal })).recorded).toBe(3);
    expect((await verifyProject(project)).evidence).toHaveLength(3);
  });

  test('with both it is refused, and nothing is written', async () => {
    const folder = await withLedger({ 'holdfast.yaml': 'project: x\nledger: x.example\n' });
    expect(await codeOf(planInit(folder))).toBe('HF_CONFIG_EXISTS');
  });

  test('keys are not made anew: options about them are refused', async () => {
    const plan = await planInit(await withLedger());
    expect(await codeOf(initProject(plan, { keyName: 'ada' }))).toBe('HF_CONFIG_EXISTS');
    expect(await codeOf(initProject(plan, { roles: ['builder'] }))).toBe('HF_CONFIG_EXISTS');
    expect(existsSync(join(plan.folder, 'holdfast.yaml'))).toBe(false);
  });

  test('a ledger that nobody here can write to, or that nobody vouches for, is not adopted', async () => {
    const folder = await withLedger();
    const trust = readFileSync(join(folder, 'policy/trust.json'), 'utf8');
    write(folder, { 'policy/trust.json': trust.replaceAll('elsewhere.example', 'another.example') });
    expect(await codeOf(planInit(folder))).toBe('HF_CONFIG_INVALID');
    rmSync(join(folder, 'policy/trust.json'));
    expect(await codeOf(planInit(folder))).toBe('HF_CONFIG_NOT_FOUND');
    write(folder, { 'policy/trust.json': trust });
    rmSync(join(folder, '.holdfast/keys'), { recursive: true });
    mkdirSync(join(folder, '.holdfast/keys'));
    expect(await codeOf(initProject(await planInit(folder)))).toBe('HF_NO_SIGNER');
    expect(existsSync(join(folder, 'holdfast.yaml'))).toBe(false);
  });

  test('a holdfast.yaml that is there is left as it is, and nothing else is looked at', async () => {
    const text = 'project: mine\nledger: mine.example\n';
    const folder = recordedRepository('adopt-dvc-3');
    write(folder, { 'holdfast.yaml': text, 'data/raw.csv': 'changed\n' });
    const plan = await planInit(folder);
    expect(plan.found.origins).toEqual([]);
    await initProject(plan);
    expect(readFileSync(join(folder, 'holdfast.yaml'), 'utf8')).toBe(text);
  });

  test('a mismatch leaves nothing behind', async () => {
    const folder = recordedRepository('adopt-dvc-3');
    write(folder, { 'data/raw.csv': 'changed\n' });
    expect(await codeOf(planInit(folder))).toBe('HF_ADOPT_MISMATCH');
    expect(existsSync(join(folder, '.holdfast'))).toBe(false);
    expect(existsSync(join(folder, 'holdfast.yaml'))).toBe(false);
  });
});

describe('several sources', () => {
  const files = {
    'dvc.yaml': 'stages: {train: {cmd: python train.py, deps: [train.py, data/x.csv], outs: [model.pkl]}}\n',
    Makefile:
      'data/x.csv: fetch.py ; python fetch.py > $@\nmodel.pkl: train.py ; python other.py\nagain.csv: train.py ; python train.py\nlocal.csv: data/x.csv ; dvc repro train\n',
    'fetch.py': '',
    'train.py': '',
    'other.py': '',
    'prepare.py': 'open("p.csv", "w")\n',
    'train_more.py': 'open("q.csv", "w")\n',
    'evaluate.py': 'joblib.load("model.pkl")\nopen("metrics.json", "w")\n',
  };

  test('are combined where they do not overlap, what is declared first', async () => {
    const result = await found(files);
    expect(result.stages.map(({ name, kind }) => [name, kind])).toEqual([
      ['train', 'dvc'],
      ['x', 'makefile'],
      ['prepare', 'scripts'],
      ['evaluate', 'scripts'],
    ]);
    expect(result.origins.map(({ file, stages, why }) => [file, stages, why])).toEqual([
      ['dvc.yaml', ['train'], 'with the inputs and outputs it declares'],
      ['Makefile', ['x'], 'from rules that make files'],
      ['prepare.py', ['prepare'], 'named like steps; inputs and outputs guessed from their code'],
      ['evaluate.py', ['evaluate'], 'named like steps; inputs and outputs guessed from their code'],
      ['train.py', [], 'left out: `train` of dvc.yaml runs it'],
      ['train_more.py', [], 'left out: `train` is this step already'],
    ]);
    expect(doubtsOf(result)).toEqual([
      'Makefile:3: `again.csv` is left out: `train` of dvc.yaml runs the same',
      'Makefile:4: `local.csv` is left out: it runs DVC',
      'Makefile:2: `model` is left out: `train` writes `model.pkl` as well',
    ]);
    // what a rule makes is no data from outside
    expect(result.data).toEqual([]);
    expect(stageNamed(result, 'train').inputs).toEqual(['train.py', 'data/x.csv']);
  });

  test('a source that adds nothing says so', async () => {
    const result = await found({
      'dvc.yaml': 'stages: {a: {cmd: "echo > x.csv", outs: [x.csv]}}\n',
      Makefile: 'x.csv: ; echo > $@\n',
    });
    expect(result.origins.map(({ file, why }) => [file, why])).toEqual([
      ['dvc.yaml', 'with the inputs and outputs it declares'],
      ['Makefile', 'left out: others do what it says'],
    ]);
  });
});

describe('the text of holdfast.yaml', () => {
  const stage = {
    command: 'true',
    toolchain: [],
    outputs: [],
    metrics: undefined,
    kind: 'scripts',
    from: 'x',
    description: undefined,
  } as const;
  const nothing: Found = { origins: [], stages: [], data: [], models: [], doubts: [] };

  test('names of artifacts are unique, and never those of another path that a stage names', () => {
    const text = configurationText('demo', {
      ...nothing,
      data: ['a/x.csv', 'b/x.csv', 'c/b/x.csv', '.csv', 'Ä Ö.csv', `${'long'.repeat(30)}.csv`].map((path) => ({
        path,
        kind: 'dataset',
      })),
      models: [
        { path: 'deep/model.pkl', kind: 'model', name: 'champion' },
        { path: 'out/model.pkl', kind: 'model' },
      ],
      stages: [{ ...stage, name: 'run', inputs: ['a/x.csv', 'model', 'deep/model.pkl', '.csv'] }],
    });
    const config = parseConfiguration(text);
    const paths = Object.fromEntries(Object.entries(config.artifacts).map(([name, { path }]) => [path, name]));
    expect(Object.keys(paths)).toHaveLength(8);
    expect(paths).toMatchObject({
      'a/x.csv': 'x',
      'b/x.csv': 'b-x',
      'c/b/x.csv': 'b-x-2',
      'deep/model.pkl': 'champion',
      'out/model.pkl': 'out-model',
    });
    // `model` is a path of the stage: no artifact may be called so
    expect(
      stageGraph(config)
        .stage('run')
        .inputs.map(({ path }) => path),
    ).toEqual(['a/x.csv', 'model', 'deep/model.pkl', '.csv']);
  });

  test('comments stay on their lines, whatever a repository holds', () => {
    const text = configurationText('demo', {
      ...nothing,
      stages: [{ ...stage, name: 'a', inputs: [], description: 'one\nproject: evil\u2028two\u001b[2J' }],
      doubts: [{ where: 'x\ny', what: 'z\r\nledger: evil.example' }],
    });
    expect(parseConfiguration(text)).toMatchObject({ project: 'demo', ledger: 'demo.example' });
    expect(text).not.toMatch(/^(?:project: evil|ledger: evil)/m);
    expect(text).not.toContain('\u001b');
    expect(text).toContain('#   x y: z ledger: evil.example\n');
  });

  test('what is said of several files is said once', () => {
    const doubts = ['a.py', 'b.py', 'c.py', 'd.py:3'].map((where, at) => ({ where, what: at < 3 ? 'same' : 'other' }));
    const text = configurationText('demo', { ...nothing, doubts: [...doubts, { where: 'e.py', what: 'other' }] });
    expect(text).toContain('#   a.py and 2 more: same\n#   d.py:3, e.py: other\n');
  });

  test('many doubts and much data are bounded, and said', async () => {
    const result = await found({
      ...Object.fromEntries(Array.from({ length: 130 }, (_, at) => [`data/${at}.csv`, ''])),
      Makefile: Array.from({ length: 80 }, (_, at) => `x${at}.csv: ; echo $(shell ${at}) > $@\n`).join(''),
    });
    expect(result.data).toHaveLength(100);
    expect(doubtsOf(result)).toContain(
      'holdfast.yaml: names 100 of 130 files of data: name the folder that holds them',
    );
    const text = configurationText('demo', result);
    expect(text).toContain('#   and 31 more\n');
    parseConfiguration(text);
  });
});

test('a link is not followed out of the project, and a hidden folder is not looked into', async () => {
  const { symlinkSync } = await import('node:fs');
  const outside = repository({ 'train.py': 'open("x.txt", "w")\n', 'big.csv': '' });
  const folder = repository({
    '.hidden/train.py': '',
    'node_modules/m/train.py': '',
    'env/pyvenv.cfg': '',
    'env/train.py': '',
  });
  symlinkSync(join(outside, 'train.py'), join(folder, 'train.py'));
  symlinkSync(outside, join(folder, 'src'));
  const { lookAround } = await import('../src/adopt/look-around.ts');
  const result = await lookAround(folder, { searchPath: '' });
  expect([result.stages, result.data]).toEqual([[], []]);
  symlinkSync(join(outside, 'big.csv'), join(folder, 'dvc.yaml'));
  expect((await lookAround(folder, { searchPath: '' })).stages).toEqual([]);
  expect(statSync(join(folder, 'train.py')).isFile()).toBe(true);
});
