import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evidenceAs } from '@holdfast/evidence';
import { newTestProject, type TestProject, temporaryFolder, yamlOf } from '@holdfast/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PipelineError } from '../src/errors.ts';
import type { PipelineOutcome } from '../src/run-pipeline.ts';
import { filesWith, newCanary, tracesIn } from './canary.ts';

let canary = '';
let keyFile = '';
beforeEach(() => {
  canary = newCanary();
  keyFile = join(temporaryFolder(), 'key');
  writeFileSync(keyFile, `${canary}\n`, { mode: 0o600 });
  process.env['RUN_SECRETS_CANARY'] = canary;
});
afterEach(() => {
  delete process.env['RUN_SECRETS_CANARY'];
});

const secrets = (): object => ({ CANARY: { env: 'RUN_SECRETS_CANARY' }, KEY: { file: keyFile, as: 'file' } });

/** A project with one stage that has both secrets. */
function projectWith(command: string, more: object = {}): Promise<TestProject> {
  const stage = { command, owner: 'builder', outputs: ['out'], secrets: secrets(), ...more };
  return newTestProject({ yaml: yamlOf({ make: stage }) });
}

function codeOf({ stages }: PipelineOutcome): string {
  const error = stages[0]?.error;
  return error instanceof PipelineError ? error.code : String(error);
}

async function codeOfRun(project: TestProject): Promise<string> {
  return project.run().then(
    () => 'it ran',
    (error: unknown) => (error instanceof PipelineError ? error.code : String(error)),
  );
}

describe('a stage with secrets', () => {
  test('has them; its evidence says their names and how they were handed over, and nothing else', async () => {
    const check = 'test "$CANARY" = "$(cat "$KEY_FILE")" && test ${#CANARY} -gt 20 && echo yes > out';
    const project = await projectWith(`echo "$CANARY"; cat "$KEY_FILE" >&2; ${check}`);
    const { stages } = await project.run();
    expect(stages).toMatchObject([{ status: 'ran' }]);
    expect(project.read('out')).toBe('yes\n');
    const [run] = (await project.view()).evidence.flatMap((piece) => evidenceAs('run', piece) ?? []);
    expect(run?.statement.predicate.buildDefinition.internalParameters.secrets).toEqual([
      { name: 'CANARY', as: 'variable' },
      { name: 'KEY', as: 'file' },
    ]);
    expect(readFileSync(stages[0]?.run?.result.log.path ?? '', 'utf8')).toBe('[secret CANARY]\n[secret CANARY]\n');
    expect(filesWith(canary, project.folder)).toEqual([]);
    expect(tracesIn(JSON.stringify(stages), canary)).toEqual([]);
  });

  test('without secrets evidence says nothing of them', async () => {
    const project = await newTestProject({ yaml: yamlOf({ make: { command: 'echo > out', outputs: ['out'] } }) });
    await project.run();
    const [run] = (await project.view()).evidence.flatMap((piece) => evidenceAs('run', piece) ?? []);
    expect(run?.statement.predicate.buildDefinition.internalParameters).not.toHaveProperty('secrets');
  });

  test('stays current when its secrets change, or their declaration', async () => {
    const project = await projectWith('echo > out');
    expect((await project.run()).stages).toMatchObject([{ status: 'ran' }]);
    process.env['RUN_SECRETS_CANARY'] = newCanary();
    expect((await project.run()).stages).toMatchObject([{ status: 'current' }]);
    project.edit('holdfast.yaml', '"CANARY"', '"CANARY_2"');
    expect((await project.run()).stages).toMatchObject([{ status: 'current' }]);
    delete process.env['RUN_SECRETS_CANARY'];
    expect((await project.run()).stages).toMatchObject([{ status: 'current' }]);
  });
});

describe('before anything runs', () => {
  test('a secret of a later stage is missed, and the stages before it have not run', async () => {
    const project = await newTestProject({
      yaml: yamlOf({
        first: { command: 'echo > first', outputs: ['first'] },
        second: { command: 'echo > second', inputs: ['first'], outputs: ['second'], secrets: ['RUN_SECRETS_NOBODY'] },
      }),
    });
    expect(await codeOfRun(project)).toBe('HF_SECRET_MISSING');
    expect(existsSync(project.path('first'))).toBe(false);
    await project.run({ stages: ['first'] });
    expect(existsSync(project.path('first'))).toBe(true);
  });

  test.each([
    [
      'HF_SECRET_EXPOSED',
      () => {
        chmodSync(keyFile, 0o644);
      },
    ],
    [
      'HF_SECRET_WEAK',
      () => {
        writeFileSync(keyFile, 'password\n');
      },
    ],
    [
      'HF_SECRET_UNUSABLE',
      () => {
        writeFileSync(keyFile, canary.repeat(5000));
      },
    ],
  ] as const)('%s', async (code, spoil) => {
    const project = await projectWith('echo > out');
    spoil();
    expect(await codeOfRun(project)).toBe(code);
    expect(existsSync(project.path('out'))).toBe(false);
  });

  test('a secret that goes missing meanwhile fails its stage', async () => {
    const project = await newTestProject({
      yaml: yamlOf({
        first: { command: `rm '${keyFile}'; echo > first`, outputs: ['first'] },
        second: { command: 'echo > second', inputs: ['first'], outputs: ['second'], secrets: secrets() },
      }),
    });
    const { stages } = await project.run();
    expect(stages).toMatchObject([{ status: 'ran' }, { status: 'failed', error: { code: 'HF_SECRET_MISSING' } }]);
  });
});

describe('a secret in an output', () => {
  test.each([
    ['plain', 'printf "x%sx" "$CANARY" > out', 'out'],
    ['base64', 'printf "x%s" "$CANARY" | base64 > out', 'out'],
    ['in a file of a folder', 'mkdir -p out/a/b; echo fine > out/a/one; echo "$CANARY" > out/a/b/two', 'out/a/b/two'],
    ['behind 3 MiB of something else', 'head -c 3145700 /dev/zero > out; printf %s "$CANARY" >> out', 'out'],
  ])('%s: the run is refused, the old output comes back, and what was written is gone', async (_, command, where) => {
    const project = await projectWith('echo old > out');
    await project.run();
    project.edit('holdfast.yaml', 'echo old > out', JSON.stringify(command).slice(1, -1));
    const outcome = await project.run();
    expect(codeOf(outcome)).toBe('HF_SECRET_LEAKED');
    expect(outcome.stages[0]?.error?.message).toBe(`the output \`${where}\` holds the secret \`CANARY\``);
    expect(project.read('out')).toBe('old\n');
    expect(filesWith(canary, project.folder)).toEqual([]);
    expect((await project.view()).evidence.length).toBe(1);
  });

  test('in the name of a file: the message does not repeat it', async () => {
    const name = canary.replaceAll('/', '').slice(0, 20);
    process.env['RUN_SECRETS_CANARY'] = name;
    const project = await projectWith('mkdir out; echo x > "out/a-$CANARY.txt"');
    const outcome = await project.run();
    expect(codeOf(outcome)).toBe('HF_SECRET_LEAKED');
    expect(outcome.stages[0]?.error?.message).toBe('the output `out/a-[secret CANARY].txt` holds the secret `CANARY`');
  });

  test('in the metrics', async () => {
    const project = await projectWith('printf \'{"a": 1, "b": "%s"}\' "$CANARY" > m.json; echo > out', {
      metrics: 'm.json',
    });
    expect(codeOf(await project.run())).toBe('HF_SECRET_LEAKED');
    expect(filesWith(canary, project.folder)).toEqual([]);
  });

  test('of a command that failed: what holds it is deleted, the rest is kept for a look', async () => {
    const project = await projectWith('mkdir out; echo weights > out/model; echo "$CANARY" > out/config; exit 3');
    const outcome = await project.run();
    expect(codeOf(outcome)).toBe('HF_STAGE_FAILED');
    expect(filesWith(canary, project.folder)).toEqual([]);
    const [kept, gone] = ['model', 'config'].map((name) => filesNamed(project, name));
    expect(kept).toHaveLength(1);
    expect(gone).toEqual([]);
  });
});

function filesNamed(project: TestProject, name: string): string[] {
  const runs = project.path('.holdfast/runs');
  return readdirSync(runs, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith(`/failed/0/${name}`));
}
