import { join } from 'node:path';
import { SandboxError } from '../errors.ts';
import type { IsolationRequest } from '../isolation.ts';
import { type EgressProxy, openEgressProxy } from './proxy.ts';
import { type WayIn, wayIn } from './way-in.ts';

/** The only way out of one run: a proxy outside, and the way to it inside. */
export interface Egress extends WayIn, EgressProxy {}

/**
 * Opens the way out for a request with a list of hosts; `undefined` for one without.
 *
 * @param folder Where its socket goes; nobody else can enter it.
 * @param binds What the sandbox shows anyway, absolute paths.
 * @throws SandboxError HF_SANDBOX_REQUEST, HF_SANDBOX_START.
 */
export async function openEgress(
  { network, environment }: IsolationRequest,
  folder: string,
  binds: readonly string[],
): Promise<Egress | undefined> {
  if (network === 'none' || network === 'open') return undefined;
  // a caller without types may pass another word: it is no list, and must not be taken for one
  if (!Array.isArray(network)) throw new SandboxError('HF_SANDBOX_REQUEST', 'the network is no list of hosts');
  const socket = join(folder, 'egress');
  const proxy = await openEgressProxy({ hosts: network, socket });
  try {
    return { ...proxy, ...wayIn({ socket, binds, hosts: proxy.hosts, marker: environment['HOLDFAST_RUN'] }) };
  } catch (error) {
    await proxy.close();
    throw error;
  }
}
