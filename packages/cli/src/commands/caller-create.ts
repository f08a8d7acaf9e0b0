import { duration } from '@holdfast/contracts/duration';
import { createKey } from '@holdfast/gateway/callers/api-keys/issue-keys';
import { type CommandModule, type Invocation, textOption, textOptions } from '../command.ts';
import { CliError } from '../errors.ts';
import { keyFilePath } from '../gateway/key-file-path.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const [name = ''] = invocation.arguments;
  const [named, scopes] = [textOptions(invocation, 'role'), textOptions(invocation, 'model')];
  const roles = named.length === 0 ? ['caller'] : named;
  const tenant = textOption(invocation, 'tenant');
  const lifetime = lifetimeOf(invocation);
  const now = Date.now();
  const wish = {
    ...{ name, roles },
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(lifetime === undefined ? {} : { expires: now + lifetime }),
  };
  const { key, text } = await createKey(await keyFilePath(invocation.folder), wish, now);
  return {
    exit: 0,
    lines: [text, '', 'It is shown this once; only its digest is kept. Callers send it as `authorization: Bearer …`.'],
    result: { name: key.name, id: key.id, text, ...(key.expires === undefined ? {} : { expires: key.expires }) },
  };
};

function lifetimeOf(invocation: Invocation): number | undefined {
  const asked = textOption(invocation, 'expires');
  if (asked === undefined) return undefined;
  const parsed = duration.safeParse(asked);
  if (parsed.success) return parsed.data;
  throw new CliError('HF_CLI_USAGE', `\`--expires\`: ${parsed.error.issues[0]?.message ?? 'is no duration'}`);
}
