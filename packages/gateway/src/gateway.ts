import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HandedConnections } from './http/handed-connections.ts';
import { type CallerTimes, createListener, cutConnections, type TlsMaterial } from './http/listener.ts';
import type { Chain } from './serve/chain.ts';
import { serveRequest } from './serve/serve-request.ts';

export interface GatewayOptions {
  readonly address: string;
  /** 0: one that is free. */
  readonly port: number;
  readonly tls?: TlsMaterial;
  readonly times?: CallerTimes;
  /** Where connections come from in a process that does not listen itself. */
  readonly handed?: HandedConnections;
}

/** A gateway that listens. */
export interface Gateway {
  readonly address: AddressInfo;
  /** Takes no new requests, lets those that are on their way end for as long as is given, and closes. */
  close(drainMs: number): Promise<void>;
}

/** Listens, and sends every request through the chain. */
export async function openGateway(
  chain: Chain,
  { address, port, tls, times, handed }: GatewayOptions,
): Promise<Gateway> {
  const server = createListener(
    (message, response) => {
      void serveRequest(chain, message, response);
    },
    { ...(tls === undefined ? {} : { tls }), ...(times === undefined ? {} : { times }) },
  );
  if (handed !== undefined) {
    const drain = handed.into(server);
    return { address: { address, port, family: '' }, close: async (drainMs) => ended(drain(drainMs), chain) };
  }
  server.listen(port, address);
  await once(server, 'listening');
  return {
    address: server.address() as AddressInfo,
    close: (drainMs) => close(server, chain, drainMs),
  };
}

async function close(server: Server, chain: Chain, drainMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    cutConnections(server);
  }, drainMs);
  await closed;
  clearTimeout(timer);
  await ended(Promise.resolve(), chain);
}

async function ended(drained: Promise<void>, chain: Chain): Promise<void> {
  await drained;
  chain.authenticator.close();
  await chain.quotas.close();
  await Promise.all(chain.routes.map(({ upstream }) => upstream.close()));
  for (const { once: keys } of chain.routes) keys?.close();
}
