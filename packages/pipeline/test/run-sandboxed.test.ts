import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { evidenceAs, type RunPredicate } from '@holdfast/evidence';
import { newTestProject, type TestProject, tinyFiles, tinyYaml } from '@holdfast/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { eventually, needs } from './execution-scene.ts';
import { failureOf } from './failure-of.ts';

const bubblewrap = existsSync('/usr/bin/bwrap');
beforeEach((context) => {
  needs(context, bubblewrap, 'bwrap');
});

async function newest(test: TestProject, stage: string): Promise<RunPredicate> {
  const runs = (await test.view()).evidence.flatMap((piece) => evidenceAs('run', piece)?.statement.predicate ?? []);
  const run = runs.findLast(({ buildDefinition }) => buildDefinition.externalParameters.stage === stage);
  if (run === undefined) throw new Error(`\`${stage}\` has no run`);
  return run;
}

/** One stage `look` with a command of the test. */
function oneStage(command: string, more = ''): Promise<TestProject> {
  const yaml = `project: tiny
ledger: tiny.example
stages:
  look:
    command: ${JSON.stringify(command)}
    toolchain: [sh]
    inputs: [data/in.txt]
    outputs: [out/result.txt]
${more}`;
  return newTestProject({ yaml, files: { 'data/in.txt': 'input\n', 'secret.txt': 'CANARY-project\n' } });
}

const runsIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
const sandboxed = { isolation: 'sandbox' } as const;

describe('a stage in the sandbox', () => {
  test('the tiny pipeline runs, its outputs are where they belong, and evidence says how', async () => {
    const project = await newTestProject({ yaml: tinyYaml, files: tinyFiles() });
    const outcome = await project.run(sandboxed);
    expect(outcome.stages.map(({ status, error }) => [status, error])).toEqual([
      ['ran', undefined],
      ['ran', undefined],
      ['ran', undefined],
    ]);
    expect(project.read('build/test.csv')).toBe('15,1\n16,0\n17,1\n18,0\n19,1\n');
    const { internalParameters } = (await newest(project, 'train')).buildDefinition;
    expect(internalParameters.isolation).toMatchObject({
      level: 'sandbox',
      demanded: { level: 'sandbox', by: '--isolation' },
      asked: { network: 'none' },
      enforced: { network: 'none', gpu: 'none' },
      notEnforced: [],
    });
    const left = readdirSync(project.path('.holdfast/runs')).filter((name) => !name.startsWith('lock'));
    expect(left.flatMap((name) => readdirSync(project.path(`.holdfast/runs/${name}`)))).toEqual([]);
    // what is current in the sandbox stays so
    expect((await project.run(sandboxed)).stages.map(({ status }) => status)).toEqual([
      'current',
      'current',
      'current',
    ]);
  });

  test('it sees its inputs, and neither the project beside them, nor home, nor the environment', async () => {
    const canary = join(homedir(), `.holdfast-canary-${process.pid}`);
    writeFileSync(canary, 'CANARY-home');
    process.env['HOLDFAST_TEST_CANARY'] = 'CANARY-environment';
    const project = await oneStage(
      `mkdir -p out; cat data/in.txt > out/result.txt; cat secret.txt ${canary} holdfast.yaml .holdfast/keys/* >> out/result.txt; env >> out/result.txt; ls >> out/result.txt; true`,
    );
    try {
      expect((await project.run(sandboxed)).stages[0]).toMatchObject({ status: 'ran' });
      const text = project.read('out/result.txt');
      expect(text).toContain('input\n');
      expect(text).toMatch(/^data\nout$/m);
      expect(text).not.toMatch(/CANARY|secret\.txt|ledger: tiny/);
    } finally {
      delete process.env['HOLDFAST_TEST_CANARY'];
      rmSync(canary);
    }
  });

  test('what it writes beside its outputs is dropped, and said', async () => {
    const project = await oneStage('mkdir -p out; echo 1 > out/result.txt; echo 2 > out/other.txt; echo 3 > top.txt');
    const { stages } = await project.run(sandboxed);
    expect(stages[0]?.run?.undeclared).toEqual(['out/other.txt', 'top.txt']);
    expect((await newest(project, 'look')).runDetails.holdfast_outcome['undeclared']).toEqual([
      'out/other.txt',
      'top.txt',
    ]);
    expect([existsSync(project.path('top.txt')), readdirSync(project.path('out'))]).toEqual([false, ['result.txt']]);
  });

  test('an output under another name is named, kept for a look, and the old output is back', async () => {
    const project = await oneStage('mkdir -p out; echo new > out/results.txt');
    project.write('out/result.txt', 'old');
    const [outcome] = (await project.run(sandboxed)).stages;
    expect(failureOf(outcome?.error)).toMatchObject({ code: 'HF_RUN_OUTPUT_MISSING' });
    expect(outcome?.error?.message).toContain('`out/results.txt`');
    const kept = /what it wrote is in (\S+) until/.exec(failureOf(outcome?.error).fix)?.[1] ?? '';
    expect(readFileSync(join(project.path(kept), 'out/results.txt'), 'utf8')).toBe('new\n');
    expect(project.read('out/result.txt')).toBe('old');
  });

  test('a link in place of an output is refused, and nothing is adopted', async () => {
    const project = await oneStage('mkdir -p out; ln -s /etc/passwd out/result.txt');
    const [outcome] = (await project.run(sandboxed)).stages;
    expect(failureOf(outcome?.error).code).toBe('HF_SANDBOX_OUTPUT');
    expect(existsSync(project.path('out/result.txt'))).toBe(false);
  });

  test('an input that somebody swaps and swaps back during the run makes it count for nothing', async () => {
    const wait = 'while [ ! -e /proc/self/fd/99 ] && [ $i -lt 40 ]; do i=$((i+1)); sleep 0.05; done';
    const project = await oneStage(`i=0; ${wait}; mkdir -p out; cat data/in.txt > out/result.txt`);
    const swapped = project.run(sandboxed);
    const runs = project.path('.holdfast/runs');
    const began = await eventually(
      () => runsIn(runs).some((name) => existsSync(join(runs, name, 'staging/out'))),
      60_000,
    );
    expect(began).toBe(true);
    renameSync(project.path('data/in.txt'), project.path('data/kept'));
    project.write('data/in.txt', 'swapped\n');
    renameSync(project.path('data/kept'), project.path('data/in.txt'));
    const [outcome] = (await swapped).stages;
    expect(failureOf(outcome?.error).code).toBe('HF_RUN_INPUT_CHANGED');
    expect(project.read('data/in.txt')).toBe('input\n');
    expect(existsSync(project.path('out/result.txt'))).toBe(false);
  });

  test('limits are enforced as far as the machine can, and evidence holds both', async () => {
    const limits = '    sandbox: { memory: 1GiB, processes: 100, files: 64, output: 1kB, time: 20s }\n';
    const project = await oneStage('mkdir -p out; ulimit -n > out/result.txt', limits);
    // limits ask for a sandbox by themselves
    expect((await project.run({ isolation: undefined })).stages[0]).toMatchObject({ status: 'ran' });
    expect(project.read('out/result.txt')).toBe('64\n');
    const { isolation } = (await newest(project, 'look')).buildDefinition.internalParameters;
    expect(isolation).toMatchObject({
      level: 'sandbox',
      demanded: { level: 'sandbox', by: 'look' },
      asked: { memory: 2 ** 30, processes: 100, files: 64, output: 1000, time: 20_000 },
    });
    project.edit('holdfast.yaml', 'ulimit -n >', 'head -c 2000 /dev/zero >');
    const [outcome] = (await project.run({ isolation: undefined })).stages;
    expect(['HF_STAGE_FAILED', 'HF_SANDBOX_OUTPUT_LIMIT']).toContain(failureOf(outcome?.error).code);
    expect(project.read('out/result.txt')).toBe('64\n');
  });
});

describe('an isolation that is demanded', () => {
  const demanding =
    '@id("boxed") forbid (principal, action, resource) unless { resource has provenance && resource.provenance.isolationLevel >= 1 };';

  test('a run that was not confined is due again when a policy demands it', async () => {
    const project = await newTestProject({ yaml: tinyYaml, files: tinyFiles() });
    await project.run({ isolation: 'none' });
    project.write('policy/production.cedar', `${project.read('policy/production.cedar')}\n${demanding}\n`);
    await expect(project.run({ isolation: 'none' })).resolves.toMatchObject({
      stages: [{ status: 'failed', error: { code: 'HF_ISOLATION_DEMANDED' } }, { status: 'blocked' }, {}],
    });
    const { stages } = await project.run({ isolation: undefined });
    expect(stages[1]).toMatchObject({
      status: 'ran',
      reason: 'it ran with isolation `none`, and `sandbox` is demanded',
    });
    expect((await project.ask()).decision.reasons.map(({ policy }) => policy)).not.toContain('boxed');
  });

  test('where it cannot be had, nothing runs, and the reason and the command that helps are told', async () => {
    const project = await newTestProject({ yaml: tinyYaml, files: tinyFiles() });
    project.write('policy/production.cedar', `${project.read('policy/production.cedar')}\n${demanding}\n`);
    const [outcome] = (await project.run({ isolation: undefined, bubblewrap: '/nowhere/bwrap' })).stages;
    expect(failureOf(outcome?.error)).toMatchObject({ code: 'HF_ISOLATION_UNAVAILABLE', exit: 3 });
    expect(outcome?.error?.message).toContain('bubblewrap is not installed');
    expect(failureOf(outcome?.error).fix).toMatch(/install/);
    expect(existsSync(project.path('build/train.csv'))).toBe(false);
  });

  test('nobody demands it: it runs without, and says why', async () => {
    const project = await newTestProject({ yaml: tinyYaml, files: tinyFiles() });
    const { stages } = await project.run({ isolation: undefined, bubblewrap: '/nowhere/bwrap' });
    expect(stages[0]?.run).toMatchObject({
      shortfall: 'bubblewrap is not installed',
      result: { enforcement: { level: 'none' } },
    });
  });
});

test('the folder of a run is nobody else’s', async () => {
  const project = await oneStage('mkdir -p out; sleep 0.5; echo 1 > out/result.txt');
  const running = project.run(sandboxed);
  const runs = project.path('.holdfast/runs');
  const found = (): string | undefined => runsIn(runs).find((name) => existsSync(join(runs, name, 'staging')));
  expect(await eventually(() => found() !== undefined, 60_000)).toBe(true);
  expect(statSync(join(runs, found() ?? '')).mode & 0o077).toBe(0);
  expect((await running).stages[0]?.status).toBe('ran');
});
