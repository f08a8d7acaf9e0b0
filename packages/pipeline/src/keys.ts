import { createKeyFile, type KeyFile } from '@holdfast/evidence/key-files';
import type { KeyAlgorithm, PublicKey } from '@holdfast/evidence/keys';
import type { KeyEvent } from '@holdfast/evidence/predicates/key-event';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { type RecordedEvidence, recordEvidence, signStatement } from '@holdfast/evidence/record';
import type { Role } from '@holdfast/evidence/roles';
import { statementOf } from '@holdfast/evidence/statement';
import { type Project, verifyProject, withRecorder } from './project.ts';
import { signerFor } from './signers.ts';
import { requireSound } from './sound.ts';

/** A change of what a key may do. */
interface KeyChange {
  readonly action: 'grant' | 'revoke';
  readonly name: string;
  readonly key: PublicKey;
  readonly roles: readonly Role[];
  readonly reason?: string;
}

/**
 * Records a key event, signed by a key in the role `authority`. It is chained to the one before, and logged only if
 * nothing else was logged meanwhile, so that two at once cannot break the chain.
 *
 * @throws LedgerError HF_LEDGER_SIZE_CHANGED: try again
 */
async function recordKeyEvent(project: Project, change: KeyChange): Promise<RecordedEvidence> {
  const view = await verifyProject(project);
  requireSound(view);
  const { signer } = await signerFor(project, view.trust, ['authority']);
  const event: KeyEvent = {
    action: change.action,
    key: { name: change.name, publicKey: change.key.pem },
    roles: [...change.roles],
    ...(change.reason === undefined ? {} : { reason: change.reason }),
    previous: view.trust.newestKeyEvent(view.origin),
  };
  const statement = statementOf(
    predicateTypes.keyEvent,
    [{ name: change.name, digest: { sha256: change.key.id } }],
    event,
  );
  const signed = await signStatement(statement, signer);
  const [recorded] = await withRecorder(project, (recorder) =>
    recordEvidence([signed], recorder, { expectedSize: view.size }),
  );
  if (recorded === undefined) throw new TypeError('nothing was recorded');
  return recorded;
}

/** Makes a key on this machine and grants it roles from here on. */
export async function createKey(
  project: Project,
  name: string,
  roles: readonly Role[],
  options: { readonly algorithm?: KeyAlgorithm; readonly passphrase?: string } = {},
): Promise<{ readonly file: KeyFile; readonly granted: RecordedEvidence }> {
  const file = await createKeyFile(project.paths.keys, name, options);
  return { file, granted: await grantRoles(project, name, file.publicKey, roles) };
}

/** Grants roles to a key, wherever its private half is. */
export function grantRoles(
  project: Project,
  name: string,
  key: PublicKey,
  roles: readonly Role[],
): Promise<RecordedEvidence> {
  return recordKeyEvent(project, { action: 'grant', name, key, roles });
}

/** Takes roles from a key: what it signs from here on counts for nothing; what it signed before still does. */
export function revokeRoles(
  project: Project,
  name: string,
  key: PublicKey,
  roles: readonly Role[],
  reason?: string,
): Promise<RecordedEvidence> {
  return recordKeyEvent(project, { action: 'revoke', name, key, roles, ...(reason === undefined ? {} : { reason }) });
}
