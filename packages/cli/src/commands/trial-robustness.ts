import { isOfTables, type RobustnessOptions, robustnessOptions } from '@holdfast/trials/robustness/options';
import { parseShard, type Shard } from '@holdfast/trials/robustness/shard';
import { type CommandModule, type CommandResult, flag, type Invocation, textOption } from '../command.ts';
import { givenOptions, type Reading } from '../given-options.ts';
import { interruption } from '../interruption.ts';
import { pathIn } from '../invocation.ts';
import { leaveAccess } from '../leave-access.ts';
import type { Terminal } from '../terminal.ts';
import { finishTrial } from '../trial/finish-trial.ts';
import { tableTrial } from '../trial/table-trial.ts';
import { TrialJournal } from '../trial/trial-journal.ts';
import { trialProgress } from '../trial/trial-progress.ts';
import { labelled } from '../wrap.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const [model] = invocation.arguments;
  const options = robustnessOptions(givenOptions(invocation, readings));
  const [shard, output] = [textOption(invocation, 'shard'), textOption(invocation, 'output')];
  const part = shard === undefined ? {} : { shard: parseShard(shard) };
  const target = output === undefined ? undefined : pathIn(invocation, output);
  const read = [model, textOption(invocation, 'data'), textOption(invocation, 'columns')];
  const notes = await leaveAccess(invocation, 'trial.robustness', read);
  const result = await attacked(invocation, options, { part, target }, terminal);
  return { ...result, lines: [...result.lines, ...notes] };
};

async function attacked(
  invocation: Invocation,
  options: RobustnessOptions,
  { part, target }: { readonly part: { readonly shard?: Shard }; readonly target: string | undefined },
  terminal: Terminal,
): Promise<CommandResult> {
  const [model = ''] = invocation.arguments;
  if (isOfTables(options)) return tableTrial(invocation, options, terminal);
  const { runTrial } = await import('@holdfast/trials/robustness/run-robustness');
  const journal = new TrialJournal(invocation.folder, target, flag(invocation, 'fresh'));
  const stop = interruption();
  try {
    const result = await runTrial(pathIn(invocation, model), options, {
      ...{ folder: invocation.folder, signal: stop.signal, ...part },
      progress: trialProgress(terminal),
      journal: (identity) => journal.open(identity),
    });
    terminal.progress(undefined);
    const told = { name: model, folder: invocation.folder, output: target };
    const finished = await finishTrial(result, told, terminal);
    if (result.isInterrupted) return { ...finished, lines: [...finished.lines, ...goesOn(journal)] };
    journal.discard();
    return finished;
  } finally {
    stop.release();
  }
}

function goesOn({ path }: TrialJournal): string[] {
  if (path === undefined) return [];
  return labelled('Next  ', 6, `run the same command again: it goes on from \`${path}\``);
}

/** How the flags are read. */
const readings: Readonly<Record<string, Reading>> = {
  ...{ data: 'text', label: 'text', columns: 'text', task: 'text', norm: 'text', preset: 'text', suite: 'text' },
  ...{ attack: 'names', seed: 'text', epsilon: 'number', low: 'number', high: 'number', rows: 'number' },
  ...{ threads: 'number', mean: 'numbers', deviation: 'numbers' },
};
