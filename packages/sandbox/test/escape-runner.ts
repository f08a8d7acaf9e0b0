/**
 * Runs every attempt of `escapes/`, in an isolation and without one, as the user that starts it, and prints the outcome
 * as JSON: a program of its own, because a test cannot become another user.
 *
 *     node escape-runner.ts sandbox|podman|docker [ATTEMPT…]
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  adoptOutputs,
  bubblewrapIsolation,
  findToolchain,
  type Isolation,
  type Limits,
  SandboxError,
} from '@holdfast/sandbox';
import { containerIsolation } from '@holdfast/sandbox/container';
import { askEngine, findProgram } from '@holdfast/sandbox/container-engine';
import { probeContainer } from '@holdfast/sandbox/container-probe';
import { launch } from '@holdfast/sandbox/launch';
import { type Attempt, commandOf, escapes, listAttempts } from './escape-attempts.ts';
import { Services } from './escape-services.ts';
import { bubblewrap, bubblewrapVersion, Scene } from './scene.ts';

export interface AttemptOutcome {
  readonly name: string;
  /** It got out of the sandbox. */
  readonly escaped: boolean;
  /** It works without one; `null` when that was not tried. */
  readonly works: boolean | null;
  /** How often the proxy refused something. */
  readonly refusals: number;
  readonly inside: string;
  readonly outside: string;
}

export interface Outcome {
  readonly attempts: readonly AttemptOutcome[];
  /** Processes, mounts and control groups of the runs that are still there. */
  readonly left: readonly string[];
}

const megabyte = 1 << 20;
const maximumBytes = 16 * megabyte;
const bombLimits: Limits = { memoryBytes: 256 * megabyte, processCount: 64, openFiles: 100, outputBytes: maximumBytes };
const marker = `escape-${process.pid}`;

class AttemptScene extends Scene {
  constructor() {
    super();
    this.write('project/input.txt', 'the input');
    this.write('project/inputs/rows.csv', '1,2,3');
    this.write('project/secret.txt', 'CANARY-project');
    this.write('project/.holdfast/keys/key', 'CANARY-key');
    this.write('outside/secret.txt', 'CANARY-outside');
    this.write('home/.ssh/id', 'CANARY-home');
    symlinkSync(join(this.outside, 'secret.txt'), join(this.project, 'inputs/link'));
    symlinkSync(this.outside, join(this.project, 'inputs/folder'));
    mkdirSync(join(this.project, 'out'));
  }

  variables(services: Readonly<Record<string, string>>, victim: string): Record<string, string> {
    return {
      ...services,
      VICTIM: victim,
      ROOT: this.root,
      PROJECT: this.project,
      INPUT: join(this.project, 'input.txt'),
      OUTSIDE_FILE: join(this.outside, 'secret.txt'),
      HOME_FILE: join(this.root, 'home/.ssh/id'),
      PYTHONDONTWRITEBYTECODE: '1',
    };
  }

  /** All that must not change, as one digest: names, modes, times and contents. */
  state(): string {
    const hash = createHash('sha256');
    const walk = (path: string): void => {
      const entry = lstatSync(path);
      const time = entry.isFile() ? entry.mtimeMs : 0;
      hash.update(`${path}\0${entry.mode}\0${entry.nlink}\0${time}\0`);
      if (entry.isSymbolicLink()) hash.update(readlinkSync(path));
      else if (entry.isDirectory()) for (const name of readdirSync(path).sort()) walk(join(path, name));
      else if (entry.isFile()) hash.update(readFileSync(path));
    };
    const top = readdirSync(this.project)
      .sort()
      .map((name) => join(this.project, name));
    for (const path of [...top, this.outside, join(this.root, 'home')]) if (!path.endsWith('/out')) walk(path);
    return hash.digest('hex');
  }
}

/** Whether something lies there that nobody should adopt. */
function isPoisoned(path: string): boolean {
  let bytes = 0;
  const walk = (at: string): boolean => {
    const entry = lstatSync(at, { throwIfNoEntry: false });
    if (entry === undefined) return false;
    bytes += entry.isFile() ? entry.size : 0;
    if (entry.isDirectory()) return readdirSync(at).some((name) => walk(join(at, name)));
    return !entry.isFile() || entry.nlink > 1 || (entry.mode & 0o6000) !== 0;
  };
  return walk(path) || bytes > maximumBytes;
}

async function inside(attempt: Attempt, services: Services, variables: Record<string, string>) {
  const scene = new AttemptScene();
  try {
    const own = scene.variables(variables, services.victim());
    const before = scene.state();
    const paths = ['input.txt', 'inputs'].map((name) => join(scene.project, name));
    const base = scene.request('', { readable: [...paths, escapes], writable: [join(scene.project, 'out/model')] });
    const environment = { ...base.environment, ...own, HOLDFAST_RUN: marker };
    const limits = /^(?:bomb|output-too)/.test(attempt.name) ? bombLimits : {};
    const request = {
      ...base,
      runId: `${marker}-${attempt.name}`,
      argv: commandOf(attempt, process.execPath),
      environment,
      limits,
      network: attempt.hosts?.map((host) => withPorts(host, variables)) ?? ('none' as const),
    };
    const command = await isolation.wrap(request);
    const { stdout, stderr, code, signal } = await launch(command, { timeoutMs: 20_000 });
    const refused = command.account?.().network?.refused ?? [];
    const refusals = refused.reduce((sum, { count }) => sum + count, 0);
    if (attempt.name.startsWith('process-survive')) await sleep(600);
    const isChanged = scene.state() !== before || existsSync(join(request.staging!, 'out/late'));
    const isAdopted = attempt.judge === 'adoption' && (await adoptsPoison(scene, request.staging!));
    const escaped = stdout.includes('ESCAPED') || isChanged || isAdopted;
    return { escaped, refusals, inside: `${code ?? signal} ${stdout} ${stderr}`.slice(0, 600) };
  } finally {
    scene.remove();
  }
}

function withPorts(host: string, variables: Readonly<Record<string, string>>): string {
  return host.replace(/\$(\w+)/, (_, name: string) => variables[name] ?? '');
}

async function adoptsPoison(scene: AttemptScene, staging: string): Promise<boolean> {
  try {
    // what the command finds empty, the runner has set aside
    await adoptOutputs(staging, scene.project, ['out/model'], { inputs: ['input.txt', 'inputs'], maximumBytes });
  } catch (error) {
    if (error instanceof SandboxError) return false;
    throw error;
  }
  return isPoisoned(join(scene.project, 'out'));
}

async function outside(attempt: Attempt, services: Services, variables: Record<string, string>) {
  const isTried = attempt.bare !== 'never' && (attempt.bare !== 'root' || process.getuid?.() === 0);
  if (!isTried) return { works: null, outside: 'not tried' };
  const scene = new AttemptScene();
  try {
    const own = scene.variables(variables, services.victim());
    const before = scene.state();
    const [program, ...rest] = commandOf(attempt, process.execPath);
    const child = spawn(program, rest, { cwd: scene.project, env: { ...process.env, ...own }, timeout: 20_000 });
    child.stdin.end();
    const ended = once(child, 'exit');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    await ended;
    const status = child.exitCode ?? child.signalCode;
    if (attempt.name.startsWith('process-survive')) await sleep(600);
    const isChanged = attempt.judge === 'host' && scene.state() !== before;
    const isMade = attempt.judge === 'adoption' && (isPoisoned(join(scene.project, 'out')) || !isFolder(scene.project));
    const works = stdout.includes('ESCAPED') || isChanged || isMade;
    return { works, outside: `${status} ${stdout} ${stderr}`.slice(0, 600) };
  } finally {
    scene.remove();
  }
}

function isFolder(project: string): boolean {
  return lstatSync(join(project, 'out')).isDirectory();
}

async function openIsolation(): Promise<Isolation> {
  if (kind === 'sandbox') {
    return bubblewrapIsolation({ program: bubblewrap, version: bubblewrapVersion(), toolchain: shown });
  }
  const { engine, holds = [], problems } = await probeContainer({ level: 'container', engine: kind });
  if (engine === undefined) throw new Error(problems.join('; '));
  return containerIsolation({ engine, holds, toolchain: shown });
}

/** Containers of this run that are still there. */
async function containers(): Promise<string[]> {
  if (kind === 'sandbox') return [];
  const engine = { name: kind as 'podman' | 'docker', program: findProgram(kind) ?? '' };
  const { stdout } = await askEngine(engine, ['ps', '--all', '--filter', `name=${marker}`, '--format', '{{.Names}}']);
  return stdout.trim() === '' ? [] : stdout.trim().split('\n');
}

function leftovers(): string[] {
  const processes = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return false;
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').includes(`HOLDFAST_RUN=${marker}`);
    } catch {
      return false;
    }
  });
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes('holdfast-sandbox-'));
  const groups = ['memory', 'pids', 'cpu', 'unified'].flatMap((name) => groupsIn(join('/sys/fs/cgroup', name), 0));
  return [...processes.map((pid) => `process ${pid}`), ...mounts, ...groups];
}

function groupsIn(folder: string, depth: number): string[] {
  if (depth > 3 || !existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory(),
  );
  const found = names.filter((name) => name.includes(marker)).map((name) => join(folder, name));
  return [...found, ...names.flatMap((name) => groupsIn(join(folder, name), depth + 1))];
}

const [kind = '', ...only] = process.argv.slice(2);
const toolchain = await findToolchain({
  names: ['python3'],
  project: import.meta.dirname,
  environment: { PATH: '/usr/bin:/bin' },
});
const nodeFolder = join(process.execPath, '..');
const shown = nodeFolder.startsWith('/usr/') ? toolchain : { ...toolchain, binds: [...toolchain.binds, nodeFolder] };
const isolation = await openIsolation();
process.env['RUNNER_SECRET'] = 'CANARY-runner';
process.env['PYTHONSTARTUP'] = '/nowhere/startup.py';

const services = new Services();
const attempts = listAttempts().filter(({ name }) => only.length === 0 || only.includes(name));
const outcomes: AttemptOutcome[] = [];
try {
  const variables = await services.start();
  for (const attempt of attempts) {
    const [first, second] = [await inside(attempt, services, variables), await outside(attempt, services, variables)];
    outcomes.push({ name: attempt.name, ...first, ...second });
  }
} finally {
  services.stop();
}
const left = [...leftovers(), ...(await containers())];
process.stdout.write(JSON.stringify({ attempts: outcomes, left } satisfies Outcome));
