import { lookup as lookUp } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { type Address, addressProblem } from './address-rule.ts';
import type { Bounds } from './bounds.ts';
import type { DeclaredHost } from './declared-hosts.ts';
import { Refusal } from './refusal.ts';

/** The addresses of a name, as the machine finds them. */
export type Lookup = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** As every program of the machine: its `hosts` file, its name servers. */
export const systemLookup: Lookup = (host) => lookUp(host, { all: true, order: 'verbatim' });

const maximumAddresses = 16;
const maximumTries = 4;

/** Finds and reaches peers: a name is looked up once for a connection, and only what was looked at is connected to. */
export class Destinations {
  readonly #lookup: Lookup;
  readonly #bounds: Bounds;
  /** Lookups block threads of this process: however often a run asks at once, there is one for each host. */
  readonly #underWay = new Map<string, Promise<readonly Address[]>>();

  constructor(lookup: Lookup, bounds: Bounds) {
    this.#lookup = lookup;
    this.#bounds = bounds;
  }

  /** @throws Refusal When there is no address, or any that the name may not lead to. */
  async addresses({ host }: DeclaredHost): Promise<readonly Address[]> {
    const known = this.#underWay.get(host);
    if (known !== undefined) return known;
    const found = this.#look(host).finally(() => this.#underWay.delete(host));
    this.#underWay.set(host, found);
    return found;
  }

  async #look(host: string): Promise<readonly Address[]> {
    const found = await this.#answer(host);
    const addresses = found.map(({ address, family }): Address => ({ address, family: family === 6 ? 6 : 4 }));
    if (addresses.length === 0) throw new Refusal('has no address', 502);
    if (addresses.length > maximumAddresses) throw new Refusal(`has more than ${maximumAddresses} addresses`);
    for (const address of addresses) {
      const problem = addressProblem(host, address);
      if (problem !== undefined) throw new Refusal(problem);
    }
    return addresses;
  }

  async #answer(host: string): Promise<Awaited<ReturnType<Lookup>>> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new Refusal('could not be looked up in time', 502));
    }, this.#bounds.lookupMs);
    try {
      return await Promise.race([this.#lookup(host), late]);
    } catch (error) {
      throw error instanceof Refusal ? error : new Refusal(`could not be looked up (${codeOf(error)})`, 502);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Connects to the first of the addresses that answers. An address is no name: nothing is looked up again, so a
   * name server cannot say something else now (DNS rebinding).
   *
   * @throws Refusal When none does.
   */
  async connect(addresses: readonly Address[], port: number): Promise<{ socket: Socket; address: string }> {
    let reason = '';
    for (const { address, family } of addresses.slice(0, maximumTries)) {
      try {
        const options = { host: address, family, port, allowHalfOpen: true, noDelay: true };
        return { socket: await connected(connect(options), this.#bounds.connectMs), address };
      } catch (error) {
        reason = codeOf(error);
      }
    }
    throw new Refusal(`could not be reached (${reason})`, 502);
  }
}

function connected(socket: Socket, limitMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })), limitMs);
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      socket
        .off('connect', settle)
        .off('error', settle)
        .on('error', () => socket.destroy());
      if (error === undefined) resolve(socket);
      else reject(error);
    };
    socket.on('connect', settle).on('error', settle);
  });
}

/** `ENOTFOUND`, `ECONNREFUSED`: a word of a fixed list, whatever the error says beside it. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? code : 'unknown reason';
}
