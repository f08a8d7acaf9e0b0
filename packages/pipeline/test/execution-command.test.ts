import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PipelineError } from '../src/errors.ts';
import { type CommandRequest, type CommandResult, runCommand } from '../src/execution/command.ts';
import { temporaryFolder } from '../src/execution/environment.ts';
import { type Isolation, noIsolation } from '../src/execution/isolation.ts';
import { eventually, needs, newProject, newRunId, pidsWith, remove, requestIn } from './execution-scene.ts';

let project = '';
beforeEach(() => {
  project = newProject();
});
afterEach(() => {
  remove(project);
});

function run(command: string, more: Partial<CommandRequest> = {}): Promise<CommandResult> {
  return runCommand(requestIn(project, command, more));
}

function logOf(result: CommandResult): string {
  return readFileSync(result.log.path, 'utf8');
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing thrown',
    (error: unknown) => (error instanceof PipelineError ? error.code : String(error)),
  );
}

test('the environment is cleared: a canary of the parent is not seen, only what is declared', async () => {
  process.env['HOLDFAST_CANARY'] = 'yellow';
  const runId = newRunId();
  const result = await run('env | sort; ls -A "$HOME" "$TMPDIR"', { runId, environment: { SEED: '7', LANG: 'de_DE' } });
  delete process.env['HOLDFAST_CANARY'];
  const folder = temporaryFolder(runId);
  expect(logOf(result)).toBe(
    [
      `HOLDFAST_RUN=${runId}`,
      `HOME=${folder}/home`,
      'LANG=de_DE',
      `PATH=${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
      `PWD=${project}`,
      'SEED=7',
      `TMPDIR=${folder}/tmp`,
      'TZ=UTC',
      `${folder}/home:`,
      '',
      `${folder}/tmp:`,
      '',
    ].join('\n'),
  );
  expect(existsSync(folder)).toBe(false);
});

test.for([
  ['a name with =', { 'A=B': '' }],
  ['an empty name', { '': '' }],
  ['a NUL in a value', { A: 'b\0c' }],
  ['the marker', { HOLDFAST_RUN: 'mine' }],
  ['too many', Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`V${index}`, '']))],
] as const)('an environment with %s is refused', async ([, environment]) => {
  expect(await codeOf(run('true', { environment }))).toBe('HF_CONFIG_INVALID');
});

test('exit codes and signals are reported as the shell reports them', async () => {
  const results = [await run('exit 0'), await run('exit 41'), await run('kill -9 $$')];
  expect(results.map(({ exitCode, signal }) => [exitCode, signal])).toEqual([
    [0, null],
    [41, null],
    [null, 'SIGKILL'],
  ]);
  expect(results.every(({ failure }) => failure === undefined)).toBe(true);
});

test('output and error interleave in one log; /dev/stderr can be opened; input is empty', async () => {
  const chunks: Uint8Array[] = [];
  const command = 'echo one; echo two >&2; echo three >/dev/stderr; echo four >/dev/stdout; cat; echo five';
  const result = await run(command, { onOutput: (chunk) => chunks.push(chunk) });
  expect(logOf(result)).toBe('one\ntwo\nthree\nfour\nfive\n');
  expect(Buffer.concat(chunks).toString()).toBe('one\ntwo\nthree\nfour\nfive\n');
  const peer = execFileSync('sha256sum', [result.log.path], { encoding: 'utf8' }).slice(0, 64);
  expect(result.log).toMatchObject({ sha256: peer, size: 24, truncated: false });
  expect(result.trace.logBytes).toBe(24);
});

test('terminal sequences stay in the log as they came', async () => {
  const result = await run(String.raw`printf '\033[31mred\033[0m\377\n'`);
  expect(readFileSync(result.log.path).toString('latin1')).toBe('\x1b[31mred\x1b[0m\xff\n');
});

test('a log beyond its limit is cut short and says so, and the command goes on', async () => {
  const result = await run('head -c 300000 /dev/zero; touch done', { logLimit: { bytes: 1000, exceed: 'truncate' } });
  const log = readFileSync(result.log.path);
  expect(log.length).toBe(1000);
  expect(log.toString()).toMatch(/^\0+\n\[holdfast: the log ends here, it may hold 1000 bytes\]\n$/);
  const peer = execFileSync('sha256sum', [result.log.path], { encoding: 'utf8' }).slice(0, 64);
  expect(result.log).toMatchObject({ size: 1000, truncated: true, sha256: peer });
  expect(result).toMatchObject({ exitCode: 0, trace: { logBytes: 300000 } });
  expect(existsSync(join(project, 'done'))).toBe(true);
});

test('a log limit may end the command', async () => {
  const result = await run('yes', { logLimit: { bytes: 1000, exceed: 'stop' } });
  expect(result.failure?.code).toBe('HF_RUN_LOG_LIMIT');
  expect(result).toMatchObject({ exitCode: null, signal: 'SIGTERM', log: { size: 1000, truncated: true } });
});

test('a full disk under the log ends the command', async (context) => {
  needs(context, existsSync('/dev/full'), '/dev/full');
  const result = await run('echo x; sleep 60', { log: '/dev/full' });
  expect(result.failure?.code).toBe('HF_RUN_DISK_FULL');
  expect(result.trace.wallMs).toBeLessThan(30_000);
});

test('a full disk under the journal changes nothing', (context) => {
  const script = `mount -t tmpfs -o size=256k tmpfs "$1" && mkdir "$1/folder" && echo old > "$1/single.txt"
    dd if=/dev/zero of="$1/fill" bs=1k 2>/dev/null; "$2" --conditions=source "$3" run "$1" full 2>/dev/null; cat "$1/single.txt"`;
  const scenario = fileURLToPath(new URL('./execution-scenario.ts', import.meta.url));
  const isThere = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', project]).status === 0;
  needs(context, isThere, 'user and mount namespaces');
  const args = ['-rm', 'sh', '-c', script, 'sh', project, process.execPath, scenario];
  expect(spawnSync('unshare', args, { encoding: 'utf8' }).stdout).toBe('"HF_RUN_DISK_FULL"\nold\n');
});

test('a command that runs too long is asked to end, and killed when it does not', async () => {
  const polite = await run("trap 'echo bye; exit 3' TERM; sleep 60 & wait", { timeoutMs: 1000 });
  expect(polite).toMatchObject({ exitCode: 3, failure: { code: 'HF_RUN_TIMEOUT' } });
  expect(logOf(polite)).toBe('bye\n');
  const stubborn = await run("trap '' TERM; while :; do sleep 0.05; done", { timeoutMs: 1000, graceMs: 200 });
  expect(stubborn).toMatchObject({ signal: 'SIGKILL', failure: { code: 'HF_RUN_TIMEOUT', exit: 1 } });
});

test('an abort ends the command and everything it started, however it hid', async (context) => {
  needs(context, process.platform === 'linux', '/proc');
  const tag = `4242${process.pid}`;
  const abort = new AbortController();
  const command = [
    `(setsid sh -c "trap '' TERM HUP INT; sleep ${tag}1; :" &)`,
    `nohup sleep ${tag}2 >/dev/null 2>&1 &`,
    `env -i sleep ${tag}3 &`,
    `env -i setsid sleep ${tag}4 &`,
    `trap '' TERM; echo ready; sleep ${tag}5; :`,
  ].join('\n');
  const running = run(command, { signal: abort.signal, graceMs: 200 });
  const sleeping = (): number => pidsWith('cmdline', `sleep\0${tag}`).length;
  expect(await eventually(() => sleeping() === 5)).toBe(true);
  abort.abort();
  const result = await running;
  expect(result).toMatchObject({ signal: 'SIGKILL', failure: { code: 'HF_RUN_INTERRUPTED', exit: 3 } });
  expect(pidsWith('cmdline', tag)).toEqual([]);
});

test('a run that is aborted before it begins does not begin', async () => {
  expect(await codeOf(run('touch begun', { signal: AbortSignal.abort() }))).toBe('HF_RUN_INTERRUPTED');
  expect(existsSync(join(project, 'begun'))).toBe(false);
});

test('processes that outlive their command are killed and counted; one that is about to end may', async (context) => {
  needs(context, process.platform === 'linux', '/proc');
  const tag = `4343${process.pid}`;
  const left = await run(`sleep ${tag} & (setsid sleep ${tag} &) ; exit 5`);
  expect(left).toMatchObject({ exitCode: 5, leftBehind: 2 });
  expect(left.failure).toBeUndefined();
  expect(pidsWith('cmdline', tag)).toEqual([]);
  const ending = await run('(sleep 0.1; echo late) & exit 0');
  expect(ending).toMatchObject({ exitCode: 0, leftBehind: 0 });
  expect(logOf(ending)).toBe('late\n');
});

test('when the supervisor is killed the run is over, and nothing of it is left', async (context) => {
  needs(context, process.platform === 'linux', '/proc');
  const runId = newRunId();
  const onOutput = (): void => {
    for (const pid of pidsWith('environ', `HOLDFAST_SUPERVISOR=${runId}\0`)) process.kill(pid, 'SIGKILL');
  };
  const result = await run('(setsid sleep 99 &); echo ready; sleep 99', { runId, onOutput });
  expect(result).toMatchObject({ exitCode: null, signal: null, failure: { code: 'HF_RUN_INTERRUPTED' } });
  expect(result.leftBehind).toBeGreaterThanOrEqual(2);
  expect(await eventually(() => pidsWith('environ', `HOLDFAST_RUN=${runId}\0`).length === 0)).toBe(true);
});

test('what cannot be started says so', async () => {
  const nowhere = join(project, 'nowhere');
  const without = (argv: readonly [string, ...string[]]): Isolation => ({
    level: 'none',
    wrap: async (request) => ({ ...(await noIsolation.wrap(request)), argv }),
  });
  expect(await codeOf(run('true', { cwd: nowhere }))).toBe('HF_RUN_SPAWN');
  expect(await codeOf(run('true', { cwd: 'relative' }))).toBe('HF_RUN_SPAWN');
  expect(await codeOf(run('true\0false'))).toBe('HF_RUN_SPAWN');
  expect(await codeOf(run(`: ${'x'.repeat(200_000)}`))).toBe('HF_RUN_SPAWN');
  expect(await codeOf(run('true', { isolation: without(['/nonexistent/program']) }))).toBe('HF_RUN_SPAWN');
  expect(await codeOf(run('true', { runId: '../escape', log: join(project, 'log') }))).toBe('HF_RUN_SPAWN');
  expect(await codeOf(run('true', { log: project }))).toBe('HF_RUN_SPAWN');
});

test('a temporary folder that somebody else made is not used', async () => {
  const runId = newRunId();
  mkdirSync(temporaryFolder(runId));
  expect(await codeOf(run('true', { runId }))).toBe('HF_RUN_SPAWN');
  remove(temporaryFolder(runId));
});

test('an error of the caller’s own onOutput comes back to the caller, and the command is ended', async () => {
  const onOutput = (): void => {
    throw new RangeError('mine');
  };
  await expect(run('echo x; sleep 60', { onOutput })).rejects.toThrow(new RangeError('mine'));
});

test('an isolation may wrap the command, hand it a descriptor, and account for what it enforced', async () => {
  writeFileSync(join(project, 'profile'), 'sealed');
  const released: string[] = [];
  const isolation: Isolation = {
    level: 'sandbox',
    wrap: (request) => ({
      argv: ['/usr/bin/env', 'WRAPPED=1', ...request.argv],
      environment: request.environment,
      cwd: '/',
      descriptors: [{ descriptor: 5, path: join(project, 'profile') }],
      enforcement: { level: 'sandbox', mechanism: 'env 1', enforced: { network: 'none' }, notEnforced: ['gpu'] },
      release: () => void released.push(request.runId),
    }),
  };
  const result = await run('pwd; echo $WRAPPED; cat <&5', { isolation, runId: 'seam-1' });
  expect(logOf(result)).toBe('/\n1\nsealed');
  expect(result.enforcement).toMatchObject({ level: 'sandbox', enforced: { network: 'none' }, notEnforced: ['gpu'] });
  expect(released).toEqual(['seam-1']);
});

test('without isolation nothing is enforced, and what was asked for is named', async () => {
  const limits = { memoryBytes: 1, cpus: 1, processCount: 1, openFiles: 1 };
  const asked = await run('true', { network: 'none', gpu: 'none', limits, readable: ['/x'] });
  expect(asked.enforcement).toEqual({
    level: 'none',
    mechanism: 'none',
    enforced: {},
    notEnforced: ['network', 'files', 'memory', 'cpus', 'process-count', 'open-files', 'gpu'],
  });
  expect((await run('true')).enforcement.notEnforced).toEqual([]);
});

test('descriptors that this process inherited do not reach the command', (context) => {
  needs(context, process.platform === 'linux', '/proc');
  const here = fileURLToPath(new URL('./execution-scene.ts', import.meta.url));
  const program = `
    import { runCommand } from ${JSON.stringify(fileURLToPath(new URL('../src/execution/command.ts', import.meta.url)))};
    import { requestIn } from ${JSON.stringify(here)};
    await runCommand(requestIn(${JSON.stringify(project)}, 'ls /proc/self/fd > found'));`;
  const shell = `exec 40</etc/passwd; exec "$0" --conditions=source --input-type=module-typescript -e "$1"`;
  const done = spawnSync('bash', ['-c', shell, process.execPath, program], { encoding: 'utf8' });
  expect(done.status, done.stderr).toBe(0);
  // 3 is the folder that `ls` itself reads
  expect(readFileSync(join(project, 'found'), 'utf8')).toBe('0\n1\n2\n3\n');
});

test('the trace accounts for processor time, bytes, memory and processes', async (context) => {
  needs(context, process.platform === 'linux', '/proc');
  const child = 'const held = Buffer.alloc(64 << 20, 1); const end = Date.now() + 300; while (Date.now() < end);';
  const result = await run(`head -c 5000000 /dev/zero > a; cat a > b; node -e '${child}'; sleep 0.1`);
  const { trace } = result;
  expect(result.exitCode).toBe(0);
  expect(trace.writeBytes).toBeGreaterThanOrEqual(10_000_000);
  expect(trace.writeBytes).toBeLessThan(10_100_000);
  expect(trace.readBytes).toBeGreaterThanOrEqual(10_000_000);
  expect(trace.peakRssBytes).toBeGreaterThan(64 << 20);
  expect(trace.peakRssBytes).toBeLessThan(1 << 30);
  // two cores shared with other tests: half of the loop at least, and never more than all cores for all the time
  expect(trace.cpuMs).toBeGreaterThan(100);
  expect(trace.cpuMs).toBeLessThan(trace.wallMs * 64);
  expect(trace.wallMs).toBeGreaterThanOrEqual(400);
  expect(trace.processes).toBeGreaterThanOrEqual(2);
  expect(trace.samples.length).toBeGreaterThan(1);
  expect(Date.parse(result.finishedOn) - Date.parse(result.startedOn)).toBe(Math.round(trace.wallMs));
});

test('what was used by processes that nobody waited for is counted from the samples', async (context) => {
  needs(context, process.platform === 'linux', '/proc');
  const result = await run("(setsid sh -c 'head -c 3000000 /dev/zero; sleep 1.5' > orphan &) ; sleep 2.5");
  expect(result.trace.writeBytes).toBeGreaterThanOrEqual(3_000_000);
});
