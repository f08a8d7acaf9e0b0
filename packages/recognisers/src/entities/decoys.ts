import type { EntityType } from '../entity-type.ts';
import { type Form, pattern } from '../form.ts';

function decoy(name: string, title: string, reference: string, form: Form): EntityType {
  return { name, title, countries: [], classes: [], reference, forms: [form], chance: 1, context: {}, decoy: true };
}

const hexadecimal = '[0-9a-fA-F]';

/** What has numbers in it that are nobody's: others are not looked for inside, unless they are nearly certain. */
export const decoys: readonly EntityType[] = [
  decoy(
    'uuid',
    'UUID',
    'RFC 9562',
    pattern('uuid', {
      begins: `${hexadecimal}{8}-${hexadecimal}{4}-`,
      exact: `(?<![\\p{L}\\p{N}])${hexadecimal}{8}(?:-${hexadecimal}{4}){3}-${hexadecimal}{12}(?![\\p{L}\\p{N}])`,
      longest: 36,
    }),
  ),
  decoy(
    'timestamp',
    'Date and time',
    'RFC 3339',
    pattern('timestamp', {
      begins: `[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:`,
      exact:
        '(?<![0-9A-Za-z]|\\p{N})[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?',
      longest: 36,
    }),
  ),
];
