import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../tools/repository.ts';

/** A program of bench/peers that stays: it answers each line of JSON with one, so that both sides can take turns in one process tree. */
export class Peer {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /** @param environment a folder of ~/.cache/holdfast-peers, made from tools/peers/requirements-*.txt */
  constructor(environment: string, script: string) {
    const folder = process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache/holdfast-peers');
    const python = join(folder, environment, 'bin/python');
    if (!existsSync(python)) throw new Error(`there is no ${python}`);
    const one = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
    const child = spawn(python, [join(root, 'bench/peers', script)], {
      ...{ stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...one } },
    });
    this.#process = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** @param question nothing for what it says when it starts */
  async ask<Answer>(question?: object): Promise<Answer> {
    if (question !== undefined) this.#process.stdin?.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('the peer ended before it answered');
    return JSON.parse(value) as Answer;
  }

  end(): void {
    this.#process.stdin?.end();
  }
}

/** Processor seconds of this process that some work takes. */
export async function spent<Result>(work: () => Promise<Result>): Promise<{ result: Result; cpu: number }> {
  const begun = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(begun);
  return { result, cpu: (user + system) / 1e6 };
}
