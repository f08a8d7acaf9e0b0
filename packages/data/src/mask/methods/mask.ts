import { DataError } from '../../errors.ts';
import { CellFailure } from '../cells/cell-failure.ts';
import { visibleCharacters } from '../cells/visible-characters.ts';
import { type Method, readable } from './method.ts';

interface MaskParameters {
  readonly keepFirst: number;
  readonly keepLast: number;
  readonly with: string;
  readonly least?: number;
  readonly separators: string;
  readonly isLengthHidden: boolean;
}

const count = { type: 'integer', minimum: 0, maximum: 64, default: 0 } as const;

/**
 * Characters are replaced, some at the ends kept. What has no more to hide than it would show is too short: the four last of five
 * are nearly all.
 */
export const mask: Method<MaskParameters> = {
  title: 'characters are replaced, but the first or last ones',
  parameters: {
    properties: {
      keepFirst: count,
      keepLast: count,
      with: { type: 'string', pattern: '^.$', default: '*' },
      least: {
        type: 'integer',
        minimum: 1,
        maximum: 1000,
        description: 'characters that have to be hidden; as many as are kept unless given',
      },
      separators: {
        type: 'string',
        maxLength: 16,
        default: '',
        description: 'characters that stay where they are, such as `-`, and do not count',
      },
      isLengthHidden: {
        type: 'boolean',
        default: false,
        description: 'eight characters stand for those that are hidden, however many they are',
      },
    },
  },
  types: readable,
  make(parameters, { column }) {
    if (/[\p{L}\p{N}]/u.test(parameters.separators)) {
      throw new DataError('HF_DATA_MASK_PLAN', `\`separators\` of \`${column.name}\` hold a letter or a digit`);
    }
    return { beside: [], type: 'VARCHAR', transform: (text) => masked(visibleCharacters(text), parameters) };
  },
};

function masked(characters: readonly string[], parameters: MaskParameters): string | CellFailure {
  const { keepFirst, keepLast, with: fill, separators, isLengthHidden } = parameters;
  const isKept = (character: string): boolean => separators.includes(character);
  const counted = characters.filter((character) => !isKept(character)).length;
  const least = parameters.least ?? Math.max(1, keepFirst + keepLast);
  if (counted - keepFirst - keepLast < least) return new CellFailure('too-short');
  let at = 0;
  let isFilled = false;
  const made = characters.map((character) => {
    if (isKept(character)) return isLengthHidden && at > keepFirst && at < counted - keepLast ? '' : character;
    at += 1;
    if (at <= keepFirst || at > counted - keepLast) return character;
    if (!isLengthHidden) return fill;
    const filled = isFilled ? '' : fill.repeat(8);
    isFilled = true;
    return filled;
  });
  return made.join('');
}
