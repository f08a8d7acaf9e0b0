import { duration } from '@holdfast/contracts/duration';
import { rotateKey } from '@holdfast/gateway/callers/api-keys/issue-keys';
import { type CommandModule, type Invocation, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { keyFilePath } from '../gateway/key-file-path.ts';

const day = 24 * 60 * 60 * 1000;

export const run: CommandModule['run'] = async (invocation) => {
  const [name = ''] = invocation.arguments;
  const overlapMs = overlapOf(invocation);
  const { key, text } = await rotateKey(await keyFilePath(invocation.folder), { name, overlapMs }, Date.now());
  const until = key.secrets[1]?.until;
  const old =
    until === undefined
      ? 'The old one is good no more.'
      : `The old one is good until ${new Date(until).toISOString()}.`;
  return {
    exit: 0,
    lines: [text, '', old],
    result: { name, id: key.id, text, ...(until === undefined ? {} : { until }) },
  };
};

/** How long the old secret stays good: a day unless told otherwise. */
function overlapOf(invocation: Invocation): number {
  const asked = textOption(invocation, 'overlap');
  if (asked === undefined) return day;
  if (asked === '0') return 0;
  const parsed = duration.safeParse(asked);
  if (parsed.success) return parsed.data;
  throw new CliError('HF_CLI_USAGE', `\`--overlap\`: ${parsed.error.issues[0]?.message ?? 'is no duration'}`);
}
