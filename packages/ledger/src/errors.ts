// The verifier may import nothing outside its folder, so the registry lives there.

export type { LedgerErrorCode, LedgerErrorDetail } from './verify/errors.ts';
export { LedgerError, ledgerErrors } from './verify/errors.ts';
