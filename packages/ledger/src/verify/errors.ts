interface ErrorEntry {
  /** Exit status of a command that ends with this error: 1 tampering, 2 wrong usage, 3 could not find out. */
  readonly exit: 1 | 2 | 3;
  readonly meaning: string;
  readonly fix: string;
}

/** Every error that this package raises: what it means, what to do, and the exit status that it leads to. */
export const ledgerErrors = {
  HF_LEDGER_NOTE_FORMAT: {
    exit: 3,
    meaning: 'A file that should be a C2SP signed note does not have that format.',
    fix: 'fetch the file again from where it was published',
  },
  HF_LEDGER_CHECKPOINT_FORMAT: {
    exit: 3,
    meaning: 'The text of a checkpoint is not origin, tree size and root hash.',
    fix: 'fetch the checkpoint again from where it was published',
  },
  HF_LEDGER_COSIGNATURE_FORMAT: {
    exit: 3,
    meaning: 'A signature of a checkpoint has the wrong length or timestamp for its type.',
    fix: 'ask the cosigner for its signature again',
  },
  HF_LEDGER_PROOF_FORMAT: {
    exit: 3,
    meaning: 'A file that should be a C2SP tlog-proof does not have that format.',
    fix: 'export the proof again',
  },
  HF_LEDGER_KEY_FORMAT: {
    exit: 2,
    meaning: 'A verifier key is not `name+key id+base64`, or its key id is not that of its name and key.',
    fix: 'copy the verifier key again from the owner of the ledger',
  },
  HF_LEDGER_ORIGIN_MISMATCH: {
    exit: 1,
    meaning: 'A checkpoint belongs to another ledger than the one that was asked for.',
    fix: 'check the origin in the configuration, and where this checkpoint came from',
  },
  HF_LEDGER_SIGNATURE_INVALID: {
    exit: 1,
    meaning: 'A checkpoint carries a signature in the name of a trusted key that does not verify.',
    fix: 'do not trust this ledger before its owner has explained it',
  },
  HF_LEDGER_SIGNATURE_MISSING: {
    exit: 1,
    meaning: 'A checkpoint lacks the signature of a key that has to have signed it.',
    fix: 'check the verifier keys, or ask the missing signer for its signature',
  },
  HF_LEDGER_INCLUSION_INVALID: {
    exit: 1,
    meaning: 'An inclusion proof does not lead from the entry to the signed root.',
    fix: 'treat the entry as not logged; export the proof again if it should be',
  },
  HF_LEDGER_CONSISTENCY_INVALID: {
    exit: 1,
    meaning: 'A consistency proof does not show that one tree continues the other.',
    fix: 'treat the two checkpoints as a fork until its owner has explained it',
  },
  HF_LEDGER_TILE_CORRUPT: {
    exit: 1,
    meaning: 'A tile or entry bundle does not hash to what the signed checkpoint commits to.',
    fix: 'restore the named file from a copy of the ledger, then run `holdfast ledger fsck`',
  },
  HF_LEDGER_TILE_TRUNCATED: {
    exit: 3,
    meaning: 'A tile or entry bundle has not the length that its name says.',
    fix: 'restore the named file from a copy of the ledger, then run `holdfast ledger fsck`',
  },
  HF_LEDGER_TILE_MISSING: {
    exit: 3,
    meaning: 'A tile or entry bundle that the checkpoint needs is not there.',
    fix: 'restore the named file from a copy of the ledger, then run `holdfast ledger fsck`',
  },
  HF_LEDGER_ROOT_MISMATCH: {
    exit: 1,
    meaning: 'The root recomputed from the entries is not the one that the checkpoint signs.',
    fix: 'restore the ledger from a copy; do not append to it',
  },
  HF_LEDGER_FORK: {
    exit: 1,
    meaning: 'The checkpoint contradicts a checkpoint of the same ledger that was seen before.',
    fix: 'keep both checkpoints as proof, and do not trust this ledger before its owner has explained it',
  },
  HF_LEDGER_ROLLBACK: {
    exit: 3,
    meaning: 'The checkpoint is smaller than one of the same ledger that was seen before.',
    fix: 'bring back the newer ledger; if it was restored from a backup on purpose, start a new origin',
  },
  HF_LEDGER_NOT_FOUND: {
    exit: 2,
    meaning: 'There is no ledger in the folder.',
    fix: 'check the folder, or create a ledger with `holdfast init`',
  },
  HF_LEDGER_EXISTS: {
    exit: 2,
    meaning: 'There is already a ledger in the folder.',
    fix: 'open it, or choose another folder',
  },
  HF_LEDGER_SIGNER: {
    exit: 2,
    meaning: 'The origin, or the keys that are to sign for it, cannot be used.',
    fix: 'use a bare name as origin, and an Ed25519 signer of the same name',
  },
  HF_LEDGER_CLOCK: {
    exit: 3,
    meaning: 'The clock stands long before the time of the newest cosignature.',
    fix: 'set the clock of this machine',
  },
  HF_LEDGER_ENTRY_TOO_LARGE: {
    exit: 2,
    meaning: 'An entry is longer than the 65535 bytes that an entry bundle can hold.',
    fix: 'log the digest of the data instead of the data',
  },
  HF_LEDGER_BATCH_TOO_LARGE: {
    exit: 2,
    meaning: 'One append has more entries or bytes than a batch may have.',
    fix: 'append in several calls',
  },
  HF_LEDGER_SIZE_CHANGED: {
    exit: 3,
    meaning: 'The ledger has not the size that the append was conditional on.',
    fix: 'read what was added, then try again with the new size',
  },
  HF_LEDGER_LOCKED: {
    exit: 3,
    meaning: 'Another process kept the lock of the ledger for longer than the deadline.',
    fix: 'wait for the other process to end, then try again',
  },
  HF_LEDGER_CLOSED: {
    exit: 2,
    meaning: 'The ledger was used after it had been closed.',
    fix: 'open the ledger again',
  },
  HF_LEDGER_RANGE: {
    exit: 2,
    meaning: 'An index or size lies outside the tree.',
    fix: 'ask for an index below the size of the checkpoint',
  },
  HF_LEDGER_DISK_FULL: {
    exit: 3,
    meaning: 'The disk is full; nothing of the append was kept.',
    fix: 'free some space, then try again',
  },
  HF_LEDGER_IO: {
    exit: 3,
    meaning: 'The operating system refused to read or write a file of the ledger.',
    fix: 'check the rights and the health of the disk, then try again',
  },
} as const satisfies Record<string, ErrorEntry>;

/** A code from {@link ledgerErrors}. */
export type LedgerErrorCode = keyof typeof ledgerErrors;

/** Where an error happened and what led to it. */
export interface LedgerErrorDetail {
  /** The file inside the ledger, such as `tile/0/000.p/5`, or the line. */
  readonly where?: string;
  /** Replaces the fix of the registry where more is known. */
  readonly fix?: string;
  readonly cause?: unknown;
}

/**
 * The one class of errors of this package.
 *
 * @example
 * ```ts
 * import { folderSource, LedgerError, openLedgerReader } from '@holdfast/ledger';
 *
 * try {
 *   await openLedgerReader(folderSource('.holdfast/ledger'), { origin: 'credit-risk.example', verifierKeys: [] });
 * } catch (error) {
 *   if (error instanceof LedgerError && error.code === 'HF_LEDGER_ROLLBACK') process.exitCode = error.exit;
 * }
 * ```
 */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerErrorCode;
  readonly fix: string;
  readonly exit: 1 | 2 | 3;
  declare readonly where?: string;

  constructor(code: LedgerErrorCode, message: string, detail: LedgerErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.exit = ledgerErrors[code].exit;
    this.fix = detail.fix ?? ledgerErrors[code].fix;
    if (detail.where !== undefined) this.where = detail.where;
  }
}
