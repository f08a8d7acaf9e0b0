import { mergeShards } from '@holdfast/trials/robustness/merge';
import { type CommandModule, textOption } from '../command.ts';
import { pathIn } from '../invocation.ts';
import { finishTrial } from '../trial/finish-trial.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const { name, result } = await mergeShards(invocation.arguments.map((path) => pathIn(invocation, path)));
  const output = textOption(invocation, 'output');
  const told = {
    name,
    folder: invocation.folder,
    output: output === undefined ? undefined : pathIn(invocation, output),
  };
  return finishTrial(result, told, terminal);
};
