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
  HF_DATA_HIERARCHY: {
    exit: 2,
    meaning: 'What the values of a column become when they get coarser is not a hierarchy, or not one of this table.',
    fix: 'give each value one line, and let values that are equal on one level be equal on all above it',
  },
  HF_DATA_ANONYMITY: {
    exit: 1,
    meaning: 'No way of generalising the columns fulfils what is asked for, or none was found within the limits.',
    fix: 'suppress more rows, ask for less, give coarser hierarchies, or name fewer columns in `quasi`',
  },
  HF_DATA_MASK_PLAN: {
    exit: 2,
    meaning: 'The plan of what is to be done with columns cannot be read, or does not fit the table.',
    fix: 'say for every column what is done with it; docs/guides/data/masking.md shows a plan, `holdfast data mask-plan` writes one',
  },
  HF_DATA_MASK_KEY: {
    exit: 2,
    meaning: 'A key is needed and not there, is no key, can be read by others, or is not the one that the plan names.',
    fix: 'make one with `(umask 077; openssl rand -hex 32 > FILE)` and name it with `--key-file` or `--key-environment`',
  },
  HF_DATA_MASK_CELL: {
    exit: 1,
    meaning: 'A cell could not be transformed, and the plan says that this is a failure. Nothing was written.',
    fix: 'look at the row that is named, choose another method, or say `onFailure: redact`',
  },
  HF_DATA_SUSPECTS: {
    exit: 2,
    meaning: 'It is not known which rows are to be set aside, or what names them is about other data.',
    fix: 'run `holdfast data poison` on the data first, or name the rows with `--rows`',
  },
  HF_DATA_MODEL: {
    exit: 2,
    meaning: 'The model that is to give an embedding of each row does not load, or does not take such rows.',
    fix: 'give an ONNX model with one input, `[rows, numbers]` or pictures of this size, and name its output with `embedding`',
  },
  HF_DATA_IMAGES: {
    exit: 2,
    meaning:
      'Pictures cannot be looked at: their number does not fit the rows or the labels, there are too many files, or a pixel is no number.',
    fix: 'give pictures of one size, a label for each, and pixels that are finite numbers',
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
