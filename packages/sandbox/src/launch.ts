import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { SandboxError, shown } from './errors.ts';
import type { IsolatedCommand } from './isolation.ts';

export interface LaunchResult {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** At most `maximumBytes` of each. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface LaunchOptions {
  /** Default 60,000; then it is killed. */
  readonly timeoutMs?: number;
  /** Of output that is kept. Default 1 MiB. */
  readonly maximumBytes?: number;
}

/**
 * Starts an isolated command, waits for it, and releases it. For trials of the sandbox; runs of stages go through
 * the runner, which has the same part with a log, a supervisor and a journal.
 *
 * @throws SandboxError HF_SANDBOX_START.
 */
export async function launch(command: IsolatedCommand, options: LaunchOptions = {}): Promise<LaunchResult> {
  try {
    return await finished(startChild(command), options);
  } finally {
    await command.release?.();
  }
}

function startChild({ argv, environment, cwd, descriptors = [] }: IsolatedCommand): ChildProcess {
  const [program, ...rest] = withoutLeaks(argv);
  const stdio: ('ignore' | 'pipe' | number)[] = ['ignore', 'pipe', 'pipe'];
  const opened: number[] = [];
  try {
    for (const { descriptor, path } of descriptors) {
      while (stdio.length < descriptor) stdio.push('ignore');
      opened.push((stdio[descriptor] = openSync(path, 'r')));
    }
    return spawn(program, rest, { cwd, env: environment, stdio, detached: true });
  } catch (error) {
    throw notStarted(program, error);
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

/**
 * A descriptor that the user's shell left open would be open in the sandbox, too, a way around every mount. Node.js
 * marks its own as close-on-exec, and the first sixteen that it was started with; the others only bash can close by
 * number. O_CLOEXEC is in the flags of proc_pid_fdinfo(5).
 */
function withoutLeaks(argv: readonly [string, ...string[]]): readonly [string, ...string[]] {
  const leaks = readdirSync('/proc/self/fd').filter((name) => {
    const flags = Number(name) > 2 ? /^flags:\s*([0-7]+)$/m.exec(readInfo(name))?.[1] : undefined;
    return flags !== undefined && (Number.parseInt(flags, 8) & 0o2000000) === 0;
  });
  if (leaks.length === 0) return argv;
  const redirections = leaks.map((name) => `${name}>&-`).join(' ');
  return ['/bin/bash', '-c', `exec ${redirections}; exec "$@"`, 'bash', ...argv];
}

/** Nothing for the descriptor that listing the folder needed. */
function readInfo(name: string): string {
  try {
    return readFileSync(`/proc/self/fdinfo/${name}`, 'utf8');
  } catch {
    return '';
  }
}

function finished(child: ChildProcess, { timeoutMs = 60_000, maximumBytes = 1 << 20 }: LaunchOptions) {
  const stdout = new Kept(maximumBytes);
  const stderr = new Kept(maximumBytes);
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout.add(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr.add(chunk);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  return new Promise<LaunchResult>((resolve, reject) => {
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(notStarted(child.spawnfile, error));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout: stdout.text(), stderr: stderr.text() });
    });
  });
}

class Kept {
  readonly #chunks: Buffer[] = [];
  #left: number;

  constructor(maximumBytes: number) {
    this.#left = maximumBytes;
  }

  add(chunk: Buffer): void {
    if (this.#left > 0) this.#chunks.push(chunk.subarray(0, this.#left));
    this.#left -= chunk.length;
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

function notStarted(program: string, cause: unknown): SandboxError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SandboxError('HF_SANDBOX_START', `${shown(program)} could not be started: ${shown(reason)}`, { cause });
}
