import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

const ending = new WeakSet<Socket>();

/**
 * No request that follows this one on its connection is served: the connection ends with the answer. What has come already may have
 * been taken apart in the same turn, so this is to be said before the turn ends.
 */
export function isLastRequest({ socket }: IncomingMessage): void {
  ending.add(socket);
}

/** Whether the connection of a request ends with the answer to another that came before it. */
export const followsLast = ({ socket }: IncomingMessage): boolean => ending.has(socket);
