import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PipelineError, type PipelineErrorCode } from '../src/errors.ts';
import { readJournal } from '../src/execution/journal.ts';
import { acquireRunLock } from '../src/execution/lock.ts';
import {
  commitOutputs,
  prepareOutputs,
  requireOutputs,
  requireSameInputs,
  restoreOutputs,
} from '../src/execution/outputs.ts';
import { recoverRuns } from '../src/execution/recovery.ts';
import { needs, newProject, outputs, readGeneration, remove, writeGeneration } from './execution-scene.ts';

let project = '';
let runFolder = '';
beforeEach(() => {
  project = newProject();
  runFolder = join(project, '.holdfast/runs/r1');
});
afterEach(() => {
  remove(project);
});

async function raised(code: PipelineErrorCode, act: () => unknown): Promise<PipelineError> {
  const error: unknown = await Promise.resolve()
    .then(act)
    .then(
      () => 'nothing thrown',
      (thrown: unknown) => thrown,
    );
  expect(error).toBeInstanceOf(PipelineError);
  expect(error).toMatchObject({ code });
  return error as PipelineError;
}

const old = 'old old old old';
const fresh = 'new new new new';
const none = '- - - -';

test('prepare moves the outputs aside and makes the folders above them', async () => {
  writeGeneration(project, 'old');
  await prepareOutputs([...outputs, 'deep/er/file'], runFolder);
  expect(readGeneration(project)).toBe(none);
  expect(readdirSync(join(project, 'deep/er'))).toEqual([]);
  expect(readJournal(runFolder)).toMatchObject({
    run: 'r1',
    state: 'open',
    owner: { pid: process.pid, host: hostname() },
    outputs: [
      { path: 'single.txt', existed: true },
      { path: 'build/inner.txt', existed: true },
      { path: 'folder', existed: true },
      { path: 'deep/er/file', existed: false },
    ],
  });
});

test('commit keeps the new outputs and drops the old', async () => {
  writeGeneration(project, 'old');
  await prepareOutputs(outputs, runFolder);
  writeGeneration(project, 'new');
  await commitOutputs(runFolder);
  expect(readGeneration(project)).toBe(fresh);
  expect(readdirSync(dirname(runFolder))).toEqual(['r1']);
  expect(readdirSync(runFolder)).toEqual([]);
  expect(await restoreOutputs(runFolder)).toBe('nothing');
  expect(readGeneration(project)).toBe(fresh);
});

test('restore brings the old outputs back, and keeps the half-written ones beside', async () => {
  writeGeneration(project, 'old');
  await prepareOutputs(outputs, runFolder);
  writeGeneration(project, 'half');
  expect(await restoreOutputs(runFolder)).toBe('restored');
  expect(readGeneration(project)).toBe(old);
  expect(readFileSync(join(runFolder, 'failed/0'), 'utf8')).toBe('half');
  expect(readdirSync(join(runFolder, 'failed/2')).sort()).toEqual(['one', 'two']);
  expect(await restoreOutputs(runFolder)).toBe('nothing');
});

test('restore without an old output leaves none, and may delete what failed', async () => {
  await prepareOutputs(outputs, runFolder);
  writeGeneration(project, 'half');
  expect(await restoreOutputs(runFolder, { keepFailed: false })).toBe('restored');
  expect(readGeneration(project)).toBe(none);
  expect(readdirSync(runFolder)).toEqual([]);
});

test('commit refuses when an output is missing, and changes nothing', async () => {
  writeGeneration(project, 'old');
  await prepareOutputs(outputs, runFolder);
  writeFileSync(join(project, 'single.txt'), 'new');
  expect((await raised('HF_RUN_OUTPUT_MISSING', () => commitOutputs(runFolder))).where).toBe('build/inner.txt');
  expect(await restoreOutputs(runFolder)).toBe('restored');
  expect(readGeneration(project)).toBe(old);
});

/**
 * Every state that a crash can leave, made by hand: per output whether there was an old one, how far prepare came
 * (0 to 3 moved aside), what the command wrote, and how far an earlier restoration came.
 */
test('after a crash anywhere in prepare, command or restore, restoring brings the old outputs back', async () => {
  const states = fc.record({
    existed: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    aside: fc.integer({ min: 0, max: 3 }),
    written: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    restored: fc.integer({ min: 0, max: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(states, async ({ existed, aside, written, restored }) => {
      const here = newProject();
      const folder = join(here, '.holdfast/runs/r1');
      const paths = outputs.map((output) => join(here, output));
      for (const path of paths) mkdirSync(dirname(path), { recursive: true });
      for (const [index, path] of paths.entries()) if (existed[index]) writeFileSync(path, 'old');
      await prepareOutputs(outputs, folder);
      const previous = (index: number): string => join(folder, 'previous', String(index));
      // undo the moves that had not been made when it crashed: then the command has not begun
      for (let index = aside; index < 3; index++) if (existed[index]) renameSync(previous(index), paths[index]!);
      for (const [index, path] of paths.entries()) if (aside === 3 && written[index]) writeFileSync(path, 'half');
      // the first steps of a restoration, two per output
      mkdirSync(join(folder, 'failed'));
      for (let step = 0; step < restored; step++) {
        const index = Math.floor(step / 2);
        const isAside = existsSync(previous(index));
        if (step % 2 === 1 && isAside) renameSync(previous(index), paths[index]!);
        const isNew = existsSync(paths[index]!) && (isAside || !existed[index]);
        if (step % 2 === 0 && isNew) renameSync(paths[index]!, join(folder, 'failed', String(index)));
      }
      expect(await restoreOutputs(folder)).toBe('restored');
      const found = paths.map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : null));
      expect(found).toEqual(existed.map((was) => (was ? 'old' : null)));
      remove(here);
    }),
    { numRuns: 60 },
  );
});

test.for([
  '/etc/passwd',
  '../outside',
  'a/../../b',
  'a//b',
  './a',
  '',
  '.',
  '.holdfast/ledger',
  'a\0b',
  'x'.repeat(5000),
])('the output %j is refused', async (output) => {
  await raised('HF_PATH_OUTSIDE', () => prepareOutputs([output], runFolder));
});

test('an output behind a link is refused, also when the command made the link', async () => {
  const elsewhere = newProject();
  symlinkSync(elsewhere, join(project, 'link'));
  await raised('HF_PATH_OUTSIDE', () => prepareOutputs(['link/file'], runFolder));
  expect(readJournal(runFolder)).toBeUndefined();
  writeGeneration(project, 'old');
  await prepareOutputs(outputs, runFolder);
  writeGeneration(project, 'new');
  rmSync(join(project, 'build'), { recursive: true });
  symlinkSync(elsewhere, join(project, 'build'));
  writeFileSync(join(elsewhere, 'inner.txt'), 'foreign');
  await raised('HF_PATH_OUTSIDE', () => commitOutputs(runFolder));
  await raised('HF_PATH_OUTSIDE', () => restoreOutputs(runFolder));
  expect(readFileSync(join(elsewhere, 'inner.txt'), 'utf8')).toBe('foreign');
  rmSync(join(project, 'build'));
  expect(await restoreOutputs(runFolder)).toBe('restored');
  expect(readGeneration(project)).toBe(old);
  remove(elsewhere);
});

test('outputs that overlap are refused; names that only begin alike are not', async () => {
  await raised('HF_STAGE_OUTPUT_SHARED', () => prepareOutputs(['a/b', 'c', 'a'], runFolder));
  await raised('HF_STAGE_OUTPUT_SHARED', () => prepareOutputs(['a', 'a'], runFolder));
  await prepareOutputs(['a', 'a.b', 'a-b'], runFolder);
});

test('a run folder is used once, and lies where runs lie', async () => {
  await prepareOutputs([], runFolder);
  await raised('HF_RUN_IN_PROGRESS', () => prepareOutputs([], runFolder));
  await raised('HF_RUN_RECOVERY', () => prepareOutputs([], join(project, 'r1')));
  await raised('HF_RUN_RECOVERY', () => commitOutputs(join(project, '.holdfast/runs/other')));
});

test('missing outputs and changed inputs are named', async () => {
  writeFileSync(join(project, 'there'), '');
  requireOutputs(['there'], project);
  await raised('HF_RUN_OUTPUT_MISSING', () => {
    requireOutputs(['there', 'gone'], project);
  });
  requireSameInputs(new Map([['a', '1']]), new Map([['a', '1']]));
  const cases = [
    [new Map([['a', '1']]), new Map([['a', '2']]), 'the input `a` changed during the run'],
    [new Map([['a', '1']]), new Map<string, string>(), 'the input `a` vanished during the run'],
    [new Map<string, string>(), new Map([['a', '1']]), 'the input `a` appeared during the run'],
  ] as const;
  for (const [before, after, message] of cases) {
    const error = await raised('HF_RUN_INPUT_CHANGED', () => {
      requireSameInputs(before, after);
    });
    expect(error).toMatchObject({ message, where: 'a', exit: 1 });
  }
});

/** Rewrites the owner of a journal, as if another process had written it. */
function reown(owner: Record<string, unknown>): void {
  const path = `${runFolder}.journal`;
  const journal = JSON.parse(readFileSync(path, 'utf8')) as { owner: object };
  writeFileSync(path, JSON.stringify({ ...journal, owner: { ...journal.owner, ...owner } }));
}

test('a run whose owner lives is in progress, and its pid is named', async () => {
  writeGeneration(project, 'old');
  await prepareOutputs(outputs, runFolder);
  const error = await raised('HF_RUN_IN_PROGRESS', () => recoverRuns(project));
  expect(error.message).toContain(`\`${process.pid}\``);
  expect(readGeneration(project)).toBe(none);
});

test('a later holder of the same pid, or the same pid before a restart of the machine, is not the owner', async (context) => {
  needs(context, process.platform === 'linux', '/proc');
  writeGeneration(project, 'old');
  for (const owner of [{ start: '1' }, { boot: 'another' }]) {
    await prepareOutputs(outputs, runFolder);
    writeGeneration(project, 'half');
    reown(owner);
    expect(await recoverRuns(project)).toEqual([{ runId: 'r1', finished: 'restored', killed: 0 }]);
    expect(readGeneration(project)).toBe(old);
  }
});

test('a run of another host is left alone until somebody says that it is over', async () => {
  await prepareOutputs(outputs, runFolder);
  reown({ host: 'elsewhere' });
  expect((await raised('HF_RUN_IN_PROGRESS', () => recoverRuns(project))).message).toContain('`elsewhere`');
  expect(await recoverRuns(project, { foreign: 'recover' })).toMatchObject([{ finished: 'restored' }]);
});

test('a commit that was cut short is completed', async () => {
  writeGeneration(project, 'old');
  await prepareOutputs(outputs, runFolder);
  writeGeneration(project, 'new');
  const path = `${runFolder}.journal`;
  writeFileSync(path, readFileSync(path, 'utf8').replace('"open"', '"committed"'));
  rmSync(join(runFolder, 'previous/0'));
  reown({ start: '1' });
  expect(await recoverRuns(project)).toMatchObject([{ finished: 'committed' }]);
  expect(readGeneration(project)).toBe(fresh);
  expect(existsSync(join(runFolder, 'previous'))).toBe(false);
});

test('recovery takes the lock, or uses the one it is given', async () => {
  expect(await recoverRuns(project)).toEqual([]);
  const lock = await acquireRunLock(project, { waitMs: 0 });
  const error = await raised('HF_RUN_IN_PROGRESS', () => acquireRunLock(project, { waitMs: 30 }));
  expect(error.message).toContain(`\`${process.pid}\``);
  await prepareOutputs([], runFolder);
  reown({ start: 'long ago' });
  expect(await recoverRuns(project, { lock })).toMatchObject([{ finished: 'restored' }]);
  lock.release();
  lock.release();
  (await acquireRunLock(project, { waitMs: 0 })).release();
});

test('a process that was killed holds no lock', async () => {
  const lock = new URL('../src/execution/lock.ts', import.meta.url).href;
  const program = `import { acquireRunLock } from ${JSON.stringify(lock)};
    await acquireRunLock(${JSON.stringify(project)}); process.kill(process.pid, 'SIGKILL');`;
  const flags = ['--conditions=source', '--input-type=module-typescript', '-e', program];
  expect(() => execFileSync(process.execPath, flags, { stdio: 'ignore' })).toThrow('Command failed');
  (await acquireRunLock(project, { waitMs: 0 })).release();
});

test('a lock that cannot be made says so', async () => {
  mkdirSync(join(project, '.holdfast/runs/lock'), { recursive: true });
  await raised('HF_RUN_RECOVERY', () => acquireRunLock(project, { waitMs: 0 }));
});

test.for([
  ['no JSON', '{'],
  ['another shape', '{"version":1}'],
  ['an array', '[]'],
  ['nothing', ''],
  ['an output outside', '"path":"../../victim"'],
  ['an absolute output', '"path":"/etc/passwd"'],
  ['another run', '"run":"r2"'],
  ['an unknown state', '"state":"done"'],
  ['an unknown version', '"version":2'],
  ['no pid', '"pid":-1'],
] as const)('a journal with %s is refused, and stays', async ([, text]) => {
  await prepareOutputs(['victim'], runFolder);
  const path = `${runFolder}.journal`;
  const key = /^"\w+":/.exec(text)?.[0];
  const sound = readFileSync(path, 'utf8');
  writeFileSync(path, key === undefined ? text : sound.replace(new RegExp(`${key}("[^"]*"|\\d+)`), text));
  expect(readFileSync(path, 'utf8')).not.toBe(sound);
  await raised('HF_RUN_RECOVERY', () => recoverRuns(project));
  expect(existsSync(path)).toBe(true);
});

test('a journal with any bytes changed is refused as a whole or read as another sound one', async () => {
  writeGeneration(project, 'old');
  await prepareOutputs(outputs, runFolder);
  const sound = readFileSync(`${runFolder}.journal`);
  const edit = fc.record({ at: fc.nat(sound.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), fc.nat(sound.length), (edits, length) => {
      const bytes = Buffer.from(sound.subarray(0, length === 0 ? sound.length : length));
      for (const { at, byte } of edits) if (at < bytes.length) bytes[at] = byte;
      writeFileSync(`${runFolder}.journal`, bytes);
      try {
        for (const { path } of readJournal(runFolder)?.outputs ?? []) expect(path).not.toMatch(/^\/|(^|\/)\.\.(\/|$)/);
      } catch (error) {
        if (!(error instanceof PipelineError)) throw error;
        expect(error.code).toBe('HF_RUN_RECOVERY');
      }
    }),
    { numRuns: 500 },
  );
});

test('a journal of unreasonable size is not read', async () => {
  await prepareOutputs([], runFolder);
  writeFileSync(`${runFolder}.journal`, ' '.repeat(5 << 20));
  expect((await raised('HF_RUN_RECOVERY', () => recoverRuns(project))).message).toContain('too large');
});
