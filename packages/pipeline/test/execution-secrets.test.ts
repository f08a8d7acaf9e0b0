import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, type TestContext, test } from 'vitest';
import { type CommandRequest, type CommandResult, runCommand } from '../src/execution/command.ts';
import { temporaryFolder } from '../src/execution/environment.ts';
import { type Isolation, noIsolation } from '../src/execution/isolation.ts';
import { recoverRuns } from '../src/execution/recovery.ts';
import { Secret } from '../src/execution/secrets.ts';
import { bubblewrap, filesWith, newCanary, processList, sandboxOf, tracesIn } from './canary.ts';
import { eventually, needs, newProject, newRunId, pidsWith, remove, requestIn } from './execution-scene.ts';

let project = '';
let canary = '';
beforeEach(() => {
  project = newProject();
  canary = newCanary();
});
afterEach(() => {
  remove(project);
});

const isolations = ['none', 'bubblewrap'] as const;

async function isolationOf(kind: (typeof isolations)[number], context: TestContext): Promise<Isolation> {
  if (kind === 'none') return noIsolation;
  needs(context, existsSync(bubblewrap), 'bwrap');
  return sandboxOf(project);
}

interface Run {
  readonly result: CommandResult;
  readonly log: string;
  readonly live: string;
}

/** Runs a command that has the canary in CANARY and in the file CANARY_KEY_FILE. */
async function run(command: string, isolation: Isolation, more: Partial<CommandRequest> = {}): Promise<Run> {
  const live: Uint8Array[] = [];
  const secrets = [
    new Secret('CANARY', 'variable', Buffer.from(canary)),
    new Secret('CANARY_KEY', 'file', Buffer.from(`${canary}\n`)),
  ];
  const onOutput = (chunk: Uint8Array): void => void live.push(Uint8Array.from(chunk));
  const result = await runCommand(requestIn(project, command, { isolation, secrets, onOutput, ...more }));
  return { result, log: readFileSync(result.log.path, 'utf8'), live: Buffer.concat(live).toString() };
}

/** Nothing of the canary is in what the run has left, and its temporary folder is gone. */
function requireNoTrace({ result, log, live }: Run): void {
  expect(tracesIn(log, canary)).toEqual([]);
  expect(tracesIn(live, canary)).toEqual([]);
  expect(tracesIn(JSON.stringify(result), canary)).toEqual([]);
  expect(filesWith(canary, project)).toEqual([]);
  expect(existsSync(temporaryFolder(result.log.path.split('/').at(-2) ?? ''))).toBe(false);
}

/** Skips a command whose program this machine lacks. */
function needsProgramsOf(command: string, context: TestContext): void {
  for (const program of ['python3', 'xxd', 'od', 'base64', 'dd']) {
    const isMissing = command.includes(`${program} `) && spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0;
    needs(context, !isMissing, program);
  }
}

const python = (program: string): string =>
  `python3 -u - <<'END'\nimport os\nc = os.environ['CANARY']\n${program}\nEND`;
const node = (program: string): string => `node - <<'END'\nconst c = process.env.CANARY;\n${program}\nEND`;

/** Each prints the canary, and how often it is said to be there. */
const printers: readonly (readonly [what: string, command: string, times: number])[] = [
  ['plain', 'echo "$CANARY"', 1],
  ['on standard error', 'echo "$CANARY" >&2', 1],
  ['from its file', 'cat "$CANARY_KEY_FILE"', 1],
  ['in the environment', 'env; cat /proc/self/environ', 2],
  ['by set -x', 'set -x; : "$CANARY"', 1],
  ['letter by letter', python('import sys\nfor letter in c: sys.stdout.write(letter); sys.stdout.flush()'), 1],
  ['byte by byte', 'printf %s "$CANARY" | dd bs=1 2>/dev/null', 1],
  [
    'base64',
    'printf %s "$CANARY" | base64; printf "login:%s!" "$CANARY" | base64 -w 9; printf "1:%s" "$CANARY" | base64 -w 0',
    3,
  ],
  ['xxd', 'printf %s "$CANARY" | xxd -p; printf %s "$CANARY" | xxd -p -u -c 7', 2],
  ['od', 'printf %s "$CANARY" | od -An -v -tx1', 1],
  ['percent-encoded', python('from urllib.parse import quote, quote_plus\nprint(quote(c), quote_plus(c))'), 2],
  [
    'percent-encoded by node',
    node('console.log(encodeURIComponent(c), new URL(`http://h/?c=${encodeURIComponent(c)}`).href)'),
    2,
  ],
  ['JSON', python('import json\nprint(json.dumps({"c": c}), json.dumps({"c": c}, ensure_ascii=False))'), 2],
  // with a format of its own: a canary with `%c` or `%d` in it is one for console.log, and would be taken apart
  [
    'JSON by node',
    node('console.log("%s %s", JSON.stringify({ c }), JSON.stringify({ c: JSON.stringify({ c }) }))'),
    2,
  ],
  ['repr', python('print(repr(c), repr(c.encode()), [c])'), 3],
  ['a traceback', python('raise ValueError(c)'), 1],
  ['a line of 2 MiB', python('print("x" * 2**20 + c + "y" * 2**20)'), 1],
  [
    'at the edges of 4 and 64 KiB',
    python(
      'import sys\nfor size in (4096, 65536):\n  for k in range(0, 40, 3):\n    sys.stdout.write("x" * (size - k) + c + "\\n"); sys.stdout.flush()',
    ),
    28,
  ],
];

describe.for(isolations)('with isolation %s', (kind) => {
  test.for(printers)('the canary is not seen: %s', async ([, command, times], context) => {
    needsProgramsOf(command, context);
    const ran = await run(command, await isolationOf(kind, context));
    requireNoTrace(ran);
    expect(ran.log.match(/\[secret CANARY\]/g)?.length ?? 0, ran.log.slice(0, 2000)).toBe(times);
    expect(ran.live).toBe(ran.log);
    const peer = execFileSync('sha256sum', [ran.result.log.path], { encoding: 'utf8' }).slice(0, 64);
    expect(ran.result.log).toMatchObject({ sha256: peer, size: Buffer.byteLength(ran.log) });
  });

  test('the command has its secrets, whole, in a variable and in a file that only it can read', async (context) => {
    const isolation = await isolationOf(kind, context);
    const program = `import hashlib, os, stat
f = os.environ['CANARY_KEY_FILE']
print(hashlib.sha256(c.encode()).hexdigest(), hashlib.sha256(open(f, 'rb').read()).hexdigest(), oct(os.stat(f).st_mode & 0o777), 'CANARY_KEY' in os.environ)
try: open(f, 'w'); print('written')
except OSError as error: print('kept' if os.getuid() != 0 else 'written')`;
    needsProgramsOf('python3 -', context);
    const { log } = await run(python(program), isolation);
    const sum = (input: string): string => execFileSync('sha256sum', { input, encoding: 'utf8' }).slice(0, 64);
    const own = kind === 'none' && process.getuid?.() === 0 ? 'written' : 'kept';
    expect(log).toBe(`${sum(canary)} ${sum(`${canary}\n`)} 0o400 False\n${own}\n`);
  });

  test('nobody sees them in a command line while it runs', async (context) => {
    const isolation = await isolationOf(kind, context);
    let seen = '';
    const abort = new AbortController();
    // it runs on until the list is made, however long that takes
    const onOutput = (): void => {
      if (seen === '') seen = processList();
      abort.abort();
    };
    await run(`sh -c 'echo ready; sleep 300; : seen-${process.pid}'`, isolation, { onOutput, signal: abort.signal });
    expect(seen).toContain(`seen-${process.pid}`);
    expect(tracesIn(seen, canary)).toEqual([]);
  });

  test('nothing is left by a command that fails, takes too long, says too much or is interrupted', async (context) => {
    const isolation = await isolationOf(kind, context);
    const say = 'echo "$CANARY"; printf %s "$CANARY" | head -c 20;';
    const failed = await run(`${say} exit 3`, isolation);
    expect(failed.result.exitCode).toBe(3);
    const late = await run(`${say} sleep 60`, await isolationOf(kind, context), { timeoutMs: 3000 });
    expect(late.result.failure?.code).toBe('HF_RUN_TIMEOUT');
    const much = await run('yes "$CANARY"', await isolationOf(kind, context), {
      logLimit: { bytes: 5000, exceed: 'stop' },
    });
    expect(much.result.failure?.code, much.log.slice(0, 2000)).toBe('HF_RUN_LOG_LIMIT');
    const abort = new AbortController();
    const nap = `60.${process.pid}`; // once it sleeps, all is said
    const running = run(`${say} sleep ${nap}`, await isolationOf(kind, context), { signal: abort.signal });
    expect(await eventually(() => pidsWith('cmdline', `sleep\0${nap}`).length > 0)).toBe(true);
    abort.abort();
    const stopped = await running;
    expect(stopped.result.failure?.code).toBe('HF_RUN_INTERRUPTED');
    for (const ran of [failed, late, much, stopped]) requireNoTrace(ran);
    for (const { log } of [failed, late, stopped]) expect(log).toBe('[secret CANARY]\n[secret CANARY]');
  });

  test.for(['runner', 'runner and supervisor'])(
    'kill -9 of the %s, and recovery: nothing is left',
    async (who, context) => {
      needs(context, process.platform === 'linux', '/proc');
      if (kind === 'bubblewrap') needs(context, existsSync(bubblewrap), 'bwrap');
      const runId = newRunId();
      const scenario = fileURLToPath(new URL('./execution-secret-scenario.ts', import.meta.url));
      const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning', scenario, project, runId, kind];
      const runner = spawn(process.execPath, flags, {
        env: { ...process.env, CANARY: canary },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(runner.stdout, 'data');
      // the secrets are on disk while the command runs: otherwise this test would show nothing
      expect(filesWith(canary, temporaryFolder(runId)).length).toBeGreaterThan(0);
      if (who !== 'runner')
        for (const pid of pidsWith('environ', `HOLDFAST_SUPERVISOR=${runId}\0`)) process.kill(pid, 'SIGKILL');
      runner.kill('SIGKILL');
      await once(runner, 'close');
      if (who === 'runner') expect(await eventually(() => !existsSync(temporaryFolder(runId)))).toBe(true);
      await recoverRuns(project);
      expect(existsSync(temporaryFolder(runId))).toBe(false);
      expect(await eventually(() => pidsWith('environ', `HOLDFAST_RUN=${runId}\0`).length === 0)).toBe(true);
      expect(filesWith(canary, project)).toEqual([]);
      const [log = ''] = readdirSync(join(project, 'logs'));
      expect(readFileSync(join(project, 'logs', log), 'utf8')).toContain('[secret CANARY]');
    },
  );
});

test('a folder for secrets that cannot be made leaves nothing', async () => {
  const runId = newRunId();
  const broken: Isolation = {
    level: 'none',
    wrap: () => {
      expect(readdirSync(join(temporaryFolder(runId), 'secrets'))).toEqual(['CANARY_KEY']);
      throw new Error('cannot');
    },
  };
  await expect(run('true', broken, { runId })).rejects.toThrow('cannot');
  expect(existsSync(temporaryFolder(runId))).toBe(false);
  mkdirSync(temporaryFolder(runId));
  await expect(run('true', noIsolation, { runId })).rejects.toThrow(expect.objectContaining({ code: 'HF_RUN_SPAWN' }));
  rmSync(temporaryFolder(runId), { recursive: true });
  expect(dirname(temporaryFolder(runId))).not.toBe('');
});
