import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { IsolationRequest } from '@holdfast/sandbox';

export const bubblewrap = '/usr/bin/bwrap';

/** `undefined` where tests of the sandbox can run, else what to say when they are skipped. */
export function missing(): string | undefined {
  return existsSync(bubblewrap) ? undefined : 'needs bwrap';
}

/** Skips where bubblewrap is missing, or fails where everything must be there. */
export function needsBubblewrap(context: { skip(note: string): unknown }): void {
  const need = missing();
  if (need === undefined) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(need);
  context.skip(need);
}

export function bubblewrapVersion(): string {
  return execFileSync(bubblewrap, ['--version'], { encoding: 'utf8' }).trim().split(' ')[1]!;
}

/** A project, a run folder beside it, and something that a sandbox must not show. */
export class Scene {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-sandbox-')));
  readonly project = join(this.root, 'project');
  readonly outside = join(this.root, 'outside');
  #runs = 0;

  constructor() {
    for (const path of [this.project, this.outside]) mkdirSync(path);
  }

  write(path: string, text: string): string {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  request(command: string, more: Partial<IsolationRequest> = {}): IsolationRequest {
    this.#runs += 1;
    const run = join(this.root, `run-${this.#runs}`);
    for (const path of [run, join(run, 'staging'), join(run, 'home'), join(run, 'tmp')])
      mkdirSync(path, { mode: 0o700 });
    return {
      runId: `test-${process.pid}-${this.#runs}`,
      argv: ['/bin/sh', '-c', command],
      environment: { HOME: join(run, 'home'), TMPDIR: join(run, 'tmp'), PATH: '/usr/bin:/bin', HOLDFAST_RUN: 'test' },
      cwd: this.project,
      temporary: run,
      project: this.project,
      staging: join(run, 'staging'),
      readable: [],
      writable: [],
      network: 'none',
      gpu: 'none',
      limits: {},
      ...more,
    };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
