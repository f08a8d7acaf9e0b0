/** Every way in which a trial can be refused: exit code of the command, what it means, what to do. */
export const trialsErrors = {
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
