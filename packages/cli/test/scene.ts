import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rememberTools } from '../../sandbox/test/tool-digests.ts';
import type { Answer } from './script.ts';
import { compileCache, launcher, WarmCommand } from './warm-command.ts';

const here = dirname(fileURLToPath(import.meta.url));
export const bin = join(here, '..', 'bin', 'holdfast.js');
const vectors = join(here, '..', '..', '..', 'spec', 'vectors', 'valid');

/** What runs are confined with: `nothing` is the same on every machine, `sandbox` needs bubblewrap. */
export type Confinement = 'nothing' | 'sandbox';

/** What carries commands out: a process for each, as a user's, or one for all of them. */
export type Processes = 'each' | 'one';

/** Folders of a test file, removed together. */
export class Scene {
  readonly #confinement: Confinement;
  readonly #root = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-cli-')));
  readonly #processes: Processes;
  readonly #programs = join(this.#root, 'programs');
  #count = 0;
  #project: Promise<string> | undefined;
  #warm: WarmCommand | undefined;

  constructor(confinement: Confinement = 'nothing', processes: Processes = 'each') {
    this.#confinement = confinement;
    this.#processes = processes;
    mkdirSync(this.#programs);
    rememberTools(this.#root);
    writeFileSync(join(this.#programs, 'holdfast'), launcher, { mode: 0o755 });
  }

  /** An empty folder; its last part is the same in every run, because `init` names projects by it. */
  folder(): string {
    const folder = join(this.#root, String(++this.#count), 'demo');
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** A folder with the pipeline of shell scripts in it. */
  pipeline(): string {
    const folder = this.folder();
    cpSync(join(here, 'pipeline'), folder, { recursive: true });
    cpSync(join(vectors, 'onnx-written-logistic.onnx'), join(folder, 'logistic.onnx'));
    return folder;
  }

  /** The same with three keys, everything run and signed, and one approval: its gate is open. */
  async project(): Promise<string> {
    this.#project ??= this.#prepare();
    const folder = this.folder();
    cpSync(await this.#project, folder, { recursive: true, preserveTimestamps: true });
    return folder;
  }

  async #prepare(): Promise<string> {
    const folder = this.pipeline();
    const commands = [
      'holdfast init --yes --roles authority,builder',
      'holdfast key create checker --roles checker',
      'holdfast key create approver --roles approver',
      'holdfast run',
      'holdfast sign model',
      'holdfast approve model',
    ];
    const { status, stdout, stderr } = await this.type(commands.join(' && '), folder, this.#warmPath());
    if (status !== 0) throw new Error(`the project cannot be prepared:\n${stdout}${stderr}`);
    return folder;
  }

  /** Types a line into a shell. Nothing of this process's environment gets there but what finds programs. */
  async type(line: string, folder: string, env: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const path = this.#processes === 'one' ? this.#warmPath() : {};
    const child = spawn('sh', ['-c', line], {
      cwd: folder,
      env: this.environment({ ...path, ...env }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    const status = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        resolve(code ?? 128);
      });
    });
    return { stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), status };
  }

  /** The PATH on which one process carries out every `holdfast`. */
  #warmPath(): Record<'PATH', string> {
    this.#warm ??= new WarmCommand(join(this.#root, 'warm'));
    return { PATH: `${this.#warm.programs}:${process.env['PATH'] ?? ''}` };
  }

  environment(env: Readonly<Record<string, string>> = {}): Record<string, string> {
    const path = `${this.#programs}:${process.env['PATH'] ?? ''}`;
    const own = { HOME: this.#root, TMPDIR: process.env['TMPDIR'] ?? tmpdir(), NODE_COMPILE_CACHE: compileCache };
    const noIsolation = { HOLDFAST_BWRAP: '/nowhere/bwrap', HOLDFAST_CONTAINER_ENGINE: '/nowhere/podman' };
    const without = this.#confinement === 'nothing' ? noIsolation : {};
    return { PATH: path, LANG: 'C.UTF-8', ...own, ...without, ...env };
  }

  remove(): void {
    this.#warm?.stop();
    rmSync(this.#root, { recursive: true, force: true });
  }
}

/** Skips where bubblewrap is missing, or fails where everything must be there. */
export function needsBubblewrap(context: { skip(note: string): unknown }): void {
  if (existsSync('/usr/bin/bwrap')) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs bwrap');
  context.skip('needs bwrap');
}
