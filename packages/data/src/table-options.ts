import type { TableOptions } from '@holdfast/dataset';

/** Options that every check of a table takes: how it lies in its file. To be spread into the schema of a check. */
export const tableProperties = {
  format: {
    type: 'string',
    enum: ['csv', 'parquet', 'json-lines', 'arrow', 'npy', 'npz', 'idx', 'images'],
    description: 'what the file is (found out by its bytes, then by its ending)',
  },
  names: {
    type: 'array',
    items: { type: 'string' },
    minItems: 1,
    description: 'of CSV: the names of the columns, where the file has no line of names',
  },
  header: {
    type: 'boolean',
    enum: [true, false],
    description:
      'of CSV: whether the first line holds names (it does without `names`; a line that looks like data is told)',
  },
  separator: {
    type: 'string',
    minLength: 1,
    maxLength: 1,
    description: 'of CSV: what stands between values (found out)',
  },
  encoding: {
    type: 'string',
    enum: ['utf-8', 'utf-16', 'latin-1'],
    description: 'of CSV: how letters are written as bytes (utf-8)',
  },
  missing: {
    type: 'array',
    items: { type: 'string' },
    description: 'of CSV and JSON: texts that stand for a missing value, beside an empty one, such as ? or NA',
  },
  trim: { type: 'boolean', description: 'of CSV and JSON: blanks around a value do not belong to it' },
  labels: {
    type: 'string',
    description: 'of npy and IDX: another such file, which holds a label for each row',
  },
  statistics: {
    type: 'string',
    enum: ['verified', 'believed'],
    description: 'of Parquet: whether what the file says about its rows is held against them first (verified)',
  },
  memory: { type: 'string', pattern: '^[1-9][0-9]*[MG]i?B$', description: 'what may be held in memory (2GB)' },
  threads: { type: 'integer', minimum: 1, maximum: 1024, description: 'processors to use (all)' },
} as const satisfies Record<keyof TableOptions, object>;

/** The option of a check of two tables that is to the second what `labels` is to the first. */
export const secondLabels = (second: string) =>
  ({ type: 'string', description: `\`labels\` of the ${second}` }) as const;

/** Options of a table as a check was given them; what is not said is undefined. */
export type GivenTableOptions = { readonly [Name in keyof TableOptions]?: TableOptions[Name] | undefined };

/** Of the options of a check, those that say how the table lies in its file. */
export function tableOptions(options: GivenTableOptions): TableOptions {
  const given = Object.keys(tableProperties).map((name) => [name, options[name as keyof TableOptions]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** The first option that says how a file is to be read, and has no meaning for a table of a database. */
export function fileOptionOf(options: GivenTableOptions): string | undefined {
  return Object.keys(tableOptions(options)).find((name) => name !== 'memory' && name !== 'threads');
}
