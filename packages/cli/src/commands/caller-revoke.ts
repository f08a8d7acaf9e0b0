import { revokeKey } from '@holdfast/gateway/callers/api-keys/issue-keys';
import type { CommandModule } from '../command.ts';
import { keyFilePath } from '../gateway/key-file-path.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const [name = ''] = invocation.arguments;
  const { id } = await revokeKey(await keyFilePath(invocation.folder), name, Date.now());
  return { exit: 0, lines: [`${name} is good no more`], result: { name, id } };
};
