/** Why a cell cannot be transformed, as it stands in reports; what the cell holds is never said. */
export const failureReasons = {
  'too-short': 'is too short',
  'too-long': 'is too long',
  'outside-alphabet': 'has a character that is not in the alphabet',
  'not-a-number': 'is no finite number',
  'not-a-date': 'is no date of the format',
  'out-of-range': 'would leave the range of its type',
  'not-in-hierarchy': 'is not in the hierarchy',
  'not-a-zip-code': 'is no ZIP code',
  'no-subject': 'has no subject beside it',
  'not-encrypted': 'is not what `encrypt` writes',
  'not-authentic': 'was encrypted with another key, column or row, or was changed',
} as const;

export type FailureReason = keyof typeof failureReasons;

/** What became of a cell that cannot be transformed. */
export class CellFailure {
  readonly reason: FailureReason;

  constructor(reason: FailureReason) {
    this.reason = reason;
  }
}
