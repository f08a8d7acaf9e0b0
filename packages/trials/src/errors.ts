/** Every way in which a trial can be refused: exit code of the command, what it means, what to do. */
export const trialsErrors = {
  HF_TRIALS_OPERATOR: {
    exit: 3,
    meaning: 'An operator of the model has no gradient rule, or uses a form of it that the rule does not cover.',
    fix: 'attacks that need no gradient still work: `--attack square,hopskipjump`; or export it with standard operators',
  },
  HF_TRIALS_MODEL: {
    exit: 2,
    meaning: 'The model is not one that this trial can attack: its inputs or outputs do not fit.',
    fix: 'give a classifier with one FLOAT input and an output of [rows, classes]',
  },
  HF_TRIALS_MEMORY: {
    exit: 3,
    meaning: 'The model is larger than what the machine has memory for: an attack holds it and its gradient.',
    fix: 'use a machine with more memory, or attack a smaller export of the model',
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
  HF_TRIALS_DIVERGED: {
    exit: 3,
    meaning: 'The loss of a training is no finite number any more: its steps are too long.',
    fix: 'train with a lower `rate`, or with another schedule',
  },
  HF_TRIALS_INTERRUPTED: {
    exit: 3,
    meaning: 'A training was interrupted; what it had learned is kept beside its output.',
    fix: 'go on with the same command and `--resume`',
  },
  HF_TRIALS_CHECKPOINT: {
    exit: 2,
    meaning: 'A checkpoint does not belong to the training that is to go on, or is not whole.',
    fix: 'go on with the options, the model and the samples that it began with, or begin anew without `resume`',
  },
  HF_TRIALS_COMPRESSION: {
    exit: 2,
    meaning: 'The model cannot be pruned or quantised: it has no weights of FLOAT for it, or is quantised already.',
    fix: 'give the model as it was trained, in float32, with its weights as initializers within the file',
  },
  HF_TRIALS_OUTPUT: {
    exit: 3,
    meaning: 'What a trial found cannot be written: the disk is full, or the folder may not be written to.',
    fix: 'free some space or name another folder; run the same command again, and it goes on where it was',
  },
  HF_TRIALS_REPORT: {
    exit: 2,
    meaning: 'A file is no report of a robustness trial, or is damaged.',
    fix: 'give the folders that `holdfast trial robustness --shard … --output` wrote, as it wrote them',
  },
  HF_TRIALS_SHARD_MISSING: {
    exit: 2,
    meaning: 'Shards of a trial are merged, and not all of them are there, or one was interrupted.',
    fix: 'run the shards that the message names, and merge all of them',
  },
  HF_TRIALS_SHARD_TWICE: {
    exit: 2,
    meaning: 'Shards of a trial are merged, and one of them is there more than once.',
    fix: 'give every shard once',
  },
  HF_TRIALS_SHARD_FOREIGN: {
    exit: 2,
    meaning: 'Shards are merged that are of different trials: another model, other samples, options or versions.',
    fix: 'merge only what was run on the same files, with the same options, by the same versions',
  },
  HF_TRIALS_NUMBERS: {
    exit: 3,
    meaning: 'The model gives NaN for every sample: there is nothing to measure.',
    fix: 'give samples in the range that the model was trained with, and look for divisions by zero and overflow in it',
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
