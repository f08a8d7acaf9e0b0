/** Every way in which a number cannot be worked out: exit code of the command, what it means, what to do. */
export const statisticsErrors = {
  HF_STATISTICS_ARGUMENT: {
    exit: 2,
    meaning: 'A seed, a count, a probability or a number of resamples is out of its range.',
    fix: 'give a number in the range that is named',
  },
  HF_STATISTICS_VALUES: {
    exit: 3,
    meaning:
      'There are too few values for the number that was asked for, they are too much alike or too far apart, or one is NaN or infinite.',
    fix: 'find out where the values come from; what is not a number has no rank and no mean: leave it out and say so, or ask for another number',
  },
  HF_STATISTICS_CONVERGENCE: {
    exit: 3,
    meaning: 'A distribution could not be worked out exactly enough.',
    fix: 'for an interval use the method `wilson`, which is a formula; below a thousand million values, report it as a fault of Holdfast',
  },
} as const satisfies Record<string, { exit: 1 | 2 | 3; meaning: string; fix: string }>;

export type StatisticsErrorCode = keyof typeof statisticsErrors;

/** Why a number could not be worked out. */
export class StatisticsError extends Error {
  override readonly name = 'StatisticsError';
  readonly code: StatisticsErrorCode;
  readonly fix: string;
  readonly exit: 1 | 2 | 3;

  constructor(code: StatisticsErrorCode, message: string, more: { cause?: unknown } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.fix = statisticsErrors[code].fix;
    this.exit = statisticsErrors[code].exit;
  }
}

/** @throws StatisticsError HF_STATISTICS_ARGUMENT unless it is a whole number from `low` to `high` */
export function requireInteger(what: string, value: number, low: number, high: number): void {
  if (Number.isSafeInteger(value) && value >= low && value <= high) return;
  throw new StatisticsError(
    'HF_STATISTICS_ARGUMENT',
    `${what} is a whole number from ${low} to ${high}, not \`${value}\``,
  );
}

/** @throws StatisticsError HF_STATISTICS_ARGUMENT unless it is between 0 and 1, both excluded */
export function requireFraction(what: string, value: number): void {
  if (value > 0 && value < 1) return;
  throw new StatisticsError('HF_STATISTICS_ARGUMENT', `${what} lies between 0 and 1, not at \`${value}\``);
}
