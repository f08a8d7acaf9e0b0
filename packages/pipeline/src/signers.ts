import { listKeyFiles, openKeyFile, type Role, type Signer, type TrustView } from '@holdfast/evidence';
import { PipelineError } from './errors.ts';
import type { Project } from './project.ts';

/**
 * Chooses the key of this machine that signs in a role: the one that is named, else the first that holds the role
 * at the end of the ledger. A key that is named must hold it.
 *
 * @throws PipelineError HF_NO_SIGNER
 */
export async function signerFor(
  project: Project,
  trust: TrustView,
  wanted: readonly Role[],
  named?: string,
): Promise<{ readonly name: string; readonly signer: Signer; readonly roles: readonly Role[] }> {
  const files = await listKeyFiles(project.paths.keys);
  const held = (keyId: string): ReadonlySet<Role> => trust.rolesAt(keyId, project.config.ledger, Number.MAX_SAFE_INTEGER);
  const fitting = files.filter(
    (file) => (named === undefined || file.name === named) && wanted.some((role) => held(file.publicKey.id).has(role)),
  );
  const [chosen] = wanted.flatMap((role) => fitting.filter((file) => held(file.publicKey.id).has(role)));
  if (chosen === undefined) {
    const why = named === undefined ? 'no key here holds' : `the key \`${named}\` is not here, or does not hold`;
    throw new PipelineError('HF_NO_SIGNER', `${why} the role ${wanted.join(' or ')}`, {
      fix: `holdfast key create ${named ?? 'NAME'} --roles ${wanted[0] ?? 'builder'}`,
    });
  }
  const signer = await openKeyFile(project.paths.keys, chosen.name, project.passphrase);
  return { name: chosen.name, signer, roles: [...held(chosen.publicKey.id)] };
}
