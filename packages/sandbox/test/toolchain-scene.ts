import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bubblewrapIsolation, findToolchain, type SandboxError, type Toolchain } from '@holdfast/sandbox';
import { launch } from '@holdfast/sandbox/launch';
import { expect } from 'vitest';
import { bubblewrap, bubblewrapVersion, Scene } from './scene.ts';

export const refused: unknown = expect.objectContaining<Partial<SandboxError>>({
  code: 'HF_SANDBOX_TOOLCHAIN',
  exit: 2,
});

/** The system's, which every user can read. */
export const python = '/usr/bin/python3';

export function needsPython(context: { skip(note: string): unknown }): void {
  if (existsSync(python)) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${python}`);
  context.skip('needs python3');
}

/** A project, and programs in it and around it. */
export class ToolchainScene extends Scene {
  find(environment: Readonly<Record<string, string>>, ...names: string[]) {
    return findToolchain({ names, project: this.project, environment });
  }

  findOn(path: string, ...names: string[]) {
    return this.find({ PATH: path }, ...names);
  }

  at(path: string): string {
    return join(this.root, path);
  }

  /** @returns Its folder. */
  program(path: string, text: string): string {
    const file = this.write(path, text);
    chmodSync(file, 0o755);
    return dirname(file);
  }

  environment(path: string): string {
    execFileSync(python, ['-m', 'venv', '--without-pip', '--symlinks', this.at(path)]);
    return this.at(path);
  }

  async run(toolchain: Toolchain, command: string) {
    const isolation = bubblewrapIsolation({ program: bubblewrap, version: bubblewrapVersion(), toolchain });
    return await launch(await isolation.wrap(this.request(command)));
  }
}
