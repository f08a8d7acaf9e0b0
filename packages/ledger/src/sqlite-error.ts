// Primary result codes of SQLite (https://www.sqlite.org/rescode.html); extended ones hold them in the low byte.
const busy = 5;
const corrupt = 11;
const full = 13;
const notADatabase = 26;

function resultCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
}

/** Somebody else has the lock. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === busy;
}

/** The disk is full. */
export function isFull(error: unknown): boolean {
  return resultCode(error) === full;
}

/** The file is damaged, or no database. */
export function isCorrupt(error: unknown): boolean {
  return [corrupt, notADatabase].includes(resultCode(error));
}
