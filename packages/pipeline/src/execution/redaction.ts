import { ByteAutomaton, type Found, type SearchedForm, StreamSearch } from './byte-search.ts';
import { breaks, secretForms } from './secret-forms.ts';
import type { Secret } from './secrets.ts';

/** A stretch that nobody sees, from its first byte to the last one that is known to belong to it. */
interface Hidden {
  start: number;
  end: number;
  label: number;
  /** Where the match ends that gave it its label. */
  labelled: number;
  /** Whether its label was written already. */
  told: boolean;
}

/** Forms of several secrets, ready to be searched for in any number of streams. */
export interface SecretIndex {
  readonly names: readonly string[];
  readonly plain: ByteAutomaton;
  readonly encoded: ByteAutomaton;
}

/** @param options.lines whether a line of a secret counts on its own, as it should where people read. */
export function indexSecrets(secrets: readonly Secret[], options: { readonly lines: boolean }): SecretIndex {
  const each = secrets.map(({ value }) => secretForms(value));
  const labelled = (formsOf: (forms: (typeof each)[number]) => readonly Uint8Array[]): SearchedForm[] =>
    each.flatMap((forms, label) => formsOf(forms).map((bytes) => ({ bytes, label })));
  return {
    names: secrets.map(({ name }) => name),
    plain: new ByteAutomaton([
      ...labelled(({ plain }) => plain),
      ...(options.lines ? labelled(({ lines }) => lines) : []),
    ]),
    encoded: new ByteAutomaton(labelled(({ encoded }) => encoded)),
  };
}

/** An end of the stream that so much of a secret had begun at is hidden as well: the rest may have been cut off. */
const shortestBeginning = 6;

/**
 * Takes secrets out of a stream of bytes. Every byte that belongs to an occurrence is gone; occurrences that overlap
 * become one `[secret NAME]`, named by the first. What may still become one is held back until it is known.
 * Time is linear in the bytes, memory in the longest form of a secret.
 *
 * @example
 * ```ts
 * import { Redactor } from '@holdfast/pipeline/execution/redaction';
 * import { Secret } from '@holdfast/pipeline/execution/secrets';
 * const redactor = new Redactor([new Secret('TOKEN', 'variable', Buffer.from('hf_kelpforest'))]);
 * const shown = [redactor.write(Buffer.from('token hf_kelp')), redactor.write(Buffer.from('forest')), redactor.end()];
 * // Buffer.concat(shown).toString() is 'token [secret TOKEN]'
 * ```
 */
export class Redactor {
  readonly #labels: readonly Uint8Array[];
  readonly #searches: readonly StreamSearch[];
  /** What was written, from `#taken` on not given out yet, and the places in the stream where that begins and ends. */
  readonly #held: Uint8Array[] = [];
  #taken = 0;
  #from = 0;
  #to = 0;
  /** In order, none overlapping another. */
  readonly #hidden: Hidden[] = [];

  constructor(secrets: readonly Secret[]) {
    const { names, plain, encoded } = indexSecrets(secrets, { lines: true });
    this.#labels = names.map((name) => Buffer.from(`[secret ${name}]`));
    this.#searches = secrets.length === 0 ? [] : [new StreamSearch(plain), new StreamSearch(encoded, breaks)];
  }

  /** @returns what is known to be no secret. */
  write(chunk: Uint8Array): Uint8Array {
    if (this.#searches.length === 0 || chunk.length === 0) return chunk;
    const found: Found[] = [];
    for (const search of this.#searches) search.scan(chunk, (match) => found.push(match));
    this.#held.push(chunk);
    this.#to += chunk.length;
    for (const match of found.sort((one, other) => one.end - other.end)) this.#hide(match);
    return this.#release(Math.min(...this.#searches.map(({ begun }) => begun)));
  }

  /** @returns the rest, to be called when nothing more comes. */
  end(): Uint8Array {
    const begun = this.#searches.flatMap((search) => search.unfinished(shortestBeginning) ?? []);
    for (const match of begun.sort((one, other) => one.end - other.end)) this.#hide(match);
    return this.#release(this.#to);
  }

  /** Adds a match that ends no earlier than those before it: it swallows the stretches that it overlaps. */
  #hide({ start, end, label }: Found): void {
    const added: Hidden = { start, end, label, labelled: end, told: false };
    for (let last = this.#hidden.at(-1); last !== undefined && last.end > start; last = this.#hidden.at(-1)) {
      this.#hidden.pop();
      added.told ||= last.told;
      const isNamedByLast = last.start < added.start || (last.start === added.start && last.labelled >= added.labelled);
      if (isNamedByLast) Object.assign(added, { start: last.start, label: last.label, labelled: last.labelled });
    }
    this.#hidden.push(added);
  }

  /** Gives out everything before a place that no further match can reach. */
  #release(until: number): Uint8Array {
    const shown: Uint8Array[] = [];
    let passed = 0;
    for (const stretch of this.#hidden) {
      if (stretch.start >= until) break;
      shown.push(...this.#take(stretch.start));
      const label = this.#labels[stretch.label];
      if (!stretch.told && label !== undefined) shown.push(label);
      stretch.told = true;
      this.#take(Math.min(stretch.end, until));
      if (stretch.end <= until) passed++;
    }
    this.#hidden.splice(0, passed);
    shown.push(...this.#take(until));
    this.#tidy();
    const [only, ...more] = shown;
    return only !== undefined && more.length === 0 ? only : Buffer.concat(shown);
  }

  /** What is held before a place, which is not held any longer. */
  #take(until: number): Uint8Array[] {
    const taken: Uint8Array[] = [];
    for (
      let chunk = this.#held[this.#taken];
      chunk !== undefined && this.#from < until;
      chunk = this.#held[this.#taken]
    ) {
      const part = chunk.subarray(0, until - this.#from);
      taken.push(part);
      this.#from += part.length;
      if (part.length === chunk.length) this.#taken++;
      else this.#held[this.#taken] = chunk.subarray(part.length);
    }
    return taken;
  }

  /** Lets go of what was taken, and copies the end of the last chunk, because its memory is the caller's. */
  #tidy(): void {
    if (this.#taken > this.#held.length / 2) {
      this.#held.splice(0, this.#taken);
      this.#taken = 0;
    }
    const last = this.#held.pop();
    if (last !== undefined) this.#held.push(new Uint8Array(last));
  }
}

/** {@link Redactor} for a text that is complete. */
export function redacted(text: string, secrets: readonly Secret[]): string {
  const redactor = new Redactor(secrets);
  return Buffer.concat([redactor.write(Buffer.from(text)), redactor.end()]).toString('utf8');
}
