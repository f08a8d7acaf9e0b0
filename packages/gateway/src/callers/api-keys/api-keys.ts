import type { Caller } from '../caller.ts';
import { reread } from '../reread.ts';
import { watchFileChanges } from '../watch-file.ts';
import { readKeyFile } from './key-file.ts';
import { KeyRing } from './key-ring.ts';

/** What is told of a file of keys. */
export interface KeyEvents {
  /** It was read again; so many keys can be shown. */
  loaded?(keys: number): void;
  /** It cannot be used: from now on every key is refused. */
  unusable(error: unknown): void;
}

const empty = new KeyRing([]);

/** The keys of a file, read again whenever it changes. While it cannot be used no key is good. */
export class ApiKeys {
  readonly #path: string;
  readonly #events: KeyEvents;
  #ring = empty;
  #unwatch: (() => void) | undefined;

  private constructor(path: string, events: KeyEvents) {
    this.#path = path;
    this.#events = events;
  }

  /** @throws GatewayError HF_GATEWAY_KEY_FILE where the file cannot be used at the start */
  static async open(path: string, events: KeyEvents): Promise<ApiKeys> {
    const keys = new ApiKeys(path, events);
    keys.#unwatch = watchFileChanges(path, () => void keys.reload());
    try {
      keys.#ring = new KeyRing(await readKeyFile(path));
    } catch (error) {
      keys.close();
      throw error;
    }
    return keys;
  }

  callerOf(text: string, nowMs: number): Caller | undefined {
    return this.#ring.callerOf(text, nowMs);
  }

  /** Ends when what the file holds now, or later, counts. */
  readonly reload = reread(async () => this.#read());

  close(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#ring = empty;
  }

  async #read(): Promise<void> {
    try {
      const ring = new KeyRing(await readKeyFile(this.#path));
      if (this.#unwatch === undefined) return;
      this.#ring = ring;
      this.#events.loaded?.(ring.size);
    } catch (error) {
      this.#ring = empty;
      this.#events.unusable(error);
    }
  }
}
