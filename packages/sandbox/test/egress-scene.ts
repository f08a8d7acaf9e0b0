import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Skips where openssl(1), which makes the certificates, is missing, or fails where everything must be there. */
export function needsOpenssl(context: { skip(note: string): unknown }): void {
  if (['/usr/bin/openssl', '/usr/local/bin/openssl', '/bin/openssl'].some((path) => existsSync(path))) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs openssl');
  context.skip('needs openssl');
}

export interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

/** A self-signed certificate, its own authority. */
export function makeCertificate(...names: readonly string[]): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-certificate-'));
  try {
    const [key, certificate] = [join(folder, 'key'), join(folder, 'certificate')];
    const alternatives = names.map((name) => `DNS:${name}`).join(',');
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const subject = ['-subj', `/CN=${names[0]}`, '-addext', `subjectAltName=${alternatives}`];
    const files = ['-keyout', key, '-out', certificate];
    execFileSync('openssl', ['req', '-x509', ...kind, ...subject, ...files], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a server of the scene was asked for. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** Servers on the loopback address, and the folder of a proxy's socket. */
export class EgressScene {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-egress-')));
  readonly socket = join(this.folder, 'egress');
  readonly received: Received[] = [];
  readonly #servers: Server[] = [];
  readonly #open = new Set<Socket>();

  /** An HTTPS server that answers `hello METHOD URL LENGTH` and repeats the body. */
  tls({ key, certificate }: Certificate): Promise<number> {
    const server = createHttpsServer({ key, cert: certificate }, (request, response) => {
      void this.#receive(request).then((body) => response.end(`hello ${request.method} ${request.url} ${body}`));
    });
    return this.#listen(server);
  }

  /** The same without TLS. */
  plain(): Promise<number> {
    const server = createHttpServer({ requireHostHeader: false }, (request, response) => {
      void this.#receive(request).then((body) => response.end(`hello ${request.method} ${request.url} ${body}`));
    });
    return this.#listen(server);
  }

  async #receive(request: IncomingMessage): Promise<string> {
    let body = '';
    for await (const chunk of request.setEncoding('latin1')) body += chunk as string;
    const { method = '', url = '', rawHeaders } = request;
    this.received.push({ method, url, rawHeaders, body });
    return body;
  }

  /** A peer that is no server of any protocol: `onSocket` does what it likes. */
  raw(onSocket: (socket: Socket) => void, host = '127.0.0.1'): Promise<number> {
    return this.#listen(createServer({ allowHalfOpen: true }, onSocket), host);
  }

  /** Passes everything on to a port, counts, and keeps what came first. */
  async relay(port: number): Promise<Relay> {
    const relay = new Relay();
    relay.port = await this.raw((socket) => {
      relay.pass(socket, this.#track(connect({ host: '127.0.0.1', port, allowHalfOpen: true })));
    });
    return relay;
  }

  #listen(server: Server, host = '127.0.0.1'): Promise<number> {
    this.#servers.push(server);
    server.on('connection', (socket: Socket) => {
      this.#track(socket);
    });
    return new Promise((resolve, reject) => {
      server.on('error', reject);
      server.listen(0, host, () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  #track(socket: Socket): Socket {
    this.#open.add(socket);
    socket.on('close', () => this.#open.delete(socket)).on('error', () => undefined);
    return socket;
  }

  remove(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#open) socket.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Stands between a proxy and a server and counts by itself what the one sends to the other. */
export class Relay {
  port = 0;
  connections = 0;
  readonly #closed: Promise<unknown>[] = [];
  /** Towards the server, and back. */
  sentBytes = 0;
  receivedBytes = 0;

  pass(client: Socket, server: Socket): void {
    this.connections += 1;
    this.#closed.push(once(client, 'close'), once(server, 'close'));
    client.on('data', (chunk: Buffer) => {
      this.sentBytes += chunk.length;
      server.write(chunk);
    });
    server.on('data', (chunk: Buffer) => {
      this.receivedBytes += chunk.length;
      client.write(chunk);
    });
    client.on('end', () => server.end()).on('close', () => server.destroy());
    server.on('end', () => client.end()).on('close', () => client.destroy());
  }

  /** When every connection so far is closed: nothing is on its way any more. */
  async finished(): Promise<void> {
    await Promise.all(this.#closed);
  }
}
