import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { GatewayError } from '../errors.ts';
import { followsLast } from './last-request.ts';
import { problemHeaders, problemOf } from './problem.ts';
import { cutSlowReaders } from './slow-readers.ts';

export interface TlsMaterial {
  readonly certificate: string;
  readonly key: string;
  /** Authorities of client certificates, PEM; absent: none are asked for. */
  readonly clients?: string;
}

/** How long callers may take, in milliseconds. */
export interface CallerTimes {
  readonly head: number;
  readonly request: number;
  readonly idle: number;
  /** For each 64 KiB of an answer; 30 seconds when left out. */
  readonly read?: number;
}

const defaultTimes: CallerTimes = { head: 10_000, request: 30_000, idle: 30_000 };
const defaultRead = 30_000;
const longestHead = 16 * 1024;

export interface ListenerOptions {
  readonly tls?: TlsMaterial;
  readonly times?: CallerTimes;
}

/** A server that takes what is strictly HTTP/1.1, in bounded time; TLS is 1.3. What it cannot read it answers and cuts. */
export function createListener(listener: RequestListener, { tls, times = defaultTimes }: ListenerOptions): Server {
  const options: ServerOptions = {
    maxHeaderSize: longestHead,
    headersTimeout: times.head,
    requestTimeout: times.request,
    keepAliveTimeout: times.idle,
    connectionsCheckingInterval: Math.min(1000, times.head),
    requireHostHeader: true,
    insecureHTTPParser: false,
    noDelay: true,
  };
  const served: RequestListener = (message, response) => {
    if (!followsLast(message)) listener(message, response);
  };
  const server =
    tls === undefined
      ? createServer(options, served)
      : createTlsServer({ ...options, ...tlsOptions(tls), handshakeTimeout: times.head }, served);
  // Node would leave out what is beyond, and nobody would know: a request with too many is refused where its head is read.
  server.maxHeadersCount = 0;
  if (tls !== undefined) keepHandshakes(server);
  cutSlowReaders(server, times.read ?? defaultRead);
  server.on('clientError', refuseUnread);
  server.on('checkContinue', served);
  server.on('checkExpectation', (_: IncomingMessage, response: ServerResponse) => {
    const reason = new GatewayError('HF_GATEWAY_EXPECTATION', 'only `100-continue` is expected here');
    refuseUnread(reason, response.req.socket);
  });
  server.on('upgrade', (_, socket) => {
    refuseUnread(new GatewayError('HF_GATEWAY_FRAMING', 'a connection does not become another here'), socket as Socket);
  });
  return server;
}

const handshakes = new WeakMap<Server, Set<Socket>>();

/** Connections that have not agreed on TLS are none of those that the server knows of. */
function keepHandshakes(server: Server): void {
  const sockets = new Set<Socket>();
  handshakes.set(server, sockets);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
}

/** Cuts every connection, whatever it is doing. */
export function cutConnections(server: Server): void {
  server.closeAllConnections();
  for (const socket of handshakes.get(server) ?? []) socket.destroy();
}

function tlsOptions({ certificate, key, clients }: TlsMaterial) {
  const asked = clients === undefined ? {} : { ca: clients, requestCert: true, rejectUnauthorized: true };
  return { cert: certificate, key, minVersion: 'TLSv1.3' as const, ...asked };
}

/** Answers what is no request, where it can still be answered, and ends the connection. */
function refuseUnread(
  error: Error & { code?: string },
  socket: Pick<Socket, 'writable' | 'destroySoon' | 'destroy' | 'write'>,
): void {
  // A caller with whom TLS was not agreed on cannot be told anything.
  if (!socket.writable || error.code === 'ECONNRESET' || /^ERR_(?:TLS|SSL)_/.test(error.code ?? '')) {
    socket.destroy();
    return;
  }
  const reason = error instanceof GatewayError ? error : reasonOf(error.code);
  const body = JSON.stringify(problemOf(reason, randomUUID()));
  const headers = Object.entries({ ...problemHeaders(reason, Buffer.byteLength(body)), connection: 'close' });
  socket.write(
    [`HTTP/1.1 ${reason.status} Refused`, ...headers.map(([name, value]) => `${name}: ${value}`), '', body].join(
      '\r\n',
    ),
  );
  socket.destroySoon();
}

function reasonOf(code: string | undefined): GatewayError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new GatewayError('HF_GATEWAY_TOO_SLOW', 'the request did not arrive in time');
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new GatewayError('HF_GATEWAY_TOO_LARGE', `the head of a request has at most ${longestHead} bytes here`);
  }
  return new GatewayError('HF_GATEWAY_FRAMING', 'this is no HTTP/1.1 request');
}
