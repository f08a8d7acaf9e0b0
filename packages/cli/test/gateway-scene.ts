import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { type Agent, request as ask } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bin, type Scene } from './scene.ts';

/** What a process has said so far, and a line of it once it is there. */
export interface Speaker {
  readonly child: ChildProcess;
  readonly said: () => string;
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
  appendFileSync(join(folder, 'holdfast.yaml'), `gateway:\n  listen: { port: 0 }\n${own}  routes:\n    - ${route}\n`);
}

export const request = { inputs: [{ name: 'x', shape: [1, 3], datatype: 'FP32', data: [0.5, 1, -2] }] };

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export async function infer(origin: string, headers: Record<string, string> = {}, agent?: Agent): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = ask(
    `${origin}/v2/models/model/infer`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      ...(agent === undefined ? {} : { agent }),
    },
    (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (body += piece));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers });
      });
    },
  );
  sent.on('error', reject);
  sent.end(JSON.stringify(request));
  return promise;
}

/** The process that a launcher started: killed, it has no chance to put anything in order. */
export function mainOf({ child }: Speaker): number {
  return Number(readdirSync('/proc').find((pid) => /^\d+$/.test(pid) && parentOf(pid) === child.pid));
}

/** Processes that serve under a gateway, as the system knows them. */
export function workersOf({ child }: Speaker): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(all.map((pid) => [Number(pid), parentOf(pid)]));
  const main = [...parents].filter(([, parent]) => parent === child.pid).map(([pid]) => pid);
  const under = new Set([child.pid, ...main]);
  return [...parents]
    .filter(([pid, parent]) => under.has(parent) && commandOf(pid).includes('worker-main'))
    .map(([pid]) => pid);
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};
const parentOf = (pid: string): number => Number(/^PPid:\t(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
export const isWorker = (pid: number): boolean => commandOf(pid).includes('worker-main');
const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`);

export const linesOf = (folder: string): { id: string; status: number; said: string[] }[] =>
  readdirSync(join(folder, '.holdfast/gateway')).flatMap((file) =>
    readFileSync(join(folder, '.holdfast/gateway', file), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { id: string; status: number; said: string[] }),
  );
