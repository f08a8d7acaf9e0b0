import type { Socket } from 'node:net';
import type { EgressPeer, EgressRefusal, RunAccount } from '../isolation.ts';
import type { DeclaredHost } from './declared-hosts.ts';

interface PeerCount {
  readonly host: string;
  readonly port: number;
  readonly addresses: Set<string>;
  connections: number;
  /** Of connections that are closed. */
  sentBytes: number;
  receivedBytes: number;
  readonly open: Set<Socket>;
}

/** Different ones are kept for each peer; a name that leads to more is seldom connected to more often. */
const maximumAddresses = 64;
const maximumTargetLength = 200;

/**
 * Counts what passes the proxy, and what does not.
 *
 * Bytes to a peer are those that were handed to the kernel; of a connection that broke, not all of them need have
 * arrived. Never less than what left.
 */
export class Tally {
  readonly #peers = new Map<DeclaredHost, PeerCount>();
  readonly #refusals = new Map<string, { target: string; reason: string; count: number }>();
  readonly #maximumRefusals: number;
  #furtherRefusals = 0;

  constructor(maximumRefusals: number) {
    this.#maximumRefusals = maximumRefusals;
  }

  /** @param socket From now on, and until it is closed, everything on it is counted for the peer. */
  connected(declared: DeclaredHost, address: string, socket: Socket): void {
    const peer = this.#peerOf(declared);
    peer.connections += 1;
    if (peer.addresses.size < maximumAddresses) peer.addresses.add(address);
    peer.open.add(socket);
    socket.once('close', () => {
      peer.open.delete(socket);
      peer.sentBytes += socket.bytesWritten;
      peer.receivedBytes += socket.bytesRead;
    });
  }

  /** @param target As it was asked for: the request target, or what stands for one. */
  refused(target: string, reason: string): void {
    const shownTarget = printable(withoutSecrets(target));
    const key = `${shownTarget}\0${reason}`;
    const known = this.#refusals.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#refusals.size < this.#maximumRefusals)
      this.#refusals.set(key, { target: shownTarget, reason, count: 1 });
    else this.#furtherRefusals += 1;
  }

  account(): Required<RunAccount>['network'] {
    return { peers: [...this.#peers.values()].map(peerAccount), refused: this.#refusalAccount() };
  }

  #peerOf(declared: DeclaredHost): PeerCount {
    const { host, port } = declared;
    const known = this.#peers.get(declared);
    if (known !== undefined) return known;
    const counts = { connections: 0, sentBytes: 0, receivedBytes: 0 };
    const peer = { host, port, addresses: new Set<string>(), ...counts, open: new Set<Socket>() };
    this.#peers.set(declared, peer);
    return peer;
  }

  #refusalAccount(): EgressRefusal[] {
    const known = [...this.#refusals.values()].map((refusal) => ({ ...refusal }));
    if (this.#furtherRefusals === 0) return known;
    return [...known, { target: '(others)', reason: 'more than are listed', count: this.#furtherRefusals }];
  }
}

function peerAccount({ host, port, addresses, connections, ...counts }: PeerCount): EgressPeer {
  const open = [...counts.open];
  const sum = (closed: number, bytesOf: (socket: Socket) => number): number =>
    open.reduce((bytes, socket) => bytes + bytesOf(socket), closed);
  return {
    host,
    port,
    addresses: [...addresses].toSorted(),
    connections,
    sentBytes: sum(counts.sentBytes, (socket) => socket.bytesWritten),
    receivedBytes: sum(counts.receivedBytes, (socket) => socket.bytesRead),
  };
}

/** The path of a URL may hold a token, and what stands before an `@` a password: neither goes into the provenance. */
function withoutSecrets(target: string): string {
  const [, scheme = '', authority = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#@]*@)*([^/?#]*)/i.exec(target) ?? [];
  return `${scheme}${authority}` || '/';
}

function printable(text: string): string {
  const safe = text.slice(0, maximumTargetLength).replaceAll(/[^\x20-\x7e]/g, '?');
  return text.length > maximumTargetLength ? `${safe}…` : safe;
}
