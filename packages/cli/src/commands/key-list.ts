import { listKeyFiles } from '@holdfast/evidence';
import { openProject, verifyProject } from '@holdfast/pipeline';
import type { CommandModule } from '../command.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const project = await openProject(invocation.folder);
  const view = await verifyProject(project);
  const here = new Map((await listKeyFiles(project.paths.keys)).map((file) => [file.publicKey.id, file]));
  const keys = view.trust.signers(view.origin).map(({ name, key, roles }) => ({
    name,
    keyId: key.id,
    algorithm: key.algorithm,
    roles: [...roles],
    here: here.has(key.id),
    encrypted: here.get(key.id)?.encrypted ?? false,
  }));
  const width = Math.max(...keys.map(({ name }) => name.length)) + 2;
  return {
    exit: 0,
    lines: keys.map(({ name, keyId, roles, here: mine, encrypted }) =>
      `${name.padEnd(width)}${keyId.slice(0, 12)}…  ${mine ? (encrypted ? 'here, encrypted' : 'here') : 'elsewhere'}  ${roles.join(', ') || 'no role'}`,
    ),
    result: keys,
  };
};
