import type { Socket } from 'node:net';
import type { Address } from './address-rule.ts';
import { ClientHelloReader } from './client-hello.ts';
import type { DeclaredHost } from './declared-hosts.ts';
import type { Gate } from './gate.ts';
import { asRefusal, Refusal } from './refusal.ts';

/**
 * Serves `CONNECT host:port` (RFC 9110 section 9.3.6): TLS, and only to the host that its hello names.
 *
 * The peer is not connected to before the hello was read and found in order; it then gets every byte as it came.
 *
 * @param target The request target, as it was sent.
 * @param head What came with the request, behind its head.
 */
export async function serveTunnel(target: string, client: Socket, head: Buffer, gate: Gate): Promise<void> {
  client.on('error', () => client.destroy());
  let isAnswered = false;
  try {
    const peer = peerOf(target, gate);
    const addresses = await gate.destinations.addresses(peer);
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    isAnswered = true;
    const hello = await readHello(client, head, peer, gate);
    await joinPeer(client, hello, { peer, addresses }, gate);
  } catch (error) {
    const refusal = asRefusal(error);
    gate.tally.refused(target, refusal.message);
    client.end(isAnswered && refusal.status !== 400 ? alert(refusal) : answer(refusal));
    client.destroySoon();
  }
}

/** The body is for people. Who speaks HTTP where TLS should be can read it, too. */
function answer({ message, status }: Refusal): string {
  const body = `holdfast: the target ${message}\n`;
  const head = `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: text/plain\r\n`;
  return `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/**
 * A fatal alert, `unrecognized_name` or `internal_error` (RFC 8446 section 6): a TLS client tells it apart from a
 * network that is broken.
 */
function alert({ status }: Refusal): Uint8Array {
  return new Uint8Array([21, 3, 3, 0, 2, 2, status === 502 ? 80 : 112]);
}

/** `authority-form`: RFC 9112 section 3.2.3. */
function peerOf(target: string, { hosts }: Gate): DeclaredHost {
  const [, host, port] = /^(.*):([1-9][0-9]{0,4})$/.exec(target) ?? [];
  if (host === undefined || Number(port) > 65_535) throw new Refusal('is not HOST:PORT', 400);
  return hosts.find(host, Number(port));
}

/** All that came until the hello was whole; the client is paused then. */
function readHello(client: Socket, head: Buffer, { host }: DeclaredHost, { bounds }: Gate): Promise<Buffer> {
  const reader = new ClientHelloReader(bounds.helloBytes);
  const chunks: Buffer[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const onData = (chunk: Buffer): void => {
    try {
      chunks.push(chunk);
      const name = reader.push(chunk);
      if (name === undefined) return;
      if (name !== host) throw new Refusal(`was sent a TLS hello for \`${name}\``);
      resolve(Buffer.concat(chunks));
    } catch (error) {
      reject(error);
    }
  };
  const onEnd = (): void => {
    reject(new Refusal('was sent no TLS hello'));
  };
  const timer = setTimeout(() => {
    reject(new Refusal('was sent no TLS hello in time'));
  }, bounds.helloMs);
  client.on('data', onData).on('end', onEnd).on('close', onEnd);
  if (head.length > 0) onData(head);
  return promise.finally(() => {
    clearTimeout(timer);
    client.pause().off('data', onData).off('end', onEnd).off('close', onEnd);
  });
}

async function joinPeer(
  client: Socket,
  hello: Buffer,
  { peer, addresses }: { readonly peer: DeclaredHost; readonly addresses: readonly Address[] },
  { destinations, tally, bounds }: Gate,
): Promise<void> {
  const { socket, address } = await destinations.connect(addresses, peer.port);
  tally.connected(peer, address, socket);
  if (client.destroyed) {
    socket.destroy();
    return;
  }
  breakTogether(client, socket);
  socket.setTimeout(bounds.idleMs, () => socket.destroy());
  socket.write(hello);
  client.pipe(socket).pipe(client);
}

/** An orderly end of one side is passed on by `pipe`; everything else ends both. */
function breakTogether(client: Socket, socket: Socket): void {
  for (const [one, other] of [
    [client, socket],
    [socket, client],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => {
      if (!one.readableEnded || !one.writableFinished) other.destroy();
    });
  }
}
