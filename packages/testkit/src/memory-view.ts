import {
  canonicalJson,
  type EvidenceView,
  type PublicKey,
  type ReadEvidence,
  type Role,
  readEvidence,
  type Statement,
} from '@holdfast/evidence';
import { sha256Of } from './digests.ts';
import { roleOf } from './statements.ts';

/** A statement, and who is taken to have signed it. */
export interface Piece {
  readonly statement: Statement;
  /** Name of the signer in the trust file. */
  readonly signer: string;
  /** Tells two keys of one name apart. */
  readonly key?: string;
  readonly role?: Role;
}

/** The key that a name stands for in a view in memory; nothing can be verified with it. */
export function memoryKey(name: string): PublicKey {
  return { id: sha256Of(`key of ${name}`), algorithm: 'ecdsa-p256-sha256', spki: new Uint8Array(), pem: '' };
}

/**
 * A view as `verifyLedger` would return it for a ledger with these pieces, all of which verified. For tests of what
 * is computed from evidence; that nothing else gets into a view is tested where it is verified.
 */
export function memoryView(pieces: readonly Piece[], origin = 'tiny.example'): EvidenceView {
  const checkpoint = { size: pieces.length, rootHash: new Uint8Array(32).fill(pieces.length % 256) };
  const evidence = pieces.map(
    ({ statement, signer, key = signer, role }, index): ReadEvidence =>
      readEvidence({
        id: sha256Of(`${index} ${signer} ${canonicalJson(statement)}`),
        statement,
        signer: memoryKey(key),
        signerName: signer,
        role: role ?? roleOf[statement.predicateType] ?? 'auditor',
        ...{ origin, index, checkpoint },
      }),
  );
  return { origin, ...checkpoint, evidence, ignored: [], broken: [], trust: noTrust };
}

const refuse = (): never => {
  throw new Error('a view in memory has no keys');
};

const noTrust: EvidenceView['trust'] = {
  publicKey: refuse,
  nameOf: refuse,
  rolesAt: () => new Set(),
  ledgerById: refuse,
  apply: refuse,
  newestKeyEvent: () => null,
  signers: () => [],
};
