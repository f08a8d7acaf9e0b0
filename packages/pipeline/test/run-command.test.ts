import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { evidenceAs, type RunPredicate } from '@holdfast/evidence';
import { temporaryFolder } from '@holdfast/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { findInputs } from '../src/command-inputs.ts';
import { openProject, verifyProject } from '../src/project.ts';
import { type CommandRun, type CommandWish, runSingleCommand } from '../src/run-command.ts';
import { needs } from './execution-scene.ts';
import { failureOf } from './failure-of.ts';

beforeEach((context) => {
  needs(context, existsSync('/usr/bin/bwrap'), 'bwrap');
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function run(folder: string, argv: CommandWish['argv'], more: Partial<CommandWish> = {}): Promise<CommandRun> {
  const usual = {
    inputs: [],
    outputs: [],
    toolchain: [],
    secrets: [],
    sandbox: {},
    signal: new AbortController().signal,
  };
  return runSingleCommand({ ...usual, argv, folder, ...more });
}

async function runsIn(folder: string): Promise<RunPredicate[]> {
  const view = await verifyProject(await openProject(folder));
  return view.evidence.flatMap((piece) => evidenceAs('run', piece)?.statement.predicate ?? []);
}

const sha256sum = (path: string): string => execFileSync('sha256sum', [path], { encoding: 'utf8' }).slice(0, 64);
const paths = (files: readonly { readonly path: string }[]): string[] => files.map(({ path }) => path);

describe('one command without a configuration', () => {
  test('it sees the files that are here, and what it writes beside them are its outputs', async () => {
    const folder = folderWith({ 'data/x.csv': '1\n', 'train.sh': 'mkdir build; cat data/x.csv > build/model\n' });
    const done = await run(folder, ['sh', 'train.sh', "it's"]);
    expect([paths(done.stage.inputs), paths(done.stage.outputs)]).toEqual([['data/x.csv', 'train.sh'], ['build']]);
    expect(readFileSync(join(folder, 'build/model'), 'utf8')).toBe('1\n');
    const [provenance] = await runsIn(folder);
    expect(provenance?.buildDefinition.externalParameters).toMatchObject({
      stage: 'sh-train.sh',
      command: "sh train.sh 'it'\\''s'",
    });
    expect(provenance?.buildDefinition.internalParameters.isolation.level).toBe('sandbox');
    const read = provenance?.buildDefinition.resolvedDependencies.filter(({ name }) => !name.startsWith('toolchain'));
    expect(read?.slice(0, 2).map(({ name, digest }) => [name, digest['sha256']])).toEqual([
      ['data/x.csv', sha256sum(join(folder, 'data/x.csv'))],
      ['train.sh', sha256sum(join(folder, 'train.sh'))],
    ]);
  });

  test('again, it does not see what it wrote before, and replaces it', async () => {
    const folder = folderWith({ 'train.sh': 'mkdir build; ls > build/seen; date +%N > build/$1\n' });
    await run(folder, ['sh', 'train.sh', 'one']);
    const again = await run(folder, ['sh', 'train.sh', 'one']);
    expect(paths(again.stage.outputs)).toEqual(['build']);
    expect(readFileSync(join(folder, 'build/seen'), 'utf8')).toBe('build\ntrain.sh\n');
    // another command adds to the folder and does not empty it
    const folders = await run(folder, ['sh', '-c', 'echo 2 > build/two']);
    expect(paths(folders.stage.outputs)).toEqual(['build/two']);
    expect(readdirSync(join(folder, 'build')).sort()).toEqual(['one', 'seen', 'two']);
  });

  test('secrets and links that lead out are not shown, and named', async () => {
    const folder = folderWith({
      '.env': 'KEY=CANARY',
      id_rsa: 'CANARY',
      'deep/server.pem': '-----BEGIN PRIVATE KEY-----\nCANARY',
      'a.txt': 'a',
      'cert.pem': '-----BEGIN CERTIFICATE-----',
    });
    execFileSync('ln', ['-s', '/etc/passwd', join(folder, 'link')]);
    const done = await run(folder, ['sh', '-c', 'cat a.txt .env id_rsa deep/* link > out.txt; true']);
    expect(done.left).toEqual(['.env', 'deep/server.pem', 'id_rsa', 'link']);
    expect(paths(done.stage.inputs)).toEqual(['a.txt', 'cert.pem']);
    const failed = await run(folder, ['sh', '-c', 'cat .env']).catch((error: unknown) => error);
    expect(failureOf(failed).fix).toContain('`.env`');
    expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toBe('a');
    const shown = await run(folder, ['sh', '-c', 'cat .env > shown.txt'], { inputs: ['.env'] });
    expect(readFileSync(join(folder, 'shown.txt'), 'utf8')).toBe('KEY=CANARY');
    expect(paths(shown.stage.inputs)).toEqual(['.env']);
  });

  test('what would make other programs act is dropped, and named', async () => {
    const folder = folderWith({ 'a.txt': 'a', '.git/config': '', 'policy/production.cedar': 'rules' });
    const write =
      'mkdir -p .git/hooks policy .venv/bin; for f in .git/hooks/pre-commit policy/x.cedar .venv/bin/python holdfast.yaml out.txt; do echo x > $f; done';
    const done = await run(folder, ['sh', '-c', write]);
    expect(paths(done.stage.outputs)).toEqual(['out.txt']);
    expect(done.undeclared).toEqual(['.git', '.venv', 'holdfast.yaml', 'policy/x.cedar']);
    for (const path of ['.git/hooks', '.venv', 'holdfast.yaml', 'policy/x.cedar']) {
      expect(existsSync(join(folder, path))).toBe(false);
    }
  });

  test('what it reads it cannot change, and the error says what to do', async () => {
    const folder = folderWith({ 'a.txt': 'a' });
    const failed = await run(folder, ['sh', '-c', 'echo b >> a.txt']).catch((error: unknown) => error);
    expect(failureOf(failed)).toMatchObject({ code: 'HF_STAGE_FAILED', exit: 1 });
    expect(failureOf(failed).fix).toContain('--output');
    expect((failed as Error).cause).toMatchObject({ status: 2 });
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('a');
    expect(await runsIn(folder)).toEqual([]);
  });

  test('in a folder below, it runs there', async () => {
    const folder = folderWith({ 'sub/here.txt': '' });
    await run(folder, ['sh', '-c', 'true']);
    const done = await run(join(folder, 'sub'), ['sh', '-c', 'pwd > where.txt']);
    expect(paths(done.stage.outputs)).toEqual(['sub/where.txt']);
    expect(readFileSync(join(folder, 'sub/where.txt'), 'utf8')).toBe(`${folder}/sub\n`);
  });

  test.each([
    [{ isolation: 'none' as const }, 'HF_RUN_UNDECLARED'],
    [{ inputs: ['../x'] }, 'HF_PATH_OUTSIDE'],
    [{ outputs: ['.holdfast/keys'] }, 'HF_PATH_OUTSIDE'],
    [{ sandbox: { memory: '4 big' } }, 'HF_CONFIG_INVALID'],
    [{ bubblewrap: '/nowhere/bwrap' }, 'HF_ISOLATION_UNAVAILABLE'],
    [{ toolchain: ['no-such-program'] }, 'HF_SANDBOX_TOOLCHAIN'],
  ])('%j is refused: %s', async (more, code) => {
    const folder = folderWith({ 'a.txt': 'a' });
    expect(failureOf(await run(folder, ['sh', '-c', 'echo > b.txt'], more).catch((error: unknown) => error)).code).toBe(
      code,
    );
    expect(existsSync(join(folder, 'b.txt'))).toBe(false);
  });
});

test('a folder of many files is shown as a whole, and too many are refused', () => {
  const folder = folderWith({ 'train.py': '' });
  for (let at = 0; at < 300; at++) {
    mkdirSync(join(folder, 'images'), { recursive: true });
    writeFileSync(join(folder, 'images', `${at}.png`), '');
  }
  expect(findInputs(folder, [])).toEqual({ inputs: ['images', 'train.py'], left: [] });
  writeFileSync(join(folder, 'images', 'server.key'), '');
  expect(findInputs(folder, []).inputs).toHaveLength(301);
  expect(findInputs(folder, []).left).toEqual(['images/server.key']);
});
