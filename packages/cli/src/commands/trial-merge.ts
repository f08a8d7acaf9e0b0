import { mergeShards } from '@holdfast/trials/robustness/merge';
import { type CommandModule, textOption } from '../command.ts';
import { pathIn } from '../invocation.ts';
import { leaveAccess } from '../leave-access.ts';
import { finishTrial } from '../trial/finish-trial.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const notes = await leaveAccess(invocation, 'trial.merge', invocation.arguments);
  const { name, result } = await mergeShards(invocation.arguments.map((path) => pathIn(invocation, path)));
  const output = textOption(invocation, 'output');
  const told = {
    name,
    folder: invocation.folder,
    output: output === undefined ? undefined : pathIn(invocation, output),
  };
  const finished = await finishTrial(result, told, terminal);
  return { ...finished, lines: [...finished.lines, ...notes] };
};
