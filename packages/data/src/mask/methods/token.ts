import { DataError } from '../../errors.ts';
import { CellFailure } from '../cells/cell-failure.ts';
import type { Transformation } from '../cells/transformation.ts';
import { alphabetOf } from './alphabets.ts';
import { ff1 } from './ff1.ts';
import { domainProperty, type Method, type MethodContext } from './method.ts';

export interface TokenParameters {
  readonly domain?: string;
  readonly alphabet: string;
  readonly separators: string;
  readonly keepFirst: number;
  readonly keepLast: number;
}

const longest = 256;
/** Values that are remembered, so that each is encrypted once. */
const remembered = 65_536;

const count = { type: 'integer', minimum: 0, maximum: 64, default: 0 } as const;

/**
 * A value becomes another of the same form by FF1 with AES-256 (NIST SP 800-38G Rev. 1, which has withdrawn FF3). The same value
 * gives the same token under one key and domain, different values give different ones. Where the ends are kept, they are the tweak:
 * the UTF-8 of the JSON of the two texts.
 */
export const token: Method<TokenParameters> = {
  title: 'format-preserving encryption (FF1): a number becomes another number',
  parameters: {
    properties: {
      domain: { ...domainProperty, description: 'the name of the column unless given' },
      alphabet: {
        type: 'string',
        minLength: 1,
        maxLength: 400,
        default: 'digits',
        description:
          '`digits`, `hexadecimal`, `lower`, `upper`, `letters`, `lower-alphanumeric`, `upper-alphanumeric`, `alphanumeric`, or its characters',
      },
      separators: {
        type: 'string',
        maxLength: 16,
        default: '',
        description: 'characters that stay where they are; all others have to be of the alphabet',
      },
      keepFirst: count,
      keepLast: count,
    },
  },
  types: ['integer', 'text'],
  make: (parameters, context) => transformation(parameters, context, 'encrypt'),
  inverse: (parameters, context) => transformation(parameters, context, 'decrypt'),
};

function transformation(
  parameters: TokenParameters,
  { column, key }: MethodContext,
  way: 'encrypt' | 'decrypt',
): Transformation {
  const alphabet = alphabetOf(parameters.alphabet, column.name);
  const separators = new Set(parameters.separators);
  if (alphabet.some((character) => separators.has(character))) {
    throw new DataError('HF_DATA_MASK_PLAN', `a separator of \`${column.name}\` is in its alphabet`);
  }
  const codes = new Map(alphabet.map((character, code) => [character, code]));
  const secret = key().derived('token', parameters.domain ?? column.name);
  const { keepFirst, keepLast } = parameters;
  const form = { alphabet, codes, separators, keepFirst, keepLast };
  const known = new Map<string, string | CellFailure>();
  return {
    // by chance one in a million values and more is its own token
    ...{ beside: [], type: 'VARCHAR', mayStay: true },
    transform(text) {
      const found = known.get(text);
      if (found !== undefined) return found;
      const made = tokenised(text, form, secret, way);
      if (known.size < remembered && text.length <= longest) known.set(text, made);
      return made;
    },
  };
}

interface Form {
  readonly alphabet: readonly string[];
  readonly codes: ReadonlyMap<string, number>;
  readonly separators: ReadonlySet<string>;
  readonly keepFirst: number;
  readonly keepLast: number;
}

function tokenised(text: string, form: Form, secret: Uint8Array, way: 'encrypt' | 'decrypt'): string | CellFailure {
  if (text.length > 2 * longest) return new CellFailure('too-long');
  const { alphabet, codes, separators, keepFirst, keepLast } = form;
  const characters = Array.from(text);
  const places = characters.flatMap((character, at) => (separators.has(character) ? [] : [at]));
  if (places.length > longest) return new CellFailure('too-long');
  const hidden = places.slice(keepFirst, Math.max(keepFirst, places.length - keepLast));
  if (places.some((at) => !codes.has(characters[at] ?? ''))) return new CellFailure('outside-alphabet');
  const ends = [places.slice(0, keepFirst), places.slice(places.length - keepLast)].map((end) =>
    end.map((at) => characters[at]).join(''),
  );
  const tweak = keepFirst + keepLast === 0 ? new Uint8Array(0) : Buffer.from(JSON.stringify(ends), 'utf8');
  const numerals = hidden.map((at) => codes.get(characters[at] ?? '') ?? 0);
  const made = ff1(way, numerals, { radix: alphabet.length, key: secret, tweak });
  if (made === undefined) return new CellFailure('too-short');
  for (const [index, at] of hidden.entries()) characters[at] = alphabet[made[index] ?? 0] ?? '';
  return characters.join('');
}
