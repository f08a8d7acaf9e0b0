import { connect } from 'node:net';
import type { DeclaredGateway } from '../declared-gateway.ts';
import type { Note } from './lint-gateway.ts';

const mostMs = 2000;

/** Model servers that nobody can connect to now. */
export async function lintUpstreams({ routes }: DeclaredGateway): Promise<readonly Note[]> {
  // What is launched listens when the gateway does.
  const addresses = [...new Set(routes.flatMap(({ upstream }) => upstream ?? []))];
  const notes = await Promise.all(
    addresses.map(async (address) => {
      const why = await refusal(new URL(address));
      if (why === undefined) return [];
      return [
        { where: `gateway.routes  ${address}`, says: `nobody can connect to this model server: ${why}`, stops: true },
      ];
    }),
  );
  return notes.flat();
}

async function refusal({ protocol, hostname, port }: URL): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({ host, port: Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port) });
  socket.setTimeout(mostMs, () => {
    resolve(`no answer within ${mostMs} ms`);
  });
  socket.once('connect', () => {
    resolve(undefined);
  });
  socket.once('error', (error: Error & { readonly code?: string }) => {
    resolve(error.code ?? error.message);
  });
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
