/** Every way in which samples cannot be read: exit code of the command, what it means, what to do. */
export const datasetErrors = {
  HF_DATASET_UNREADABLE: {
    exit: 3,
    meaning: 'The file or folder is not there, cannot be opened, or is neither a file nor a folder.',
    fix: 'check the path and its permissions',
  },
  HF_DATASET_FORMAT: {
    exit: 3,
    meaning: 'The file is none of the formats that are read, or is not well-formed.',
    fix: 'give npy, npz, IDX, CSV, Parquet, JSON lines or a folder of PNG images; write the file again if it is cut short',
  },
  HF_DATASET_TYPE: {
    exit: 3,
    meaning: 'The data are of a type that does not become numbers: Python objects, texts in an array, nested columns.',
    fix: 'write the data as numbers, or as a table with plain columns',
  },
  HF_DATASET_LIMIT: {
    exit: 3,
    meaning: 'There are more bytes, rows or categories than were to be accepted.',
    fix: 'take a sample of the data, or raise the limit that is named',
  },
  HF_DATASET_COLUMN: {
    exit: 2,
    meaning: 'A column is named that the table does not have, or that is not what it is said to be.',
    fix: 'name one of the columns that the message lists',
  },
  HF_DATASET_MISSING: {
    exit: 2,
    meaning: 'A value is missing, and it was not said what stands for it.',
    fix: 'say what a missing value becomes (`missing.becomes`), or take such rows out',
  },
  HF_DATASET_LABELS: {
    exit: 2,
    meaning: 'The labels are not as many as the samples, not whole numbers, or not among the classes.',
    fix: 'give one label a sample, and the classes in the order that the model knows them in',
  },
  HF_DATASET_OPTIONS: {
    exit: 2,
    meaning: 'Samples were asked for with options that do not fit the format.',
    fix: 'leave out or change the option that is named',
  },
  HF_DATASET_EXISTS: {
    exit: 2,
    meaning: 'A file is to be written where there is one already.',
    fix: 'name another file, or say with `--force` that it may be replaced',
  },
  HF_DATASET_QUERY: {
    exit: 3,
    meaning:
      'The engine could not answer a question about the table: not enough memory or disk, or data that cannot be read.',
    fix: 'give it more memory or disk space, or write the file again if it is damaged',
  },
  HF_DATASET_ENGINE: {
    exit: 3,
    meaning:
      'What reads such tables is not installed, or has no binary for this platform: DuckDB, `apache-arrow` for Arrow files, `pg` for PostgreSQL.',
    fix: 'install it: `npm install @duckdb/node-api@1.5.6-r.1`, and `apache-arrow@21.2.0` or `pg@8.23.1` where they are needed',
  },
} as const satisfies Record<string, { exit: 1 | 2 | 3; meaning: string; fix: string }>;

export type DatasetErrorCode = keyof typeof datasetErrors;

/** Why samples could not be read. `where` names the file, and within it a row and a column. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
  readonly code: DatasetErrorCode;
  readonly fix: string;
  readonly exit: 1 | 2 | 3;
  readonly where?: string;

  constructor(code: DatasetErrorCode, message: string, more: { where?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.fix = datasetErrors[code].fix;
    this.exit = datasetErrors[code].exit;
    if (more.where !== undefined) this.where = more.where;
  }
}

/** A text from a file or an option as a message shows it: in backticks, short, without what a terminal would obey. */
export function shown(text: string): string {
  const safe = Array.from(text.slice(0, 81), (character) =>
    /[\p{C}\p{Zl}\p{Zp}]/u.test(character) ? '\u{FFFD}' : character,
  );
  return `\`${safe.slice(0, 80).join('')}${safe.length > 80 ? '…' : ''}\``;
}
