import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { IsolationRequest, Limits } from './isolation.ts';
import { isWithin } from './paths.ts';
import { probeScript } from './probe-script.ts';
import { systemCallProgram } from './system-call-trial.ts';
import { findSystemFiles } from './system-files.ts';
import type { Toolchain } from './toolchain.ts';

/** A project with an input, canaries around it, and programs that call the kernel. */
export class TrialScene {
  readonly name = `holdfast-probe-${randomBytes(8).toString('hex')}`;
  readonly #run = `trial-${randomBytes(8).toString('hex')}`;
  readonly #root = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-probe-')));
  readonly #project = join(this.#root, 'project');
  readonly #homeCanary = join(homedir(), `.${this.name}`);
  #runs = 0;

  /** Of this trial alone, so that what an isolation that holds nothing lets through can be taken away again. */
  readonly #writes = {
    'write-usr': `/usr/${this.name}`,
    'write-etc': `/etc/${this.name}`,
    'write-root': `/${this.name}`,
  };

  constructor() {
    chmodSync(this.#root, 0o700);
    mkdirSync(this.#project, { mode: 0o700 });
    this.#write('input', 'input');
    this.#write('trial.mjs', probeScript);
    this.#write('canary', 'canary');
    for (const { name, program } of triedCalls()) this.#write(name, program);
    try {
      writeFileSync(this.#homeCanary, 'canary', { mode: 0o600, flag: 'wx' });
    } catch {
      // a home that cannot be written, or none: the other canaries remain
    }
  }

  #write(name: string, content: string | Uint8Array): void {
    writeFileSync(join(this.#project, name), content, { mode: 0o755 });
  }

  /** What a program runs that tries to get out; a TCP listener and an abstract socket of the scene's name wait for it. */
  denials(port: number): IsolationRequest {
    const inProject = (name: string): string => join(this.#project, name);
    const places = {
      input: inProject('input'),
      output: inProject('out/written'),
      files: { 'project-canary': inProject('canary'), 'home-canary': this.#homeCanary, passwords: '/etc/shadow' },
      writes: this.#writes,
      opens: { 'kernel-settings': '/proc/sys/kernel/core_pattern', 'kernel-commands': '/proc/sysrq-trigger' },
      variable: this.name,
      port,
      socket: this.name,
      programs: Object.fromEntries(triedCalls().map(({ name, error }) => [name, [inProject(name), error]])),
    };
    const readable = ['input', 'trial.mjs', ...triedCalls().map(({ name }) => name)].map(inProject);
    return this.request([process.execPath, inProject('trial.mjs'), JSON.stringify(places)], readable);
  }

  request(argv: [string, ...string[]], readable: readonly string[] = [], limits: Limits = {}): IsolationRequest {
    this.#runs += 1;
    const run = join(this.#root, `run-${this.#runs}`);
    for (const name of ['', 'staging', 'home']) mkdirSync(join(run, name), { mode: 0o700 });
    return {
      runId: `${this.#run}-${this.#runs}`,
      argv,
      environment: { HOME: join(run, 'home'), PATH: '/usr/bin:/bin', HOLDFAST_RUN: `${this.#run}-${this.#runs}` },
      cwd: this.#project,
      temporary: run,
      project: this.#project,
      staging: join(run, 'staging'),
      readable,
      writable: [join(this.#project, 'out/written')],
      network: 'none',
      gpu: 'none',
      limits,
    };
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
    for (const path of [this.#homeCanary, ...Object.values(this.#writes)]) {
      try {
        rmSync(path, { force: true });
      } catch {
        // not ours to write, so nothing was written
      }
    }
  }
}

/**
 * System calls with the error that the filter answers: EPERM, EPERM, ENOSYS. Without one, PTRACE_TRACEME works, and
 * the kernel finds the empty arguments of the others invalid.
 */
function triedCalls(): { name: string; error: number; program: Uint8Array }[] {
  const isX64 = process.arch === 'x64';
  return [
    { name: 'ptrace', error: 1, program: systemCallProgram({ number: isX64 ? 101 : 117 }) },
    { name: 'bpf', error: 1, program: systemCallProgram({ number: isX64 ? 321 : 280 }) },
    { name: 'clone3', error: 38, program: systemCallProgram({ number: 435 }) },
  ];
}

/** This Node.js and the system, without asking anything. */
export function nodeOnly(): Toolchain {
  const { binds, links } = findSystemFiles();
  const folder = dirname(realpathSync(process.execPath));
  return { binds: isWithin('/usr', folder) ? binds : [...binds, folder], links, path: [folder] };
}
