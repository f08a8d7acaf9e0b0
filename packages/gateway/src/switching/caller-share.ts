import { hash } from 'node:crypto';
import { anybody } from '../callers/anybody.ts';
import type { Caller } from '../callers/caller.ts';

const unknownCaller = anybody.authenticate({}, 0);

/**
 * Where callers stand between 0 and 1, by SHA-256 of who they are and of the candidate: the same caller always at the same place, and
 * another candidate tries it on others. A caller of whom nothing is known stands anywhere, each time anew.
 */
export class CallerShare {
  readonly #salt: string;
  readonly #known = new WeakMap<Caller, number>();

  constructor(salt: string) {
    this.#salt = salt;
  }

  of(caller: Caller): number {
    if (caller === unknownCaller) return Math.random();
    let share = this.#known.get(caller);
    if (share === undefined) {
      share = Number.parseInt(hash('sha256', JSON.stringify([this.#salt, caller.id])).slice(0, 12), 16) / 2 ** 48;
      this.#known.set(caller, share);
    }
    return share;
  }
}
