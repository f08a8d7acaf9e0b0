import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ListenOptions, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const answer = 'HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nCANARY-tcp';

function listen(options: ListenOptions): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(answer);
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(options, () => {
      resolve(server);
    });
  });
}

function portOf(server: Server): string {
  const address = server.address();
  return typeof address === 'object' && address !== null ? String(address.port) : '';
}

/** What runs on a machine, and what an attempt would like to reach. */
export class Services {
  readonly #folder = mkdtempSync(join(tmpdir(), 'holdfast-services-'));
  readonly #shared = `/dev/shm/holdfast-${process.pid}`;
  readonly #closers: (() => unknown)[] = [];
  #victim: ChildProcess | undefined;
  #shmId = '';

  async start(): Promise<Record<string, string>> {
    const [tcp, tcp6] = [await listen({ host: '127.0.0.1', port: 0 }), await this.#listenV6()];
    const sockets = ['daemon.sock', 'docker.sock', 'bus'].map((name) => join(this.#folder, name));
    const abstract = `holdfast-escape-${process.pid}`;
    const servers = [tcp, tcp6];
    for (const path of [...sockets, `\0${abstract}`]) servers.push(await listen({ path }));
    for (const server of servers) this.#closers.push(() => server?.close());
    const udp = await this.#listenUdp();
    writeFileSync(this.#shared, 'CANARY-shm');
    writeFileSync(join(this.#folder, 'temporary'), 'CANARY-tmp');
    this.#shmId = /(\d+)/.exec(execFileSync('ipcmk', ['-M', '4096'], { encoding: 'utf8' }))?.[1] ?? '';
    const [SOCKET = '', DOCKER = '', BUS = ''] = sockets;
    const ports = { TCP_PORT: portOf(tcp), TCP6_PORT: tcp6 === undefined ? '1' : portOf(tcp6), UDP_PORT: String(udp) };
    const files = { SHM_FILE: this.#shared, TMP_FILE: join(this.#folder, 'temporary') };
    return {
      ...ports,
      ...files,
      SOCKET,
      DOCKER,
      BUS,
      ABSTRACT: abstract,
      SHM_ID: this.#shmId,
      RUNNER: String(process.pid),
    };
  }

  #listenV6(): Promise<Server | undefined> {
    return listen({ host: '::1', port: 0 }).catch(() => undefined);
  }

  #listenUdp(): Promise<number> {
    const socket = createSocket('udp4');
    socket.on('message', (_, { port, address }) => {
      socket.send('CANARY-udp', port, address);
    });
    this.#closers.push(() => socket.close());
    return new Promise((resolve) => {
      socket.bind(0, '127.0.0.1', () => {
        resolve(socket.address().port);
      });
    });
  }

  /** A process of the same user with a secret in its arguments, environment, memory and an open file. */
  victim(): string {
    if (this.#victim?.exitCode === null && this.#victim.signalCode === null) return String(this.#victim.pid);
    mkdirSync(join(this.#folder, 'victim'), { recursive: true });
    writeFileSync(join(this.#folder, 'victim/secret.txt'), 'CANARY-file');
    const descriptor = openSync(join(this.#folder, 'victim/secret.txt'), 'r');
    const options = { stdio: [descriptor, 'ignore', 'ignore'] as ('ignore' | number)[], detached: true };
    const env = { SECRET: 'CANARY-environment' };
    const program = 'import time; time.sleep(600)';
    this.#victim = spawn('/usr/bin/python3', ['-c', program, 'CANARY-argument'], { ...options, env });
    closeSync(descriptor);
    return String(this.#victim.pid);
  }

  stop(): void {
    this.#victim?.kill('SIGKILL');
    for (const close of this.#closers) close();
    if (this.#shmId !== '') execFileSync('ipcrm', ['-m', this.#shmId]);
    rmSync(this.#shared, { force: true });
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
