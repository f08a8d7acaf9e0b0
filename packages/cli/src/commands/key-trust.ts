import { readFile } from 'node:fs/promises';
import { parsePublicKey } from '@holdfast/evidence/keys';
import { grantRoles } from '@holdfast/pipeline/keys';
import { openProject } from '@holdfast/pipeline/project';
import { readTrust } from '@holdfast/pipeline/project-paths';
import { type CommandModule, flag, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { pathIn } from '../invocation.ts';
import { readRoles } from '../role-list.ts';
import { shortHex } from '../short-hex.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const project = await openProject(invocation.folder);
  const [file] = invocation.arguments;
  if (flag(invocation, 'export') || file === undefined) {
    const trust = await readTrust(project.paths.trust);
    return { exit: 0, lines: [JSON.stringify(trust, null, 2)], result: trust };
  }
  const [name, roles] = [textOption(invocation, 'name'), textOption(invocation, 'roles')];
  if (name === undefined || roles === undefined) {
    throw new CliError('HF_CLI_USAGE', 'a key is trusted under a name, in roles', {
      fix: `holdfast key trust ${file} --name NAME --roles ROLE,…`,
    });
  }
  const key = parsePublicKey(await readFile(pathIn(invocation, file), 'utf8'));
  const list = await readRoles(roles);
  const granted = await grantRoles(project, name, key, list);
  return {
    exit: 0,
    lines: [`${name} ${shortHex(key.id)} may act as ${list.join(', ')}`, `granted in the ledger at ${granted.index}`],
    result: { name, keyId: key.id, roles: list, ...granted },
  };
};
