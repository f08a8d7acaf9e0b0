import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Journal } from '@holdfast/trials/robustness/journal';
import { type KeptJournal, openJournal } from '@holdfast/trials/robustness/kept-journal';
import type { TrialIdentity } from '@holdfast/trials/robustness/run-robustness';

/** Where a trial keeps what it has found until it is finished. */
export class TrialJournal {
  readonly #folder: string;
  readonly #isFresh: boolean;
  /** Whoever asks for files wants to know at once that they cannot be written. */
  readonly #isVital: boolean;
  #opened: KeptJournal | undefined;

  /** @param output the folder that the result goes to, if any; else the project's cache, or the user's */
  constructor(folder: string, output: string | undefined, isFresh: boolean) {
    this.#folder = output ?? cacheFolder(folder);
    this.#isFresh = isFresh;
    this.#isVital = output !== undefined;
  }

  /** @throws TrialsError HF_TRIALS_OUTPUT */
  open(identity: TrialIdentity): Journal {
    try {
      this.#opened = openJournal(this.#folder, identity, { isFresh: this.#isFresh });
      return this.#isVital ? this.#opened : forgiving(this.#opened);
    } catch (error) {
      if (this.#isVital) throw error;
      return { once: async (_, work) => work() };
    }
  }

  /** The file, once there is one. */
  get path(): string | undefined {
    return this.#opened?.path;
  }

  /** Whether it had anything of an earlier run. */
  get isResumed(): boolean {
    return (this.#opened?.found ?? 0) > 0;
  }

  /** The result is safe. */
  discard(): void {
    this.#opened?.discard();
  }
}

/** What cannot be kept is found again after an interruption: no reason to end a trial that nobody asked to keep. */
function forgiving(journal: Journal): Journal {
  return {
    async once<Value>(unit: string, work: () => Promise<Value>): Promise<Value> {
      let done: { readonly value: Value } | undefined;
      try {
        return await journal.once(unit, async () => {
          const value = await work();
          done = { value };
          return value;
        });
      } catch (error) {
        if (done !== undefined) return done.value;
        throw error;
      }
    },
  };
}

/** Of the project that a folder is, or of the user: `$XDG_CACHE_HOME/holdfast/trials` (XDG Base Directory Specification). */
function cacheFolder(folder: string): string {
  if (existsSync(join(folder, '.holdfast'))) return join(folder, '.holdfast', 'cache', 'trials');
  const base = process.env['XDG_CACHE_HOME'];
  return join(base?.startsWith('/') === true ? base : join(homedir(), '.cache'), 'holdfast', 'trials');
}
