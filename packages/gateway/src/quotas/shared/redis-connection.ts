import { createClient } from '@redis/client';

/** Milliseconds for connecting, and between tries to. */
const connecting = { time: 2000, shortest: 50, longest: 1000 } as const;
/** Commands that may wait for an answer at once; more are refused, so that a server that hangs fills no memory. */
const mostWaiting = 10_000;

/** Answers did not come in time. */
export class RedisTimeout extends Error {}

export interface ConnectionEvents {
  readonly failed: (error: unknown) => void;
  /** Connected, for the first time or again: it may be another server. */
  readonly connected: () => void;
}

/** A server that replicas share: Redis 7 or Valkey. What cannot be asked of it now is not asked later. */
export class RedisConnection {
  readonly #client: ReturnType<typeof createClient>;
  readonly #timeMs: number;

  /**
   * @param address `redis://` or `rediss://`
   * @param timeMs how long an answer may take
   */
  constructor(address: string, timeMs: number, { failed, connected }: ConnectionEvents) {
    this.#timeMs = timeMs;
    const reconnectStrategy = (retries: number): number =>
      Math.min(connecting.longest, connecting.shortest * 2 ** Math.min(retries, 10));
    this.#client = createClient({
      ...{
        url: address,
        disableOfflineQueue: true,
        commandsQueueMaxLength: mostWaiting,
        maintNotifications: 'disabled',
      },
      socket: { connectTimeout: connecting.time, reconnectStrategy },
    });
    this.#client.on('error', failed);
    this.#client.on('ready', connected);
  }

  /** Ends when the server is there, or was not the first time; it is tried again until it is closed. */
  async connect(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const end = (): void => {
      resolve(undefined);
    };
    this.#client.once('error', end);
    this.#client.connect().then(end, end);
    await promise;
  }

  /** @throws what keeps it from being answered in time */
  ask(command: readonly string[]): Promise<unknown> {
    return this.#inTime(this.#client.sendCommand([...command]));
  }

  close(): void {
    if (this.#client.isOpen) this.#client.destroy();
  }

  /** An answer that lies in the socket already is read before time is up: this process may have been busy, not the server. */
  #inTime<T>(asked: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const timer = setTimeout(() => {
      setImmediate(() => {
        reject(new RedisTimeout(`no answer within ${this.#timeMs} ms`));
      });
    }, this.#timeMs);
    asked.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
    return promise;
  }
}
