/** Every way in which a trial can be refused: exit code of the command, what it means, what to do. */
export const trialsErrors = {
  HF_TRIALS_OPERATOR: {
    exit: 3,
    meaning: 'An operator of the model has no gradient rule, or uses a form of it that the rule does not cover.',
    fix: 'attacks that need no gradient still work: square, hopskipjump; or export the model with standard operators',
  },
  HF_TRIALS_MODEL: {
    exit: 2,
    meaning: 'The model is not one that this trial can attack: its inputs or outputs do not fit.',
    fix: 'give a classifier with one FLOAT input and an output of [rows, classes]',
  },
  HF_TRIALS_OPTIONS: {
    exit: 2,
    meaning: 'An option of a trial is missing, unknown, or has a value that it cannot have.',
    fix: 'look at the options with `holdfast trial robustness --help`',
  },
  HF_TRIALS_DATA: {
    exit: 2,
    meaning: 'The samples do not fit the model: their shape, their labels or their range.',
    fix: 'give the samples as the model takes them, with labels that are the numbers of its classes',
  },
  HF_TRIALS_COLUMNS: {
    exit: 2,
    meaning:
      'The file that says what the columns of a table are is not one: a key, a value, or a rule between columns.',
    fix: 'look at `spec/table-columns.schema.json` and at the example in `examples/census/columns.yaml`',
  },
  HF_TRIALS_TASK: {
    exit: 2,
    meaning: 'The model gives something else than the task says: classes where a value is expected, or a value.',
    fix: 'say `--task regression` if the model gives a value, and leave it out if it tells classes apart',
  },
  HF_TRIALS_FACTS: {
    exit: 3,
    meaning: 'The shape or the type of a value inside the model could not be found out.',
    fix: 'export the model with static dimensions for everything but the batch',
  },
} as const satisfies Record<string, { exit: 1 | 2 | 3; meaning: string; fix: string }>;

export type TrialsErrorCode = keyof typeof trialsErrors;

/** Why a trial could not do what was asked. `where` names the place: a node, an option, a file. */
export class TrialsError extends Error {
  override readonly name = 'TrialsError';
  readonly code: TrialsErrorCode;
  readonly fix: string;
  readonly exit: 1 | 2 | 3;
  readonly where?: string;

  constructor(code: TrialsErrorCode, message: string, more: { where?: string; fix?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.fix = more.fix ?? trialsErrors[code].fix;
    this.exit = trialsErrors[code].exit;
    if (more.where !== undefined) this.where = more.where;
  }
}
