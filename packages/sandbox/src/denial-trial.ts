import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bubblewrapIsolation } from './bubblewrap.ts';
import type { IsolationRequest } from './isolation.ts';
import { launch } from './launch.ts';
import { isWithin } from './paths.ts';
import { probeScript } from './probe-script.ts';
import { systemCallProgram } from './system-call-trial.ts';
import { findSystemFiles } from './system-files.ts';
import type { Toolchain } from './toolchain.ts';

/** What a trial found. */
export interface DenialResult {
  /** One sentence for each promise that did not hold. */
  readonly problems: readonly string[];
  /** What bubblewrap wrote to standard error. */
  readonly complaint: string;
}

/** Tries, in a sandbox on this machine, what a sandbox must deny. */
export async function tryDenials(program: string, version: string): Promise<DenialResult> {
  const scene = new Scene();
  try {
    const listener = await listen({ host: '127.0.0.1', port: 0 });
    const abstract = await listen({ path: `\0${scene.name}` });
    try {
      const address = listener.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const isolation = bubblewrapIsolation({ program, version, toolchain: nodeOnly() });
      const command = await isolation.wrap(scene.request(port));
      const { code, stdout, stderr } = await launch(command, { timeoutMs: 30_000 });
      const done = code === 0 ? stringsOf(stdout) : undefined;
      if (done === undefined)
        return { problems: [`a sandbox could not be started: ${firstLine(stderr)}`], complaint: stderr };
      return { problems: problemsOf(done), complaint: stderr };
    } finally {
      listener.close();
      abstract.close();
    }
  } catch (error) {
    const complaint = error instanceof Error ? error.message : String(error);
    return { problems: [`the sandbox could not be tried: ${complaint}`], complaint };
  } finally {
    scene.remove();
  }
}

/** What must work, by the word that the script prints. */
const wanted = { 'read-input': 'an input could not be read', 'write-output': 'an output could not be written' };

function problemsOf(done: readonly string[]): string[] {
  const missing = Object.entries(wanted).filter(([name]) => !done.includes(name));
  const escaped = done.filter((name) => !(name in wanted));
  return [...missing.map(([, problem]) => problem), ...escaped.map((name) => `the sandbox does not stop \`${name}\``)];
}

/** A project with an input, canaries around it, and programs that call the kernel. */
class Scene {
  readonly name = `holdfast-probe-${randomBytes(8).toString('hex')}`;
  readonly #root = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-probe-')));
  readonly #project = join(this.#root, 'project');
  readonly #homeCanary = join(homedir(), `.${this.name}`);

  /** Of this trial alone, so that what a sandbox that holds nothing lets through can be taken away again. */
  readonly #writes = {
    'write-usr': `/usr/${this.name}`,
    'write-etc': `/etc/${this.name}`,
    'write-root': `/${this.name}`,
  };

  constructor() {
    chmodSync(this.#root, 0o700);
    for (const name of ['project', 'run', 'run/staging', 'run/home'])
      mkdirSync(join(this.#root, name), { mode: 0o700 });
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

  request(port: number): IsolationRequest {
    const inProject = (name: string): string => join(this.#project, name);
    const run = join(this.#root, 'run');
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
    return {
      runId: this.name,
      argv: [process.execPath, inProject('trial.mjs'), JSON.stringify(places)],
      environment: { HOME: join(run, 'home'), PATH: '/usr/bin:/bin' },
      cwd: this.#project,
      temporary: run,
      project: this.#project,
      staging: join(run, 'staging'),
      readable: ['input', 'trial.mjs', ...triedCalls().map(({ name }) => name)].map(inProject),
      writable: [inProject('out/written')],
      network: 'none',
      gpu: 'none',
      limits: {},
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
function nodeOnly(): Toolchain {
  const { binds, links } = findSystemFiles();
  const folder = dirname(realpathSync(process.execPath));
  return { binds: isWithin('/usr', folder) ? binds : [...binds, folder], links, path: [folder] };
}

function listen(options: { host: string; port: number } | { path: string }): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(options, () => {
      resolve(server);
    });
  });
}

function stringsOf(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.slice(0, 300) ?? '';
}
