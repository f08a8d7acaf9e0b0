import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A docker service of a test's own, which `nobody` may use: without a network, its state in a folder of its own. */
export class DockerDaemon {
  readonly #folder = mkdtempSync(join(tmpdir(), 'holdfast-docker-'));
  readonly #socket = join(this.#folder, 'docker.sock');
  readonly #daemon: ChildProcess;

  private constructor(group: string) {
    chmodSync(this.#folder, 0o755);
    const state = ['--data-root', join(this.#folder, 'data'), '--exec-root', join(this.#folder, 'exec')];
    const place = ['--pidfile', join(this.#folder, 'pid'), '--host', `unix://${this.#socket}`, '--group', group];
    const network = ['--bridge=none', '--iptables=false', '--ip6tables=false'];
    this.#daemon = spawn('dockerd', [...state, ...place, ...network], { stdio: 'ignore' });
  }

  /** What a client needs to know. */
  get environment(): Record<string, string> {
    return { DOCKER_HOST: `unix://${this.#socket}` };
  }

  /** `undefined` where none can run. */
  static async start(group: string): Promise<DockerDaemon | undefined> {
    const isThere = ['/usr/bin', '/usr/sbin'].some((folder) => existsSync(join(folder, 'dockerd')));
    if (!isThere || process.getuid?.() !== 0) return undefined;
    const daemon = new DockerDaemon(group);
    for (let turn = 0; turn < 600 && daemon.#daemon.exitCode === null; turn += 1) {
      if (existsSync(daemon.#socket)) return daemon;
      await sleep(100);
    }
    await daemon.stop();
    return undefined;
  }

  async stop(): Promise<void> {
    if (this.#daemon.exitCode === null) {
      const ended = new Promise((resolve) => this.#daemon.once('exit', resolve));
      this.#daemon.kill('SIGTERM');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
