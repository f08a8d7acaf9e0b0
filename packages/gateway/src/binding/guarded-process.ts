import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

export interface StartedProcess {
  readonly pid: number;
  /** Ends when it has ended, and everything of its group with it. */
  readonly ended: Promise<void>;
  /** What it said last, for whoever runs the gateway. */
  said(): string;
  /** TERM, and KILL to the whole group after a while. */
  stop(): Promise<void>;
}

export interface ProcessOrder {
  /** Program and arguments that confine the command, which follows them; nothing does when empty. */
  readonly confined: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
}

const graceMs = 5000;
const mostSaid = 2000;

/** Waits for the gateway's end of a pipe to close, which any death of its does, and ends the group then; told to go, it goes. */
const keeperScript = 'read -r _ || kill -KILL -- "-$1"';

/**
 * Starts a program that does not outlive this process, in a group of its own. Linux kills the program with its parent (PR_SET_PDEATHSIG
 * by `setpriv` of util-linux, which also forbids new privileges); what the program started itself is killed by a keeper that notices.
 *
 * @throws Error of the system where it cannot be started
 */
export async function startGuarded(order: ProcessOrder): Promise<StartedProcess> {
  const { confined, command, environment, folder } = order;
  const [program = '', ...words] = [...deathWithParent(confined.length > 0), ...confined, ...command];
  const child = spawn(program, words, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return guarded(child, child.pid as number);
}

function guarded(child: ChildProcess, pid: number): StartedProcess {
  const keeper = spawn('/bin/sh', ['-c', keeperScript, 'keeper', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: {},
    cwd: '/',
  });
  keeper.on('error', () => undefined);
  keeper.stdin.on('error', () => undefined);
  keeper.unref();
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (piece: Buffer) => {
      said = (said + piece.toString()).slice(-mostSaid);
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      signal(pid, 'SIGKILL');
      keeper.stdin.end('gone\n');
      resolve();
    });
  });
  return { pid, ended, said: () => said.trim(), stop: async () => stop(pid, ended) };
}

async function stop(pid: number, ended: Promise<void>): Promise<void> {
  signal(pid, 'SIGTERM');
  const timer = setTimeout(() => {
    signal(pid, 'SIGKILL');
  }, graceMs);
  await ended;
  clearTimeout(timer);
}

/** To the group. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // nobody is left
  }
}

/** What confines forbids new privileges itself, and may need one to begin with. */
function deathWithParent(isConfined: boolean): readonly string[] {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(isProgram);
  if (setpriv === undefined) return [];
  return [setpriv, '--pdeathsig', 'KILL', ...(isConfined ? [] : ['--no-new-privs']), '--'];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return process.platform === 'linux';
  } catch {
    return false;
  }
}
