import { type Compiled, compile } from './compiled.ts';
import type { EntityClass, EntityType } from './entity-type.ts';
import { allTypes, entityTypes } from './entity-types.ts';
import { RecogniserError } from './errors.ts';
import type { Finding } from './finding.ts';
import { RecogniserStream } from './recogniser-stream.ts';

/** What is looked for. Where several are given, all must hold; all of `entityTypes` when nothing is given. */
export interface RecogniserOptions {
  /** Names of entity types. */
  readonly types?: readonly string[];
  /** What is issued in one of these countries (ISO 3166-1 alpha-2), and what is international. */
  readonly countries?: readonly string[];
  readonly classes?: readonly EntityClass[];
  /** Findings of less are left out; 0.5 when left out: what is more likely than not. */
  readonly minConfidence?: number;
}

/** What is known of one text. */
export interface TextOptions {
  /** Words that were said of it from outside, such as the name of its column; up to 512 units count. */
  readonly context?: string;
}

/** A set of entity types, compiled once for many texts; holds no state of any of them. */
export class Recogniser {
  readonly types: readonly EntityType[];
  readonly minConfidence: number;
  readonly #compiled: Compiled;

  /**
   * @throws RecogniserError HF_RECOGNISERS_CHOICE when a name, a country or the confidence does not exist
   * @example
   * const numbers = new Recogniser({ countries: ['PL', 'DE'], classes: ['pii'] });
   */
  constructor(options: RecogniserOptions = {}) {
    this.minConfidence = options.minConfidence ?? 0.5;
    if (!(this.minConfidence >= 0 && this.minConfidence <= 1)) {
      throw new RecogniserError(
        'HF_RECOGNISERS_CHOICE',
        `a confidence is a number from 0 to 1, not \`${this.minConfidence}\``,
      );
    }
    this.types = chosen(options);
    this.#compiled = compile([...this.types, ...allTypes.filter(({ decoy }) => decoy === true)], this.minConfidence);
  }

  /**
   * Everything that is found in a text. Its time is linear in the length of the text.
   * @returns in the order of their places; they do not overlap, but for what contains others, such as URLs
   * @example
   * new Recogniser({ types: ['iban'] }).recognise('IBAN DE89 3704 0044 0532 0130 00');
   */
  recognise(text: string, options: TextOptions = {}): Finding[] {
    const stream = this.stream(options);
    return [...stream.push(text), ...stream.end()];
  }

  /** Finds the same in a text that comes in pieces, wherever it is cut; keeps a few kilobytes of it. */
  stream(options: TextOptions = {}): RecogniserStream {
    return new RecogniserStream(this.#compiled, this.minConfidence, options.context);
  }
}

function unknownChoice(what: string, wanted: string): RecogniserError {
  return new RecogniserError('HF_RECOGNISERS_CHOICE', `there is no ${what} \`${wanted}\``);
}

function chosen({ types, countries, classes }: RecogniserOptions): EntityType[] {
  for (const name of types ?? [])
    if (!entityTypes.some((type) => type.name === name)) throw unknownChoice('entity type', name);
  for (const country of countries ?? []) {
    if (!entityTypes.some((type) => type.countries.includes(country))) throw unknownChoice('entity type of', country);
  }
  return entityTypes.filter(
    (type) =>
      (types?.includes(type.name) ?? true) &&
      (countries === undefined ||
        type.countries.length === 0 ||
        type.countries.some((one) => countries.includes(one))) &&
      (classes?.some((one) => type.classes.includes(one)) ?? true),
  );
}
