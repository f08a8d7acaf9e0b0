import { type ConnectionEvents, RedisConnection } from './redis-connection.ts';
import { beginScript, takeDigest, takeScript } from './take.lua.ts';

/** A server that counts for all replicas. */
export class Counter {
  readonly #connection: RedisConnection;

  /**
   * @param address `redis://` or `rediss://`
   * @param timeMs how long an answer may take
   */
  constructor(address: string, timeMs: number, events: ConnectionEvents) {
    this.#connection = new RedisConnection(address, timeMs, events);
  }

  /** Ends when the server is there, or was not the first time; it is tried again until it is closed. */
  connect(): Promise<void> {
    return this.#connection.connect();
  }

  /**
   * The epoch of this count, which begins one where that is needed.
   * @param fresh a name that none had before
   * @param hasCounted whether something has to be there
   */
  async begin(key: string, fresh: string, hasCounted: boolean): Promise<string> {
    const told = await this.#connection.ask(['INFO', 'server']);
    const run = /^run_id:([0-9a-f]{1,64})\r?$/m.exec(String(told))?.[1];
    if (run === undefined) throw new Error('the server does not say which run of its own this is');
    const epoch = await this.#connection.ask(['EVAL', beginScript, '1', key, run, fresh, hasCounted ? '1' : '0']);
    if (typeof epoch !== 'string') throw new Error('the server answers with something that is no epoch');
    return epoch;
  }

  /** Asks the script. @throws what keeps it from being answered in time */
  async take(keys: readonly string[], args: readonly string[]): Promise<readonly number[]> {
    const rest = [`${keys.length}`, ...keys, ...args];
    const answer = await this.#connection.ask(['EVALSHA', takeDigest, ...rest]).catch((error: unknown) => {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return this.#connection.ask(['EVAL', takeScript, ...rest]);
    });
    if (!Array.isArray(answer) || !answer.every((each) => typeof each === 'number') || answer.length < 2) {
      throw new Error('the server answers with something that is no count');
    }
    return answer;
  }

  close(): void {
    this.#connection.close();
  }
}
