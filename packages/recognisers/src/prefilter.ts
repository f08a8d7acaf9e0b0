import { RE2Set } from 're2js';
import type { CompiledPattern } from './compiled.ts';

/** Bytes for the states of the automaton; beyond them it forgets states, and beyond that it is slower, but linear. */
const memory = 64 * 1024 * 1024;

/** Tells in one pass over a text which patterns can occur in it, in time that is linear in the text whatever it says. */
export class Prefilter {
  readonly #set = new RE2Set(RE2Set.UNANCHORED, 0, memory);
  readonly #patterns: CompiledPattern[][] = [];

  constructor(patterns: readonly CompiledPattern[]) {
    for (const [trigger, those] of Map.groupBy(patterns, ({ form }) => form.trigger)) {
      this.#set.add(trigger);
      this.#patterns.push(those);
    }
    this.#set.compile();
  }

  /** The patterns whose trigger occurs. */
  patternsIn(text: string): CompiledPattern[] {
    return this.#set.match(text).flatMap((id: number) => this.#patterns[id] ?? []);
  }
}
