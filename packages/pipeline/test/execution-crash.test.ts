import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { recoverRuns } from '../src/execution/recovery.ts';
import { crash, type Moment, type Victim } from './execution-crash.ts';
import { needs, newProject, readGeneration, remove, writeGeneration } from './execution-scene.ts';

const moments: readonly (readonly [Moment, Moment])[] = [
  [
    { phase: 'start', ms: 120 },
    { phase: 'prepare', ms: 2 },
  ],
  [
    { phase: 'command', ms: 60 },
    { phase: 'writing', ms: 70 },
  ],
  [
    { phase: 'writing', ms: 10 },
    { phase: 'finish', ms: 3 },
  ],
];

const whole = ['old old old old', 'new new new new'];

test('an undisturbed run commits, and everything it left running is gone', async (context) => {
  needs(context, process.platform === 'linux', '/proc');
  const { generation, left, said, again } = await crash('parent', { phase: 'finish', ms: 20_000 });
  expect({ generation, left, said, again }).toEqual({
    generation: 'new new new new',
    left: [],
    said: '"committed"',
    again: 0,
  });
});

test('a run whose supervisor is killed is undone by its parent', async (context) => {
  needs(context, process.platform === 'linux', '/proc');
  const { generation, left, said } = await crash('supervisor', { phase: 'writing', ms: 20 });
  expect(left).toEqual([]);
  expect(whole).toContain(generation);
  expect(['"HF_RUN_INTERRUPTED"', '"committed"']).toContain(said);
  if (said === '"HF_RUN_INTERRUPTED"') expect(generation).toBe('old old old old');
});

test.for([0, 60])(
  'when the parent is killed %i ms into the writing, the supervisor alone puts all right',
  async (ms, context) => {
    needs(context, process.platform === 'linux', '/proc');
    const { generation, left, again } = await crash('alone', { phase: 'writing', ms });
    expect({ generation, left, again }).toEqual({ generation: 'old old old old', left: [], again: 0 });
  },
);

test('a commit that is killed while it drops the old outputs stays a commit', async () => {
  const project = newProject();
  const runFolder = join(project, '.holdfast/runs/r1');
  writeGeneration(project, 'old');
  // enough that the deletion can be caught in the middle
  for (let file = 0; file < 2000; file++) writeFileSync(join(project, 'folder', String(file)), '');
  const source = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
  const program = `import { commitOutputs, prepareOutputs } from ${source('../src/execution/outputs.ts')};
    import { outputs, writeGeneration } from ${source('./execution-scene.ts')};
    await prepareOutputs(outputs, process.argv[1] + '/.holdfast/runs/r1');
    writeGeneration(process.argv[1], 'new');
    console.log('commit');
    await commitOutputs(process.argv[1] + '/.holdfast/runs/r1');`;
  const flags = ['--conditions=source', '--input-type=module-typescript', '-e', program, project];
  const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  while (existsSync(join(runFolder, 'previous/0'))) await setImmediate();
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(join(runFolder, 'previous/2'))).toBe(true);
  expect(await recoverRuns(project)).toMatchObject([{ finished: 'committed' }]);
  expect(readGeneration(project)).toBe('new new new new');
  remove(project);
});

test.for<Victim>(['parent', 'supervisor', 'both', 'recovery'])(
  'killing the %s at any moment leaves the old outputs or the new ones, never a mix, and no process',
  async (victim, context) => {
    needs(context, process.platform === 'linux', '/proc');
    // two at a time
    for (const [one, other] of moments) {
      const both = await Promise.all([crash(victim, one, 70), crash(victim, other, 90)]);
      for (const { generation, left, again } of both) {
        expect(left).toEqual([]);
        expect(whole).toContain(generation);
        expect(again).toBe(0);
      }
    }
  },
);
