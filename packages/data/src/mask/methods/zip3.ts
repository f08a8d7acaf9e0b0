import { CellFailure } from '../cells/cell-failure.ts';
import type { Method } from './method.ts';

interface Zip3Parameters {
  readonly small: readonly string[];
}

/**
 * Areas of three digits with 20,000 people or fewer by the census of 2000: the list in the guidance of the US Department of Health
 * and Human Services on 45 CFR 164.514(b), question 2.2, of 26 November 2012.
 */
export const smallZip3: ReadonlySet<string> = new Set(
  '036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893'.split(' '),
);

/**
 * The first three digits of a US ZIP code (five digits, or nine with a hyphen), and `000` where so few live: 45 CFR
 * 164.514(b)(2)(i)(B). A number has lost its zeros at the left, and gets them back.
 */
export const zip3: Method<Zip3Parameters> = {
  title: 'three digits of a US ZIP code, 000 where few people live (HIPAA)',
  parameters: {
    properties: {
      small: {
        type: 'array',
        items: { type: 'string', pattern: '^[0-9]{3}$' },
        maxItems: 1000,
        default: [],
        description: 'further areas with few people, by a newer census',
      },
    },
  },
  types: ['text', 'integer'],
  make({ small }, { column }) {
    const few = new Set([...smallZip3, ...small]);
    return {
      ...{ beside: [], type: 'VARCHAR' },
      transform(text) {
        const digits = column.type === 'integer' && /^\d{3,5}$/.test(text) ? text.padStart(5, '0') : text.trim();
        if (!/^\d{5}(?:-?\d{4})?$/.test(digits)) return new CellFailure('not-a-zip-code');
        const area = digits.slice(0, 3);
        return few.has(area) ? '000' : area;
      },
    };
  },
};
