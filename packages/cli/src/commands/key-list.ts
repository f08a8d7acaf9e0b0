import { listKeyFiles } from '@holdfast/evidence/key-files';
import { openProject, verifyProject } from '@holdfast/pipeline/project';
import type { CommandModule } from '../command.ts';
import { shortHex } from '../short-hex.ts';

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
    lines: keys.map(
      ({ name, keyId, roles, here: mine, encrypted }) =>
        `${name.padEnd(width)}${shortHex(keyId)}  ${mine ? (encrypted ? 'here, encrypted' : 'here') : 'elsewhere'}  ${roles.join(', ') || 'no role'}`,
    ),
    result: keys,
  };
};
