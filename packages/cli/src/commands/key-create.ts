import type { KeyAlgorithm } from '@holdfast/evidence/keys';
import { createKey } from '@holdfast/pipeline/keys';
import { openProject, passphraseFromEnvironment } from '@holdfast/pipeline/project';
import { type CommandModule, flag, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { readRoles } from '../role-list.ts';
import { shortHex } from '../short-hex.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const roles = await readRoles(textOption(invocation, 'roles') ?? 'builder');
  const project = await openProject(invocation.folder);
  const passphrase = flag(invocation, 'encrypt') ? await passphraseFromEnvironment('') : undefined;
  if (flag(invocation, 'encrypt') && passphrase === undefined) {
    throw new CliError('HF_CLI_USAGE', 'there is no passphrase to encrypt the key with', {
      fix: 'set HOLDFAST_PASSPHRASE',
    });
  }
  const name = invocation.arguments[0] ?? '';
  const { file, granted } = await createKey(project, name, roles, {
    algorithm: readAlgorithm(textOption(invocation, 'algorithm')),
    ...(passphrase === undefined ? {} : { passphrase }),
  });
  return {
    exit: 0,
    lines: [
      `${name} ${shortHex(file.publicKey.id)} may act as ${roles.join(', ')}`,
      `granted in the ledger at ${granted.index}`,
    ],
    result: { name, keyId: file.publicKey.id, publicKey: file.publicKey.pem, roles, ...granted },
  };
};

function readAlgorithm(name: string | undefined): KeyAlgorithm {
  if (name === undefined || name === 'p256') return 'p256';
  if (name === 'ed25519') return 'ed25519';
  throw new CliError('HF_CLI_USAGE', `there is no algorithm \`${name}\``, { fix: 'use p256 or ed25519' });
}
