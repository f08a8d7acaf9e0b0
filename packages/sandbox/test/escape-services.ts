import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type ListenOptions, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { makeCertificate } from './egress-scene.ts';

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
    const web = await this.#listenWeb();
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
      ...web,
      ...files,
      SOCKET,
      DOCKER,
      BUS,
      ABSTRACT: abstract,
      SHM_ID: this.#shmId,
      RUNNER: String(process.pid),
    };
  }

  /**
   * What a list of hosts may permit: TLS that gives everything away (TLS_PORT), TLS that does so only under another
   * name (FRONT_PORT), and HTTP that does so only under another `Host` (WEB_PORT).
   */
  async #listenWeb(): Promise<Record<string, string>> {
    const { key, certificate: cert } = makeCertificate('localhost', 'other.example');
    const answer = (isOther: boolean): string => (isOther ? 'CANARY-web' : 'nothing to see');
    const tls = createHttpsServer({ key, cert }, (_, response) => response.end(answer(true)));
    const front = createHttpsServer({ key, cert }, ({ socket }, response) => {
      response.end(answer((socket as TLSSocket).servername === 'other.example'));
    });
    const web = createHttpServer({ requireHostHeader: false }, ({ rawHeaders }, response) => {
      response.end(answer(rawHeaders.some((value) => value.includes('other.example'))));
    });
    const [TLS_PORT, FRONT_PORT, WEB_PORT] = await Promise.all([tls, front, web].map((server) => this.#open(server)));
    return { TLS_PORT: TLS_PORT ?? '', FRONT_PORT: FRONT_PORT ?? '', WEB_PORT: WEB_PORT ?? '' };
  }

  #open(server: Server): Promise<string> {
    this.#closers.push(() => server.close());
    return new Promise((resolve, reject) => {
      server.on('error', reject);
      server.listen({ host: '127.0.0.1', port: 0 }, () => {
        resolve(portOf(server));
      });
    });
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
