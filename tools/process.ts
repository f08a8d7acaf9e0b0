import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './repository.ts';

export interface Ended {
  /** Exit status; 128 and more when a signal ended it. */
  readonly status: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

export interface Start {
  readonly folder?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Show what it says while it says it. */
  readonly shown?: boolean;
}

const running = new Set<ChildProcess>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (running.size === 0) process.exit(130);
    for (const child of running) child.kill(signal);
  });
}

/** Runs a program to its end. It never throws for what the program does; it throws when it cannot be started. */
export async function execute(program: string, words: readonly string[], start: Start = {}): Promise<Ended> {
  const child = spawn(program, [...words], {
    cwd: start.folder ?? root,
    env: start.env ?? process.env,
    stdio: start.shown === true ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const parts: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => parts.push(part));
  child.stderr?.on('data', (part: Buffer) => parts.push(part));
  try {
    const status = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        resolve(code ?? 128);
      });
    });
    return { status, output: Buffer.concat(parts).toString('utf8') };
  } finally {
    running.delete(child);
  }
}

/** The program file of an installed development dependency, to be run with `process.execPath`. */
export function programOf(name: string, command = name.split('/').at(-1) ?? name): string {
  const manifest = join(root, 'node_modules', name, 'package.json');
  const { bin } = createRequire(import.meta.url)(manifest) as { bin: string | Record<string, string> };
  const file = typeof bin === 'string' ? bin : bin[command];
  if (file === undefined) throw new Error(`\`${name}\` has no command \`${command}\``);
  return join(dirname(manifest), file);
}

/** Runs a command of an installed development dependency on this Node. */
export async function executeTool(name: string, words: readonly string[], start: Start & { command?: string } = {}) {
  return execute(process.execPath, [programOf(name, start.command), ...words], start);
}
