import { randomUUID } from 'node:crypto';
import { GatewayError } from '../errors.ts';
import { RedisConnection } from '../quotas/shared/redis-connection.ts';
import { type KeptKey, readKey, writtenKey } from './kept-key.ts';
import type { AskedKey, HeldKey, KeptAnswer, KeyJournal } from './key-journal.ts';

export interface SharedJournalOptions {
  /** `redis://127.0.0.1:6379` */
  readonly address: string;
  /** What happens while it cannot be asked: keys count on each machine for itself, or nobody who sends one is served. */
  readonly fail: 'open' | 'closed';
  /** Gateways with the same share their keys. */
  readonly space: string;
  /** Milliseconds that a key counts. */
  readonly keepMs: number;
  /** How long an answer may take, in milliseconds; 50 when left out. */
  readonly timeMs?: number;
  /** Told of what could not be asked or kept there. */
  readonly failed: (error: unknown) => void;
}

/** How often a replica says that it is there, and how long that counts. */
const pulse = { everyMs: 1000, countsMs: 5000 } as const;

/**
 * Keys that replicas on several machines share. A server that forgets what it was told forgets keys, too: it has to write to its disk
 * (`appendonly yes`, `appendfsync always`) and to keep what has not ended (`maxmemory-policy noeviction`).
 */
export class SharedJournal implements KeyJournal {
  readonly #options: SharedJournalOptions;
  readonly #redis: RedisConnection;
  readonly #owner = randomUUID();
  /** Keys that this replica has claimed, and whose requests it executes. */
  readonly #running = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  private constructor(options: SharedJournalOptions) {
    this.#options = options;
    this.#redis = new RedisConnection(options.address, options.timeMs ?? 50, {
      failed: options.failed,
      connected: () => void this.#beat(),
    });
    this.#timer = setInterval(() => void this.#beat(), pulse.everyMs).unref();
  }

  static async open(options: SharedJournalOptions): Promise<SharedJournal> {
    const journal = new SharedJournal(options);
    await journal.#redis.connect();
    await journal.#beat();
    return journal;
  }

  async claim(name: string, asked: AskedKey): Promise<HeldKey | undefined> {
    const value = textOf({ ...asked, state: 'asked', owner: this.#owner });
    let held: unknown;
    try {
      held = await this.#redis.ask(['SET', this.#keyOf(name), value, 'NX', 'GET', 'PX', `${this.#options.keepMs}`]);
      const found = held === null ? undefined : await this.#held(name, typeof held === 'string' ? held : '', asked);
      if (found === undefined) this.#running.add(name);
      return found;
    } catch (error) {
      this.#options.failed(error);
      if (this.#options.fail === 'open') return undefined;
      throw new GatewayError('HF_GATEWAY_COUNTER', 'idempotency keys cannot be looked up at the moment', {
        retryAfter: 1,
      });
    }
  }

  /** Where it cannot be kept there it is kept here: others say that nobody knows, and do not execute it again. */
  async answered(name: string, asked: AskedKey, answer: KeptAnswer): Promise<void> {
    await this.#put(name, { ...asked, state: 'answered', answer });
  }

  async lost(name: string, asked: AskedKey): Promise<void> {
    await this.#put(name, { ...asked, state: 'lost' });
  }

  async release(name: string): Promise<void> {
    this.#running.delete(name);
    await this.#redis.ask(['DEL', this.#keyOf(name)]);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#redis.close();
  }

  async #put(name: string, key: KeptKey): Promise<void> {
    this.#running.delete(name);
    try {
      await this.#redis.ask(['SET', this.#keyOf(name), textOf(key), 'PX', `${this.#options.keepMs}`]);
    } catch (error) {
      this.#options.failed(error);
    }
  }

  async #held(name: string, text: string, asked: AskedKey): Promise<HeldKey | undefined> {
    const key = readKey(Buffer.from(text, 'base64'));
    if (key === undefined) return { ...asked, state: 'unknown' };
    const { fingerprint, artifact } = key;
    if (key.state === 'answered') return key;
    if (key.state === 'lost') return { fingerprint, artifact, state: 'unknown' };
    // A claim whose answer came too late for the one who made it: nothing was executed.
    if (key.owner === this.#owner && !this.#running.has(name) && fingerprint === asked.fingerprint) return undefined;
    const isThere = key.owner === this.#owner || (await this.#redis.ask(['EXISTS', this.#pulseOf(key.owner)])) === 1;
    return { fingerprint, artifact, state: isThere ? 'running' : 'unknown' };
  }

  async #beat(): Promise<void> {
    // One that is missed counts for as long as several take.
    await this.#redis.ask(['SET', this.#pulseOf(this.#owner), '1', 'PX', `${pulse.countsMs}`]).catch(() => undefined);
  }

  #keyOf(name: string): string {
    return `holdfast:{${this.#options.space}}:once:${name}`;
  }

  #pulseOf(owner: string): string {
    return `holdfast:{${this.#options.space}}:there:${owner}`;
  }
}

const textOf = (key: KeptKey): string => writtenKey(key).toString('base64');
