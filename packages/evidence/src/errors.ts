/** Every error that this package raises: its exit code, what it means and what to do about it. */
export const evidenceErrors = {
  HF_ENVELOPE_FORMAT: {
    exit: 3,
    meaning: 'the file is not a Sigstore bundle v0.3 with a DSSE envelope around an in-toto statement',
    fix: 'fetch the file again, or remove it; evidence is written by `holdfast run`, `sign` and `approve`',
  },
  HF_ENVELOPE_SIGNATURES: {
    exit: 3,
    meaning: 'the envelope carries no signature or more than one; exactly one is accepted',
    fix: 'ask its signer for a bundle with a single signature',
  },
  HF_STATEMENT_FORMAT: {
    exit: 3,
    meaning: 'the signed payload is not an in-toto Statement v1 that this version understands',
    fix: 'update holdfast, or ask the signer for a statement of a known predicate type',
  },
  HF_SIGNER_UNKNOWN: {
    exit: 1,
    meaning: 'the signing key is neither in the trust file nor granted in the ledger',
    fix: 'add it with `holdfast key trust`, if you know whose key it is',
  },
  HF_SIGNATURE_INVALID: {
    exit: 1,
    meaning: 'the signature does not match the payload: one of them was changed',
    fix: 'restore the file from where it came; do not use the artifact',
  },
  HF_SIGNER_ROLE: {
    exit: 1,
    meaning: 'the signer did not have the role that this kind of evidence needs at its position in the ledger',
    fix: 'have it signed by a key in that role: `holdfast key list` shows who has which',
  },
  HF_NOT_LOGGED: {
    exit: 1,
    meaning: 'the evidence is signed but in no ledger',
    fix: 'record it again with `holdfast run`, `sign` or `approve` in a project with a ledger',
  },
  HF_LEAF_MISMATCH: {
    exit: 1,
    meaning: 'the ledger entry beside the evidence belongs to other evidence',
    fix: 'restore the bundle from a backup or another copy of the ledger',
  },
  HF_INCLUSION_INVALID: {
    exit: 1,
    meaning: 'the inclusion proof does not lead to the root of the checkpoint',
    fix: 'restore the bundle, then run `holdfast ledger fsck`',
  },
  HF_CHECKPOINT_INVALID: {
    exit: 1,
    meaning: 'the checkpoint is not signed by the ledger key in the trust file',
    fix: 'restore the bundle, or correct the ledger key in the trust file',
  },
  HF_LEDGER_UNTRUSTED: {
    exit: 1,
    meaning: 'the evidence is in a ledger that the trust file does not name',
    fix: 'add the ledger to the trust file, if you know who runs it',
  },
  HF_EVIDENCE_FORK: {
    exit: 1,
    meaning: 'the evidence proves another history than the one in the ledger',
    fix: 'keep both copies: this is proof that somebody rewrote the ledger',
  },
  HF_EVIDENCE_GAP: {
    exit: 1,
    meaning: 'the ledger has an entry whose evidence is missing, so a withdrawal or revocation could be hidden',
    fix: 'restore `.holdfast/evidence/` from a backup or from git',
  },
  HF_EVIDENCE_NOT_FOUND: {
    exit: 3,
    meaning: 'no evidence has this id',
    fix: '`holdfast evidence list` shows what there is',
  },
  HF_KEY_EVENT_CHAIN: {
    exit: 1,
    meaning: 'the chain of key grants and revocations has a gap',
    fix: 'restore the missing evidence; until then no role can be relied on',
  },
  HF_TRUST_FORMAT: {
    exit: 2,
    meaning: 'the trust file cannot be read',
    fix: 'take it from git, or ask for it again: `holdfast key trust --export` prints it',
  },
  HF_KEY_NOT_FOUND: { exit: 2, meaning: 'there is no such key', fix: '`holdfast key create NAME` makes one' },
  HF_KEY_EXISTS: { exit: 2, meaning: 'a key of this name exists already', fix: 'choose another name' },
  HF_KEY_FORMAT: {
    exit: 2,
    meaning: 'the key file is not a P-256 or Ed25519 key in PEM (PKCS#8 or SPKI)',
    fix: 'make one with `holdfast key create NAME`',
  },
  HF_KEY_UNREADABLE: {
    exit: 2,
    meaning: 'the key file cannot be read',
    fix: 'check its owner and mode: `ls -l .holdfast/keys`',
  },
  HF_KEY_EXPOSED: {
    exit: 2,
    meaning: 'the private key can be read by other users of this machine',
    fix: 'chmod 600 the file, and consider replacing the key',
  },
  HF_KEY_PASSPHRASE: {
    exit: 2,
    meaning: 'the key is encrypted and the passphrase is missing or wrong',
    fix: 'set HOLDFAST_PASSPHRASE, or HOLDFAST_PASSPHRASE_FILE to a file that holds it',
  },
  HF_ROLE_UNKNOWN: {
    exit: 2,
    meaning: 'there is no such role',
    fix: 'roles are authority, builder, checker, approver, witness and auditor',
  },
  HF_ARCHIVE_FORMAT: {
    exit: 3,
    meaning: 'the file is not a `.holdfast` archive, or it is cut short',
    fix: 'export it again with `holdfast evidence export`',
  },
  HF_REPORT_FORMAT: {
    exit: 3,
    meaning: 'a check returned a report that does not keep the contract',
    fix: 'report it to the author of the check',
  },
  HF_STORE_DISK_FULL: {
    exit: 3,
    meaning: 'the disk is full; nothing was recorded',
    fix: 'free some space and run the command again',
  },
  HF_DIGEST_NOT_FOUND: { exit: 2, meaning: 'the file or folder does not exist', fix: 'check the path' },
  HF_DIGEST_SYMLINK: {
    exit: 2,
    meaning: 'a symbolic link is in the artifact, and links can point anywhere',
    fix: 'replace it by the file, or allow links with `--allow-symlinks`',
  },
  HF_DIGEST_CHANGED: {
    exit: 3,
    meaning: 'the file changed while it was being read',
    fix: 'stop what writes to it, and try again',
  },
  HF_DIGEST_SPECIAL_FILE: {
    exit: 2,
    meaning: 'a pipe, socket or device is in the artifact',
    fix: 'remove it: only files and folders have a digest',
  },
  HF_DIGEST_UNREADABLE: { exit: 3, meaning: 'a file of the artifact cannot be read', fix: 'check its permissions' },
  HF_DIGEST_TOO_MANY_FILES: {
    exit: 2,
    meaning: 'the folder holds more files than the limit',
    fix: 'pack it, or split it into several artifacts',
  },
  HF_DIGEST_NAME: {
    exit: 2,
    meaning: 'a file name holds a newline or is not UTF-8, so no digest can commit to it',
    fix: 'rename the file',
  },
  HF_MODEL_SIGNATURE_INVALID: {
    exit: 1,
    meaning: 'the model signature does not verify with this key',
    fix: 'check that it is the signer’s key; if it is, do not use the model',
  },
  HF_MODEL_SIGNATURE_FORMAT: {
    exit: 3,
    meaning: 'the file is not an OpenSSF Model Signing v1 signature that this version understands',
    fix: 'sign it again with `holdfast sign` or a current model_signing',
  },
  HF_MODEL_MISMATCH: {
    exit: 1,
    meaning: 'a file of the model differs from what was signed',
    fix: 'restore the model from its source; do not load it',
  },
  HF_MODEL_EXTRA_FILE: {
    exit: 1,
    meaning: 'the model folder holds a file that was not signed',
    fix: 'remove the file, or sign the model again if it belongs there',
  },
  HF_MODEL_MISSING_FILE: {
    exit: 1,
    meaning: 'a signed file is missing from the model folder',
    fix: 'restore the model from its source',
  },
} as const satisfies Record<string, { exit: 1 | 2 | 3; meaning: string; fix: string }>;

export type EvidenceErrorCode = keyof typeof evidenceErrors;

/**
 * What this package throws. `code` is stable, `fix` says what to do, `exit` is the command line's exit status.
 *
 * @example
 * ```ts
 * import { EvidenceError } from '@holdfast/evidence';
 * const error = new EvidenceError('HF_NOT_LOGGED', '`model.json` is in no ledger', { where: 'model.json' });
 * console.assert(error.exit === 1);
 * ```
 */
export class EvidenceError extends Error {
  readonly code: EvidenceErrorCode;
  readonly fix: string;
  readonly exit: 1 | 2 | 3;
  readonly where: string | undefined;

  constructor(
    code: EvidenceErrorCode,
    message: string,
    options: { where?: string; fix?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'EvidenceError';
    this.code = code;
    this.fix = options.fix ?? evidenceErrors[code].fix;
    this.exit = evidenceErrors[code].exit;
    this.where = options.where;
  }
}
