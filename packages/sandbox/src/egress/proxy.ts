import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SandboxError, shown } from '../errors.ts';
import type { RunAccount } from '../isolation.ts';
import { type Bounds, defaultBounds } from './bounds.ts';
import { DeclaredHosts } from './declared-hosts.ts';
import { Destinations, type Lookup, systemLookup } from './destination.ts';
import type { Gate } from './gate.ts';
import { serveRequest } from './plain-request.ts';
import { Tally } from './tally.ts';
import { serveTunnel } from './tunnel.ts';

export interface EgressOptions {
  /** `pypi.example`, `mirror.example:8080`. */
  readonly hosts: readonly string[];
  /** Where to listen: the absolute path of a Unix socket, in a folder that nobody else can enter. */
  readonly socket: string;
  readonly bounds?: Partial<Bounds>;
  /** Default: as the machine looks names up. */
  readonly lookup?: Lookup;
}

export interface EgressProxy {
  /** `only pypi.example:443`. */
  readonly description: string;
  /** Names that may be reached. */
  readonly hosts: ReadonlySet<string>;
  /** Ends every connection, so that nothing passes that is not counted, and tells what passed. */
  readonly account: () => Required<RunAccount>['network'];
  /** Ends every connection and removes the socket. */
  readonly close: () => Promise<void>;
}

/** sun_path of unix(7), without its NUL. */
const maximumSocketPath = 107;

/**
 * Opens the proxy that is the only way out of a sandbox with a list of hosts.
 *
 * It speaks HTTP (RFC 9110, 9112) on a Unix socket: CONNECT for TLS, whose hello must name the host, and requests
 * without TLS where the list names a port. One request for each connection. Everything else is refused and counted.
 *
 * @throws SandboxError HF_SANDBOX_REQUEST, HF_SANDBOX_START.
 *
 * @example
 * const proxy = await openEgressProxy({ hosts: ['pypi.example'], socket: '/tmp/run-1/egress' });
 * const { peers, refused } = proxy.account();
 * await proxy.close();
 */
export async function openEgressProxy(options: EgressOptions): Promise<EgressProxy> {
  const hosts = new DeclaredHosts(options.hosts);
  const bounds = { ...defaultBounds, ...options.bounds };
  const destinations = new Destinations(options.lookup ?? systemLookup, bounds);
  const gate: Gate = { hosts, destinations, tally: new Tally(bounds.refusals), bounds };
  const sockets = new Set<Socket>();
  const server = serverOf(gate, sockets);
  await listen(server, options.socket);
  const stop = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return {
    description: hosts.describe(),
    hosts: hosts.names(),
    account: () => {
      stop();
      return gate.tally.account();
    },
    close: async () => {
      stop();
      await rm(options.socket, { force: true });
    },
  };
}

function serverOf(gate: Gate, sockets: Set<Socket>): Server {
  const { bounds, tally } = gate;
  const server = createServer({
    maxHeaderSize: bounds.headerBytes,
    headersTimeout: bounds.headerMs,
    connectionsCheckingInterval: Math.ceil(bounds.headerMs / 4),
    requestTimeout: 0, // a body may be large; who sends none of it is idle
    requireHostHeader: false, // is looked at here, and counted
    insecureHTTPParser: false,
  });
  server.maxConnections = bounds.connections;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('drop', () => {
    tally.refused('(connection)', 'is one too many at once');
  });
  server.on('error', () => {
    tally.refused('(connection)', 'could not be accepted'); // no descriptor is left
  });
  server.on('clientError', refuseUnread(tally));
  serveFirst(server, gate);
  return server;
}

/** One request for each connection: a second one behind it is for a peer that nobody looked at. */
function serveFirst(server: Server, gate: Gate): void {
  const served = new WeakSet<Duplex>();
  const isFirst = ({ socket, url = '' }: IncomingMessage): boolean => {
    const isServed = served.has(socket);
    served.add(socket);
    if (!isServed) return true;
    gate.tally.refused(url, 'is a second request on one connection');
    socket.destroy();
    return false;
  };
  server.on('connect', (request, socket, head) => {
    if (isFirst(request)) settle(serveTunnel(request.url ?? '', socket as Socket, head, gate), socket);
  });
  server.on('request', (request, response) => {
    response.shouldKeepAlive = false;
    if (isFirst(request)) settle(serveRequest(request, response, gate), request.socket);
  });
}

/** An error that nobody thought of ends one connection, not the process that runs the stages. */
function settle(served: Promise<void>, socket: Duplex): void {
  served.catch(() => socket.destroy());
}

/** What the parser refused. Its words for that are few and its own. */
function refuseUnread(tally: Tally) {
  return (error: NodeJS.ErrnoException, socket: Duplex): void => {
    const code = error.code ?? '';
    if (/^(?:HPE|ERR_HTTP)_[A-Z_]+$/.test(code)) tally.refused('(not a request)', `was not understood (${code})`);
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    (socket as Socket).destroySoon();
  };
}

async function listen(server: Server, path: string): Promise<void> {
  if (Buffer.byteLength(path) > maximumSocketPath) {
    const fix = 'set TMPDIR to a folder with a shorter path';
    throw new SandboxError('HF_SANDBOX_REQUEST', `the path of the socket ${shown(path)} is too long`, { fix });
  }
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ path }, resolve);
    });
    await chmod(path, 0o600);
  } catch (cause) {
    server.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SandboxError('HF_SANDBOX_START', `the egress proxy could not be opened: ${shown(reason)}`, { cause });
  }
}
