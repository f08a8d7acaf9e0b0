import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds that a connection on which nothing is asked is left open while its process drains: a request may be on its way. */
const lingerMs = 1000;

/** Connections that another process has taken and hands over. */
export class HandedConnections {
  readonly #open = new Set<Socket>();
  #server: Server | undefined;
  #isDraining = false;
  #closed: () => void = () => undefined;

  /** From now on they go to this server, which does not listen. What is returned drains it, in so many milliseconds at most. */
  into(server: Server): (drainMs: number) => Promise<void> {
    this.#server = server;
    server.prependListener('request', this.#begun);
    // Node times how long heads and requests take from here on only.
    server.emit('listening');
    return async (drainMs) => this.#drain(server, drainMs);
  }

  take(socket: Socket): void {
    if (this.#server === undefined) {
      socket.destroy();
      return;
    }
    this.#open.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#closed();
    });
    socket.setNoDelay(true);
    this.#server.emit('connection', socket);
    socket.resume();
  }

  /** A request on a connection of a process that drains is its last, and its answer says so. */
  readonly #begun = (_: IncomingMessage, response: ServerResponse): void => {
    if (this.#isDraining) response.setHeader('connection', 'close');
  };

  async #drain(server: Server, drainMs: number): Promise<void> {
    this.#isDraining = true;
    const linger = setTimeout(
      () => {
        server.closeIdleConnections();
      },
      Math.min(lingerMs, drainMs / 2),
    );
    const end = setTimeout(() => {
      for (const socket of this.#open) socket.destroy();
    }, drainMs);
    while (this.#open.size > 0) await new Promise<void>((tell) => (this.#closed = tell));
    clearTimeout(linger);
    clearTimeout(end);
  }
}
