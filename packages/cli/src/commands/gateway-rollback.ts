import { type CommandModule, textOption } from '../command.ts';
import { switchByHand } from '../gateway/switch-by-hand.ts';

/** Takes the candidate of a route back: from now on it answers nobody. */
export const run: CommandModule['run'] = async (invocation) =>
  switchByHand(invocation, { weight: 0, reason: textOption(invocation, 'reason') ?? 'rolled back by hand' });
