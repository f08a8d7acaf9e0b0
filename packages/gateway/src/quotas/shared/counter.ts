import { createClient } from '@redis/client';
import { takeDigest, takeScript } from './take.lua.ts';

/** Milliseconds for connecting, and between tries to. */
const connecting = { time: 2000, shortest: 50, longest: 1000 } as const;
/** Commands that may wait for an answer at once; more are refused, so that a server that hangs fills no memory. */
const mostWaiting = 10_000;

/** Answers did not come in time. */
export class CounterTimeout extends Error {}

/** A server that counts for all replicas: Redis 7 or Valkey. */
export class Counter {
  readonly #client: ReturnType<typeof createClient>;
  readonly #timeMs: number;

  /**
   * @param address `redis://` or `rediss://`
   * @param timeMs how long an answer may take
   */
  constructor(address: string, timeMs: number, failed: (error: unknown) => void) {
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

  /** Asks the script. @throws what keeps it from being answered in time */
  async take(keys: readonly string[], args: readonly string[]): Promise<readonly number[]> {
    const rest = [`${keys.length}`, ...keys, ...args];
    const asked = this.#client.sendCommand(['EVALSHA', takeDigest, ...rest]).catch((error: unknown) => {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return this.#client.sendCommand(['EVAL', takeScript, ...rest]);
    });
    const answer: unknown = await this.#inTime(asked);
    if (!Array.isArray(answer) || !answer.every((each) => typeof each === 'number') || answer.length < 2) {
      throw new Error('the server answers with something that is no count');
    }
    return answer;
  }

  close(): void {
    if (this.#client.isOpen) this.#client.destroy();
  }

  /** An answer that lies in the socket already is read before time is up: this process may have been busy, not the server. */
  #inTime<T>(asked: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const timer = setTimeout(() => {
      setImmediate(() => {
        reject(new CounterTimeout(`no answer within ${this.#timeMs} ms`));
      });
    }, this.#timeMs);
    asked.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
    return promise;
  }
}
