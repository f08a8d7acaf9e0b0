import type { TableOptions } from '@holdfast/dataset';

/** Options that every check of a table takes: how it lies in its file. To be spread into the schema of a check. */
export const tableProperties = {
  names: {
    type: 'array',
    items: { type: 'string' },
    minItems: 1,
    description: 'of CSV: the names of the columns, where the file has no line of names',
  },
  separator: {
    type: 'string',
    minLength: 1,
    maxLength: 1,
    description: 'of CSV: what stands between values (found out)',
  },
  missing: {
    type: 'array',
    items: { type: 'string' },
    description: 'texts that stand for a missing value, beside an empty one, such as ? or NA',
  },
  trim: { type: 'boolean', description: 'of CSV: blanks around a value do not belong to it' },
  memory: { type: 'string', pattern: '^[1-9][0-9]*[MG]i?B$', description: 'what may be held in memory (2GB)' },
  threads: { type: 'integer', minimum: 1, maximum: 1024, description: 'processors to use (all)' },
} as const;

/** Of the options of a check, those that say how the table lies in its file. */
export function tableOptions(options: TableOptions): TableOptions {
  const { names, separator, missing, trim, memory, threads } = options;
  return Object.fromEntries(
    Object.entries({ names, separator, missing, trim, memory, threads }).filter(([, value]) => value !== undefined),
  );
}
