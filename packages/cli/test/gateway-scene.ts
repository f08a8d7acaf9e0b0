import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bin, type Scene } from './scene.ts';

/** What a process has said so far, and a line of it once it is there. */
export interface Speaker {
  readonly child: ChildProcess;
  said(): string;
  line(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Longer than anything takes on a machine that does much else. */
const patienceMs = 60_000;

export async function until<T>(look: () => T | undefined | Promise<T | undefined>, what: () => string): Promise<T> {
  for (const end = performance.now() + patienceMs; performance.now() < end; ) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(10);
  }
  throw new Error(`not within ${patienceMs} ms: ${what()}`);
}

export class GatewayScene {
  readonly #scene: Scene;
  readonly #running: ChildProcess[] = [];

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  speaker(child: ChildProcess): Speaker {
    this.#running.push(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (piece: Buffer) => {
        text += piece.toString();
      });
    }
    const line = async (pattern: RegExp): Promise<RegExpExecArray> =>
      until(
        () => pattern.exec(text) ?? undefined,
        () => `${pattern}: ${text}`,
      );
    return { child, said: () => text, line };
  }

  gateway(folder: string): Speaker {
    return this.speaker(spawn(process.execPath, [bin, 'gateway'], { cwd: folder, env: this.#scene.environment() }));
  }

  stop(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }
}

export async function ended({ child }: Speaker, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = (await exit) as [number | null];
  return code;
}

export function declare(folder: string, upstream: number, own: string, limits = ''): void {
  const route = `{ model: model, environment: production, upstream: "http://127.0.0.1:${upstream}"${limits} }`;
  appendFileSync(
    join(folder, 'holdfast.yaml'),
    `gateway:\n  listen: { port: 0 }\n${own}  routes:\n    - ${route}\n`,
  );
}

export const request = { inputs: [{ name: 'x', shape: [1, 3], datatype: 'FP32', data: [0.5, 1, -2] }] };
