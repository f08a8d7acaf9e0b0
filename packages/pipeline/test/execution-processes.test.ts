import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { carries, identify, isAlive, parseStat, readProcess } from '../src/execution/processes.ts';
import { needs } from './execution-scene.ts';

test('a line of /proc/PID/stat, with a name made to deceive', () => {
  // proc_pid_stat(5): (3) state (4) ppid (5) pgrp (6) session … (14) utime (15) stime (16) cutime (17) cstime … (22) starttime
  const line =
    '77 (a) Z 1 (b) S 10 20 30 0 -1 4194560 1 2 3 4 500 60 7000 800 20 0 1 0 987654 4096 5 18446744073709551615';
  expect(parseStat(line)).toEqual({
    pid: 77,
    parent: 10,
    group: 20,
    session: 30,
    ended: false,
    ticks: 560,
    childTicks: 7800,
    start: 987654,
  });
  expect(parseStat(line.replace(') S 10', ') Z 10'))?.ended).toBe(true);
});

test('whatever the line, a whole state or none', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('1', ' ', ')', '(', 'S', '-', 'é', '\n'), maxLength: 120 }),
      (line) => {
        const state = parseStat(line);
        if (state !== undefined) expect(Object.values(state).some(Number.isNaN)).toBe(false);
      },
    ),
    { numRuns: 1000 },
  );
});

test('the leader of a new session, as setsid(2) defines it', async (context) => {
  needs(context, process.platform === 'linux', '/proc');
  const child = spawn('sleep', ['60'], { detached: true });
  await once(child, 'spawn');
  const { pid } = child;
  expect(readProcess(pid!)).toMatchObject({ pid, parent: process.pid, group: pid, session: pid, ended: false });
  child.kill('SIGKILL');
  expect(readProcess(2 ** 22 + 1)).toBeUndefined();
});

test('a marker counts as a whole, not as a beginning or an end', async (context) => {
  needs(context, process.platform === 'linux', '/proc');
  const child = spawn('sleep', ['60'], { env: { HOLDFAST_RUN: 'r1', OTHER: 'HOLDFAST_RUN=r2' } });
  await once(child, 'spawn');
  const has = (id: string): boolean => carries(child.pid!, 'HOLDFAST_RUN', id);
  expect([has('r1'), has('r'), has('r12'), has('r2'), carries(child.pid!, 'RUN', 'r1')]).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  child.kill('SIGKILL');
});

test('an identity ends with its process', async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const identity = identify(child.pid!)!;
  expect(identity).toMatchObject({ pid: child.pid, host: hostname() });
  expect(isAlive(identity)).toBe(true);
  expect(isAlive({ ...identity, start: `${identity.start}0` })).toBe(false);
  expect(isAlive({ ...identity, host: 'elsewhere' })).toBe('unknown');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isAlive(identity)).toBe(false);
});
