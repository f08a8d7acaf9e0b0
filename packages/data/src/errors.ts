/** Every way in which a check of data can be refused: exit code of the command, what it means, what to do. */
export const dataErrors = {
  HF_DATA_OPTIONS: {
    exit: 2,
    meaning: 'An option of a check of data is missing, unknown, or has a value that it cannot have.',
    fix: 'look at the options with `holdfast data CHECK --help`',
  },
  HF_DATA_ARTIFACT: {
    exit: 2,
    meaning: 'The artifact is no table, or a folder with files of several kinds.',
    fix: 'declare the file, or a folder with files of one format, as an artifact of its own',
  },
  HF_DATA_SUITE: {
    exit: 2,
    meaning: 'The suite of expectations is not one that can be read.',
    fix: 'give a suite as Great Expectations stores it, as JSON; `holdfast data suggest` writes one',
  },
  HF_DATA_SCHEMA: {
    exit: 2,
    meaning: 'The schema is not one that expectations can be made of.',
    fix: 'give a Frictionless Table Schema, or what `DataFrameSchema.to_yaml()` or `to_json()` of pandera writes',
  },
  HF_DATA_DESCRIPTION: {
    exit: 2,
    meaning: 'The file that says where a table of a database is cannot be used.',
    fix: 'say where it is: `postgres` with `host`, `database`, `user`, `table` and `passwordEnvironment`; and `keys`',
  },
  HF_DATA_IMAGES: {
    exit: 2,
    meaning: 'Pictures cannot be looked at: their number does not fit the rows, or a pixel has no value from 0 to 1.',
    fix: 'give pictures of one size with pixels from 0 to 1',
  },
  HF_DATA_CHANGED: {
    exit: 3,
    meaning: 'The data were written to while they were read.',
    fix: 'run it again when nothing writes to the data',
  },
} as const satisfies Record<string, { exit: 1 | 2 | 3; meaning: string; fix: string }>;

export type DataErrorCode = keyof typeof dataErrors;

/** Why a check of data was refused. `where` names the file, the column or the option. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly code: DataErrorCode;
  readonly fix: string;
  readonly exit: 1 | 2 | 3;
  readonly where?: string;

  constructor(code: DataErrorCode, message: string, more: { where?: string; fix?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.fix = more.fix ?? dataErrors[code].fix;
    this.exit = dataErrors[code].exit;
    if (more.where !== undefined) this.where = more.where;
  }
}
