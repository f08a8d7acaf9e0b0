import { isOfTables, robustnessOptions } from '@holdfast/trials/robustness/options';
import { parseShard } from '@holdfast/trials/robustness/shard';
import { type CommandModule, flag, type Invocation, textOption } from '../command.ts';
import { interruption } from '../interruption.ts';
import { pathIn } from '../invocation.ts';
import { finishTrial } from '../trial/finish-trial.ts';
import { modelBytes } from '../trial/model-bytes.ts';
import { tableTrial } from '../trial/table-trial.ts';
import { TrialJournal } from '../trial/trial-journal.ts';
import { trialProgress } from '../trial/trial-progress.ts';
import { labelled } from '../wrap.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const [model = ''] = invocation.arguments;
  const options = robustnessOptions(given(invocation));
  const [shard, output] = [textOption(invocation, 'shard'), textOption(invocation, 'output')];
  const part = shard === undefined ? {} : { shard: parseShard(shard) };
  const target = output === undefined ? undefined : pathIn(invocation, output);
  if (isOfTables(options)) return tableTrial(invocation, options, terminal);
  const bytes = await modelBytes(pathIn(invocation, model), model);
  const { runTrial } = await import('@holdfast/trials/robustness/run-robustness');
  const journal = new TrialJournal(invocation.folder, target, flag(invocation, 'fresh'));
  const stop = interruption();
  try {
    const result = await runTrial(bytes, options, {
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
};

function goesOn({ path }: TrialJournal): string[] {
  if (path === undefined) return [];
  return labelled('Next  ', 6, `run the same command again: it goes on from \`${path}\``);
}

const numeric = ['epsilon', 'low', 'high', 'rows', 'threads'];

/** Flags as the options of the check have them. */
function given(invocation: Invocation): Record<string, unknown> {
  const names = ['data', 'label', 'columns', 'task', 'norm', 'preset', 'suite', 'seed', ...numeric];
  const texts = names.flatMap((name) => {
    const value = textOption(invocation, name);
    return value === undefined ? [] : [[name, numeric.includes(name) ? numberOf(value) : value] as const];
  });
  const lists = ['mean', 'deviation'].flatMap((name) => {
    const value = textOption(invocation, name);
    return value === undefined ? [] : [[name, value.split(',').map(numberOf)] as const];
  });
  const attacks = textOption(invocation, 'attack');
  const chosen = attacks === undefined ? [] : [['attack', attacks.split(',')] as const];
  return Object.fromEntries<unknown>([...texts, ...lists, ...chosen]);
}

/** `0.1`, or a fraction as papers write it: `8/255`. */
function numberOf(text: string): number {
  const [top = '', bottom = '1', ...more] = text.split('/');
  const isNumber = [top, bottom].every((part) => /^\s*-?\d*\.?\d+(e-?\d+)?\s*$/i.test(part)) && more.length === 0;
  return isNumber ? Number(top) / Number(bottom) : Number.NaN;
}
