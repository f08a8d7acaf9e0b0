import { EvidenceError } from '@holdfast/evidence/errors';
import { revokeRoles } from '@holdfast/pipeline/keys';
import { openProject, verifyProject } from '@holdfast/pipeline/project';
import { type CommandModule, textOption } from '../command.ts';
import { readRoles } from '../role-list.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const project = await openProject(invocation.folder);
  const view = await verifyProject(project);
  const name = invocation.arguments[0] ?? '';
  const found = view.trust.signers(view.origin).find((signer) => signer.name === name || signer.key.id === name);
  if (found === undefined)
    throw new EvidenceError('HF_KEY_NOT_FOUND', `nobody is known as \`${name}\``, {
      fix: '`holdfast key list` shows who is known',
    });
  const list = textOption(invocation, 'roles');
  const roles = list === undefined ? [...found.roles] : await readRoles(list);
  if (roles.length === 0) throw new EvidenceError('HF_ROLE_UNKNOWN', `\`${name}\` holds no role`);
  const revoked = await revokeRoles(project, found.name, found.key, roles, textOption(invocation, 'reason'));
  return {
    exit: 0,
    lines: [
      `${found.name} loses ${roles.join(', ')}`,
      `revoked in the ledger at ${revoked.index}`,
      'what it signed before still counts, what it signs after does not',
    ],
    result: { name: found.name, keyId: found.key.id, roles, ...revoked },
  };
};
