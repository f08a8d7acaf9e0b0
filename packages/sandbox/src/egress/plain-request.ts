import { type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { DeclaredHost } from './declared-hosts.ts';
import type { Gate } from './gate.ts';
import { hostNameOf } from './host-name.ts';
import { asRefusal, Refusal } from './refusal.ts';

/** Where a request without TLS goes, and as what. */
interface PlainTarget {
  readonly peer: DeclaredHost;
  /** `origin-form`, for the peer: RFC 9112 section 3.2.1. */
  readonly path: string;
}

const httpPort = 80;
const httpsPort = 443;

/**
 * Serves `GET http://host:port/path` (RFC 9112 section 3.2.2): only where the list names the port, because a host alone
 * means TLS. The request is not passed on as it came, but written anew from what the parser understood, so that the
 * peer cannot understand another one, or two.
 */
export async function serveRequest(request: IncomingMessage, response: ServerResponse, gate: Gate): Promise<void> {
  const target = request.url ?? '';
  response.sendDate = false; // the peer's counts
  try {
    const found = targetOf(target, request, gate);
    const headers = requestHeaders(request);
    const addresses = await gate.destinations.addresses(found.peer);
    const { socket, address } = await gate.destinations.connect(addresses, found.peer.port);
    gate.tally.connected(found.peer, address, socket);
    socket.setTimeout(gate.bounds.idleMs, () => socket.destroy());
    await exchange({ request, response, socket }, found.path, headers);
  } catch (error) {
    const refusal = asRefusal(error);
    gate.tally.refused(target, refusal.message);
    refuse(response, refusal);
  }
}

function refuse(response: ServerResponse, { message, status }: Refusal): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, 'Refused', { 'Content-Type': 'text/plain', Connection: 'close' });
  response.end(`holdfast: the target ${message}\n`);
}

/** Taken apart by hand: `URL` corrects what it reads, and a server further on may correct it in another way. */
function targetOf(target: string, request: IncomingMessage, { hosts }: Gate): PlainTarget {
  const pattern = /^http:\/\/([^/?#@:]*|\[[^\]]*\])(?::([1-9][0-9]{0,4}))?((?:[/?][\x21\x22\x24-\x7e]*)?)$/i;
  const [, host, digits, rest = ''] = pattern.exec(target) ?? [];
  const port = digits === undefined ? httpPort : Number(digits);
  if (host === undefined || port > 65_535) throw new Refusal('is not CONNECT, nor http://HOST:PORT/PATH', 400);
  const peer = hosts.find(host, port);
  if (!peer.isPortNamed || port === httpsPort) throw new Refusal('is open for TLS only');
  requireSameHost(request, peer);
  return { peer, path: rest.startsWith('/') ? rest : `/${rest}` };
}

/** RFC 9112 section 3.2: exactly one, and a proxy goes by the target; a peer that goes by the header must see the same. */
function requireSameHost({ rawHeaders }: IncomingMessage, { host, port }: DeclaredHost): void {
  const values = pairs(rawHeaders).flatMap(([name, value]) => (name.toLowerCase() === 'host' ? [value] : []));
  const [, name = '', digits] = /^([^:]*)(?::([0-9]{1,5}))?$/.exec(values[0] ?? '') ?? [];
  const isSame = hostNameOf(name) === host && (digits === undefined ? httpPort : Number(digits)) === port;
  if (values.length !== 1 || !isSame) throw new Refusal('differs from the Host header', 400);
}

/** Of one connection, not of the message: RFC 9110 section 7.6.1, and what proxies are sent beside it. */
const hopByHop = new Set(
  'connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade expect'.split(
    ' ',
  ),
);

/** They say where a message ends, or for whom it is. No `Connection` header may take them away. */
const structural = new Set(['content-length', 'host']);

function requestHeaders(request: IncomingMessage): string[] {
  const coding = request.headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    throw new Refusal('was sent a body in an unknown coding', 400);
  const framing = coding === undefined ? [] : ['Transfer-Encoding', 'chunked']; // the parser takes no length beside it
  return [...endToEnd(request), ...framing, 'Via', `${request.httpVersion} holdfast`, 'Connection', 'close'];
}

function endToEnd({ rawHeaders, headers }: IncomingMessage): string[] {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([...hopByHop, ...named.filter((name) => !structural.has(name))]);
  return pairs(rawHeaders)
    .filter(([name]) => !dropped.has(name.toLowerCase()))
    .flat();
}

function pairs(rawHeaders: readonly string[]): [string, string][] {
  return rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as [string, string]] : []));
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
}

/** Without an agent, which would connect by itself; the socket is there already. */
function exchange({ request, response, socket }: Exchange, path: string, headers: string[]): Promise<void> {
  const { method = 'GET' } = request;
  return new Promise((resolve, reject) => {
    const onBroken = (): void => {
      socket.destroy();
      reject(new Refusal('broke off', 502));
    };
    if (response.destroyed) {
      onBroken();
      return;
    }
    const outgoing = sendRequest({ method, path, headers, createConnection: () => socket, maxHeaderSize: 65_536 });
    let isAnswered = false;
    outgoing.on('error', onBroken).on('response', (incoming) => {
      isAnswered = true;
      incoming.on('error', onBroken);
      if (!answer(incoming, response)) onBroken();
    });
    // also when the peer switches protocols, which nobody asked it for
    outgoing.on('close', () => {
      if (!isAnswered) onBroken();
    });
    request.on('error', onBroken);
    response.on('error', onBroken).on('close', () => {
      socket.destroy();
      resolve();
    });
    request.pipe(outgoing);
  });
}

/** False for an answer that the parser let through and that cannot be written. */
function answer(incoming: IncomingMessage, response: ServerResponse): boolean {
  try {
    // without the peer's reason phrase, which may hold anything, and which nobody needs: RFC 9112 section 4
    response.writeHead(incoming.statusCode ?? 502, [...endToEnd(incoming), 'Connection', 'close']);
  } catch {
    return false;
  }
  incoming.pipe(response);
  return true;
}
