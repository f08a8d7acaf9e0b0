import { LedgerError } from './errors.ts';

/** The `code` of an error of the operating system, or the empty string. */
export function errorCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** An error of the operating system as an error of this package: HF_LEDGER_DISK_FULL or HF_LEDGER_IO. */
export function ioError(error: unknown, doing: string, where?: string): LedgerError {
  if (error instanceof LedgerError) return error;
  const detail = where === undefined ? { cause: error } : { cause: error, where };
  const code = errorCodeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new LedgerError('HF_LEDGER_DISK_FULL', `${doing}: the disk is full`, detail);
  }
  const why = code === '' && error instanceof Error ? error.message : code;
  return new LedgerError('HF_LEDGER_IO', `${doing}: ${why}`, detail);
}
