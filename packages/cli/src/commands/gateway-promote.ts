import { type CommandModule, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { switchByHand } from '../gateway/switch-by-hand.ts';

/** Gives the candidate of a route everybody, or a share of the callers. */
export const run: CommandModule['run'] = async (invocation) => {
  const weight = shareOf(textOption(invocation, 'weight') ?? '1');
  return switchByHand(invocation, { weight, reason: textOption(invocation, 'reason') ?? 'promoted by hand' });
};

function shareOf(text: string): number {
  const share = /^(?:0?\.[0-9]{1,6}|1(?:\.0*)?)$/.test(text) ? Number(text) : 0;
  if (share > 0 && share <= 1) return share;
  throw new CliError(
    'HF_CLI_USAGE',
    '`--weight` is a share above 0 and up to 1, such as `0.1`; `gateway rollback` takes it back',
  );
}
