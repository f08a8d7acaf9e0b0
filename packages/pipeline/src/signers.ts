import { type KeyFile, listKeyFiles, openKeyFile } from '@holdfast/evidence/key-files';
import type { Signer } from '@holdfast/evidence/keys';
import type { Role } from '@holdfast/evidence/roles';
import type { TrustView } from '@holdfast/evidence/verify/trust-view';
import { PipelineError } from './errors.ts';
import type { Project } from './project.ts';

/** A key of this machine, with the roles that it holds at the end of the ledger. */
export interface HeldKey {
  readonly file: KeyFile;
  readonly roles: ReadonlySet<Role>;
}

/** The key of this machine that acts in one of the roles: the one that is named, else the first for the first role. */
export async function chooseKey(
  project: Project,
  trust: TrustView,
  wanted: readonly Role[],
  named?: string,
): Promise<HeldKey | undefined> {
  const held = (await listKeyFiles(project.paths.keys))
    .filter(({ name }) => named === undefined || name === named)
    .map((file) => ({ file, roles: trust.rolesAt(file.publicKey.id, project.config.ledger, Number.MAX_SAFE_INTEGER) }));
  return wanted.map((role) => held.find(({ roles }) => roles.has(role))).find((key) => key !== undefined);
}

/**
 * Opens the key of this machine that signs in a role.
 *
 * @throws PipelineError HF_NO_SIGNER; EvidenceError when the key cannot be opened
 */
export async function signerFor(
  project: Project,
  trust: TrustView,
  wanted: readonly Role[],
  named?: string,
): Promise<{ readonly name: string; readonly signer: Signer }> {
  const chosen = await chooseKey(project, trust, wanted, named);
  if (chosen === undefined) {
    throw await noSigner(project, wanted, named);
  }
  const { name } = chosen.file;
  return { name, signer: await openKeyFile(project.paths.keys, name, project.passphrase) };
}

/** Says whether the key is missing or only its role, because what to do about it differs. */
async function noSigner(project: Project, wanted: readonly Role[], named: string | undefined): Promise<PipelineError> {
  const role = wanted[0] ?? 'builder';
  const isHere = (await listKeyFiles(project.paths.keys)).some(({ name }) => name === named);
  const who =
    named === undefined
      ? 'no key here holds'
      : `the key \`${named}\` ${isHere ? 'does not hold' : 'is not here; it needs'}`;
  const grant = `holdfast key trust .holdfast/keys/${named ?? ''}.pub --name ${named ?? ''} --roles ${role}`;
  const fix = isHere ? grant : `holdfast key create ${named ?? 'NAME'} --roles ${role}`;
  return new PipelineError('HF_NO_SIGNER', `${who} the role ${wanted.join(' or ')}`, { fix });
}
