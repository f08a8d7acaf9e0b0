/** Every way in which text cannot be searched: exit code of the command, what it means, what to do. */
export const recogniserErrors = {
  HF_RECOGNISERS_CHOICE: {
    exit: 2,
    meaning: 'An entity type, a country or a confidence was asked for that does not exist.',
    fix: 'choose from the names in `entityTypes`, two-letter country codes that occur there, and a confidence from 0 to 1',
  },
  HF_RECOGNISERS_ENDED: {
    exit: 3,
    meaning: 'Text was handed to a stream that has ended.',
    fix: 'begin another stream for another text',
  },
} as const satisfies Record<string, { exit: 1 | 2 | 3; meaning: string; fix: string }>;

export type RecogniserErrorCode = keyof typeof recogniserErrors;

/** Why text could not be searched; the message never has a part of the text. */
export class RecogniserError extends Error {
  override readonly name = 'RecogniserError';
  readonly code: RecogniserErrorCode;
  readonly fix: string;
  readonly exit: 1 | 2 | 3;

  constructor(code: RecogniserErrorCode, message: string) {
    super(message);
    this.code = code;
    this.fix = recogniserErrors[code].fix;
    this.exit = recogniserErrors[code].exit;
  }
}
