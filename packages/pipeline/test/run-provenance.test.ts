import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { evidenceAs, type ReadEvidence, type RunPredicate } from '@holdfast/evidence';
import { newTestProject, type TestProject, temporaryFolder, tinyFiles, tinyYaml } from '@holdfast/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { version } from '../src/version.ts';

/** SHA-256 as another program computes it: coreutils, or Perl's `shasum` where there are none. */
function sha256sum(folder: string, ...files: string[]): Map<string, string> {
  const run = (command: string, args: string[]): string =>
    execFileSync(command, args, { cwd: folder, encoding: 'utf8' });
  let listing: string;
  try {
    listing = run('sha256sum', files);
  } catch {
    listing = run('shasum', ['-a', '256', ...files]);
  }
  return new Map(
    listing
      .trim()
      .split('\n')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
}

/** golang.org/x/mod/sumdb/dirhash Hash1 in hex, by the shell: the digest of the sorted listing of digests. */
function dirHash(test: TestProject, folder: string): string {
  const files = execFileSync('find', ['.', '-type', 'f'], { cwd: test.path(folder), encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((name) => name.slice(2))
    .sort();
  const listing = [...sha256sum(test.path(folder), ...files)].map(([name, hex]) => `${hex}  ${name}\n`).join('');
  const file = `${temporaryFolder()}/listing`;
  writeFileSync(file, listing);
  return sha256sum('/', file).get(file) ?? '';
}

/** The root digest of OpenSSF Model Signing v1 for a folder of one file: the digest of its raw digest. */
function rootOfOne(hex: string | undefined): string {
  const file = `${temporaryFolder()}/raw`;
  writeFileSync(file, Buffer.from(hex ?? '', 'hex'));
  return sha256sum('/', file).get(file) ?? '';
}

async function runsOf(test: TestProject, stage: string): Promise<ReadEvidence<RunPredicate>[]> {
  const runs = (await test.view()).evidence.flatMap((piece) => evidenceAs('run', piece) ?? []);
  return runs.filter(({ statement }) => statement.predicate.buildDefinition.externalParameters.stage === stage);
}

const inputsOf = (run: ReadEvidence<RunPredicate>): RunPredicate['buildDefinition']['resolvedDependencies'] =>
  run.statement.predicate.buildDefinition.resolvedDependencies.filter(
    ({ annotations }) => annotations?.kind !== 'toolchain',
  );

async function newest(test: TestProject, stage: string): Promise<ReadEvidence<RunPredicate>> {
  const run = (await runsOf(test, stage)).at(-1);
  if (run === undefined) throw new Error(`\`${stage}\` has no run`);
  return run;
}

describe('the provenance of a real run', () => {
  let project: TestProject;
  let before: number;
  let after: number;
  beforeAll(async () => {
    const yaml = tinyYaml
      .replace(
        'artifacts:',
        `sources:\n  bureau: { uri: "https://data.example/raw.csv", sha256: ${'a'.repeat(64)} }\nartifacts:`,
      )
      .replace('kind: dataset }', 'kind: dataset, source: bureau }')
      .replace(
        'command: sh train.sh',
        'command: sh train.sh; echo trained; echo careful >&2\n    parameters: { epochs: 5, rate: 0.5, deep: true, name: tiny }\n    toolchain: [sh, cksum]\n    sandbox: { memory: 2GiB, cpus: 1, time: 30s }',
      );
    const files = tinyFiles();
    project = await newTestProject({ yaml, files });
    const pinned = sha256sum(project.folder, 'data/raw.csv').get('data/raw.csv') ?? '';
    project.edit('holdfast.yaml', 'a'.repeat(64), pinned);
    before = Date.now();
    const outcome = await project.run();
    after = Date.now();
    expect(outcome.stages.map(({ stage, status }) => [stage, status])).toEqual([
      ['prepare', 'ran'],
      ['train', 'ran'],
      ['evaluate', 'ran'],
    ]);
    expect(outcome.recorded).toBe(5);
  });

  test('subjects are the outputs, by the digests that other programs compute', async () => {
    const { statement } = await newest(project, 'prepare');
    const listed = sha256sum(project.folder, 'build/train.csv', 'build/test.csv');
    expect(statement.subject).toEqual([...listed].map(([name, sha256]) => ({ name, digest: { sha256 } })));
    const model = (await newest(project, 'train')).statement.subject;
    const onnx = sha256sum(project.path('build/model'), 'model.onnx').get('model.onnx');
    expect(model).toEqual([
      {
        name: 'build/model',
        digest: { dirHash: dirHash(project, 'build/model'), sha256: rootOfOne(onnx) },
      },
    ]);
  });

  test('external parameters are what was asked for', async () => {
    const { externalParameters, buildType } = (await newest(project, 'train')).statement.predicate.buildDefinition;
    const onnx = sha256sum(project.path('build/model'), 'model.onnx').get('model.onnx');
    expect(buildType).toBe('https://holdfast.dev/run/v1');
    expect(externalParameters).toEqual({
      project: 'tiny',
      stage: 'train',
      owner: 'builder',
      command: 'sh train.sh; echo trained; echo careful >&2',
      parameters: { epochs: 5, rate: 0.5, deep: true, name: 'tiny' },
      outputs: [
        {
          path: 'build/model',
          artifact: 'model',
          kind: 'model',
          risk: 'medium',
          digest: {
            dirHash: dirHash(project, 'build/model'),
            sha256: rootOfOne(onnx),
          },
          files: [{ name: 'model.onnx', sha256: onnx }],
        },
      ],
    });
    const evaluate = (await newest(project, 'evaluate')).statement.predicate.buildDefinition.externalParameters;
    expect(evaluate['metrics']).toBe('build/metrics.json');
  });

  test('every input is there with its digest, its kind, and where it comes from', async () => {
    const listed = sha256sum(project.folder, 'build/train.csv', 'train.sh', 'base.onnx', 'data/raw.csv', 'prepare.sh');
    const digest = (name: string): { sha256: string | undefined } => ({ sha256: listed.get(name) });
    expect(inputsOf(await newest(project, 'train'))).toEqual([
      {
        name: 'build/train.csv',
        digest: digest('build/train.csv'),
        annotations: { kind: 'dataset', stage: 'prepare' },
      },
      { name: 'train.sh', digest: digest('train.sh'), annotations: { kind: 'code' } },
      { name: 'base.onnx', digest: digest('base.onnx'), annotations: { kind: 'model' } },
    ]);
    expect(inputsOf(await newest(project, 'prepare'))).toEqual([
      {
        name: 'data/raw.csv',
        uri: 'https://data.example/raw.csv',
        digest: digest('data/raw.csv'),
        annotations: { kind: 'dataset', artifact: 'raw' },
      },
      { name: 'prepare.sh', digest: digest('prepare.sh'), annotations: { kind: 'code' } },
    ]);
    const model = (await newest(project, 'evaluate')).statement.predicate.buildDefinition.resolvedDependencies[0];
    expect(model).toMatchObject({
      name: 'build/model',
      annotations: { kind: 'model', artifact: 'model', stage: 'train', files: [{ name: 'model.onnx' }] },
    });
    expect(model?.digest['dirHash']).toBe(dirHash(project, 'build/model'));
  });

  test('the toolchain is there, program by program', async () => {
    const { resolvedDependencies } = (await newest(project, 'train')).statement.predicate.buildDefinition;
    const programs = execFileSync('readlink', ['-f', '/bin/sh', '/usr/bin/cksum'], { encoding: 'utf8' })
      .trim()
      .split('\n');
    const listed = sha256sum('/', ...programs);
    for (const [at, name] of ['toolchain:sh', 'toolchain:cksum'].entries()) {
      const path = programs[at] ?? '';
      const found = resolvedDependencies.find((dependency) => dependency.name === name);
      expect(found).toMatchObject({ digest: { sha256: listed.get(path) }, annotations: { kind: 'toolchain', path } });
    }
  });

  test('internal parameters say that nothing was isolated, and on what machine', async () => {
    const { internalParameters } = (await newest(project, 'train')).statement.predicate.buildDefinition;
    expect(internalParameters).toMatchObject({
      isolation: { level: 'none' },
      toolchain: ['sh', 'cksum'],
      platform: { os: process.platform, architecture: process.arch },
    });
    expect(JSON.stringify(internalParameters)).toContain('notEnforced');
  });

  test('the run says when it was, what it wrote to its log and what it used', async () => {
    const { runDetails } = (await newest(project, 'train')).statement.predicate;
    const { invocationId, startedOn, finishedOn } = runDetails.metadata;
    expect(invocationId).toMatch(/^train-[0-9a-f]{16}$/);
    expect(Date.parse(startedOn)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(finishedOn)).toBeGreaterThanOrEqual(Date.parse(startedOn));
    expect(Date.parse(finishedOn)).toBeLessThanOrEqual(after);
    expect(runDetails.builder).toEqual({ id: 'https://holdfast.dev/builder/local', version: { holdfast: version } });
    const log = `.holdfast/logs/${invocationId}.log`;
    const sha256 = sha256sum(project.folder, log).get(log);
    expect(project.read(log).split('\n').toSorted()).toEqual(['', 'careful', 'trained']);
    expect(runDetails.byproducts).toEqual([
      {
        name: 'log',
        mediaType: 'text/plain',
        digest: { sha256 },
        annotations: { size: 'trained\ncareful\n'.length, truncated: false },
      },
    ]);
    const { trace, ...outcome } = runDetails.holdfast_outcome;
    expect(outcome).toEqual({ exitCode: 0, deleted: [], unchanged: [], anomalies: [], leftBehind: 0 });
    expect(trace).toMatchObject({ logBytes: 16, outputBytes: statSync(project.path('base.onnx')).size + 12 });
    expect(trace.wallMs).toBeGreaterThan(0);
  });

  test('it is signed by the builder, in that role', async () => {
    expect(await newest(project, 'train')).toMatchObject({
      signerName: 'builder',
      role: 'builder',
      origin: 'tiny.example',
    });
  });

  test('the metrics are evidence about the model, by the checker, and name their run', async () => {
    const reports = (await project.view()).evidence.flatMap((piece) => evidenceAs('check', piece) ?? []);
    const metrics = reports.find(({ statement }) => statement.predicate.check.name === 'metrics');
    const run = (await newest(project, 'evaluate')).statement.predicate.runDetails.metadata;
    expect(metrics).toMatchObject({ signerName: 'checker', role: 'checker' });
    expect(metrics?.statement.subject).toEqual([
      { name: 'build/model', digest: (await newest(project, 'train')).statement.subject[0]?.digest },
    ]);
    expect(metrics?.statement.predicate).toMatchObject({
      check: { name: 'metrics', options: { stage: 'evaluate', invocation: run.invocationId } },
      verdict: 'pass',
      origin: 'reported',
      metrics: { accuracy: 0.9, recall: 0.5 },
      coverage: { examined: 2, total: 2, left: [] },
      startedOn: run.startedOn,
      finishedOn: run.finishedOn,
    });
  });

  test('nothing of the run is left lying about', () => {
    expect(existsSync(project.path('.holdfast/runs'))).toBe(true);
    const left = readdirSync(project.path('.holdfast/runs'), { recursive: true, encoding: 'utf8' });
    expect(left.filter((name) => /previous|journal|failed/.test(name))).toEqual([]);
  });

  test('parameters reach the command through its environment', async () => {
    project.edit('holdfast.yaml', 'echo trained;', 'echo "$HOLDFAST_PARAMETERS";');
    await project.run({ stages: ['train'] });
    const { invocationId } = (await newest(project, 'train')).statement.predicate.runDetails.metadata;
    expect(JSON.parse(project.read(`.holdfast/logs/${invocationId}.log`).split('\n')[0] ?? '')).toEqual({
      epochs: 5,
      rate: 0.5,
      deep: true,
      name: 'tiny',
    });
  });
});

describe('what happened to the outputs', () => {
  test('a rewrite with the same bytes, a file that is gone and one that is new are recorded', async () => {
    const project = await newTestProject();
    await project.run();
    project.write('build/model/stale.txt', 'left from before');
    project.write('build/model/deep/old.bin', 'too');
    const { stages } = await project.run({ stages: ['train'] });
    expect(stages.find(({ stage }) => stage === 'train')).toMatchObject({
      status: 'ran',
      reason: '`build/model` is not what the stage wrote',
    });
    const { deleted, unchanged } = (await newest(project, 'train')).statement.predicate.runDetails.holdfast_outcome;
    expect(deleted.toSorted()).toEqual(['build/model/deep/old.bin', 'build/model/stale.txt']);
    expect(unchanged).toEqual([]);
    await project.run({ stages: ['prepare'], force: true });
    expect((await newest(project, 'prepare')).statement.predicate.runDetails.holdfast_outcome).toMatchObject({
      deleted: [],
      unchanged: ['build/train.csv', 'build/test.csv'],
    });
  });

  test('a file that becomes a folder, and a folder that becomes a file', async () => {
    const yaml =
      'project: tiny\nledger: tiny.example\nstages:\n  swap: { command: sh swap.sh, inputs: [swap.sh], outputs: [a, b] }\n';
    const project = await newTestProject({
      yaml,
      files: { 'swap.sh': 'mkdir a; echo 1 > a/in; echo 2 > b\n', a: 'was a file', 'b/x': '1', 'b/y/z': '2' },
    });
    await project.run();
    const { deleted, unchanged } = (await newest(project, 'swap')).statement.predicate.runDetails.holdfast_outcome;
    expect(deleted.toSorted()).toEqual(['a', 'b/x', 'b/y/z']);
    expect(unchanged).toEqual([]);
  });

  test('a stage does not see its old outputs', async () => {
    const yaml =
      'project: tiny\nledger: tiny.example\nstages:\n  grow: { command: "cat out >> seen 2>/dev/null; echo more >> out; mv seen out2 || :", outputs: [out, out2] }\n';
    const project = await newTestProject({ yaml, files: { out: 'old\n' } });
    const { stages } = await project.run();
    expect(stages[0]).toMatchObject({ status: 'ran' });
    expect(project.read('out')).toBe('more\n');
    expect(project.read('out2')).toBe('');
  });

  test('an input that is a link out of the project fails the stage', async () => {
    const project = await newTestProject();
    const outside = temporaryFolder();
    execFileSync('cp', [project.path('base.onnx'), `${outside}/base.onnx`]);
    execFileSync('rm', [project.path('base.onnx')]);
    symlinkSync(`${outside}/base.onnx`, project.path('base.onnx'));
    const { stages } = await project.run();
    expect(stages.find(({ stage }) => stage === 'train')).toMatchObject({
      status: 'failed',
      error: { code: 'HF_PATH_OUTSIDE' },
    });
  });
});
