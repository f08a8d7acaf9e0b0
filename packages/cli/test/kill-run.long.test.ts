import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { bin, needsBubblewrap, Scene } from './scene.ts';

const rounds = 200;
const scene = new Scene('sandbox');
afterAll(() => {
  scene.remove();
});
beforeEach((context) => {
  needsBubblewrap(context);
});

/** Two stages with limits, so that control groups are made; each writes one token to several outputs, slowly. */
const files = {
  'holdfast.yaml': `project: killed
ledger: killed.example
stages:
  first:
    command: sh make.sh first
    toolchain: [sh]
    inputs: [make.sh]
    outputs: [first, first.txt]
    sandbox: { memory: 256MiB, processes: 64, cpus: 1 }
  second:
    command: sh make.sh second
    toolchain: [sh]
    inputs: [make.sh, first]
    outputs: [second, second.txt]
    sandbox: { memory: 256MiB, processes: 64, cpus: 1 }
`,
  'make.sh': `token=$(cat /proc/sys/kernel/random/uuid)
mkdir $1; echo $token > $1/one; sleep 0.1
head -c 3000000 /dev/zero > $1/big
( sleep 30 & )
sleep 0.1; echo $token > $1/two; echo $token > $1.txt
`,
};

/** Whatever of the runs of a folder is in the machine: processes, mounts, control groups, temporary folders. */
function leftOf(folder: string, runs: readonly string[]): string[] {
  const processes = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    const environment = readQuietly(`/proc/${name}/environ`);
    return (
      runs.some((run) => environment.includes(`=${run}\0`)) || readQuietly(`/proc/${name}/cmdline`).includes(folder)
    );
  });
  const mounts = readQuietly('/proc/self/mountinfo')
    .split('\n')
    .filter((line) => line.includes(folder));
  const groups = ['memory', 'pids', 'cpu', 'cpu,cpuacct', ''].flatMap((name) =>
    groupsIn(join('/sys/fs/cgroup', name), 0),
  );
  const own = (name: string): boolean => runs.some((run) => name === `holdfast-${run}`);
  const temporary = readdirSync(tmpdir()).filter(own);
  const staged = runs.filter((run) => existsSync(join(folder, '.holdfast/runs', run, 'staging')));
  const journals = readdirSync(join(folder, '.holdfast/runs')).filter((name) => name.endsWith('.journal'));
  return [
    ...processes.map((pid) => `process ${pid}`),
    ...mounts.map((line) => `mount ${line}`),
    ...groups.filter(own).map((name) => `group ${name}`),
    ...temporary,
    ...staged,
    ...journals,
  ];
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function groupsIn(folder: string, depth: number): string[] {
  if (depth > 3 || !existsSync(folder)) return [];
  const names = readdirSync(folder).filter(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory() === true,
  );
  return [...names, ...names.flatMap((name) => groupsIn(join(folder, name), depth + 1))];
}

const runsOf = (folder: string): string[] =>
  readdirSync(join(folder, '.holdfast/runs')).filter((name) => /^(?:first|second)-[0-9a-f]{16}$/.test(name));

/** The outputs of a stage are one whole: the same token everywhere, all of the big file. */
function tokenOf(folder: string, stage: string): string {
  const tokens = [`${stage}/one`, `${stage}/two`, `${stage}.txt`].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  expect(new Set(tokens).size).toBe(1);
  expect(statSync(join(folder, stage, 'big')).size).toBe(3_000_000);
  return tokens[0] ?? '';
}

/** The runner itself, not the launcher that a checkout puts before it. */
function start(folder: string): ChildProcess {
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const main = join(dirname(bin), '../src/main.ts');
  return spawn(process.execPath, [...flags, main, 'run', '--force', '--quiet'], {
    cwd: folder,
    env: scene.environment(),
    stdio: 'ignore',
  });
}

test(`${rounds} times killing the runner at a random moment`, { timeout: 3_000_000 }, async () => {
  const folder = scene.folder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const made = await scene.type('holdfast init --yes && holdfast run', folder);
  expect(made.stderr + made.stdout).toContain('isolation: sandbox');
  const tally = { killed: 0, ended: 0, changed: 0 };
  for (let round = 0; round < rounds; round++) {
    const before = tokenOf(folder, 'first') + tokenOf(folder, 'second');
    const child = start(folder);
    const ended = once(child, 'exit');
    await Promise.race([sleep(Math.random() * 3000), ended]);
    tally[child.kill('SIGKILL') ? 'killed' : 'ended'] += 1;
    await ended;
    const next = await scene.type('holdfast run', folder);
    expect({ round, status: next.status, stderr: next.stderr }).toEqual({ round, status: 0, stderr: '' });
    const after = tokenOf(folder, 'first') + tokenOf(folder, 'second');
    if (after !== before) tally.changed += 1;
    expect({ round, left: leftOf(folder, runsOf(folder)) }).toEqual({ round, left: [] });
  }
  console.log(`moments of killing: ${JSON.stringify(tally)}`);
  expect(tally.killed).toBeGreaterThan(rounds / 2);
  expect((await scene.type('holdfast ledger fsck && holdfast ledger verify', folder)).status).toBe(0);
});
