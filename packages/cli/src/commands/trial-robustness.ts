import { readFile } from 'node:fs/promises';
import { robustnessOptions } from '@holdfast/trials/robustness/options';
import { type CommandModule, type Invocation, textOption } from '../command.ts';
import { pathIn } from '../invocation.ts';
import { trialLines } from '../trial/trial-lines.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const [model = ''] = invocation.arguments;
  const options = robustnessOptions(given(invocation));
  const bytes = await readFile(pathIn(invocation, model));
  const { trialRobustness } = await import('@holdfast/trials/robustness/run-robustness');
  const report = await trialRobustness(bytes, options, {
    folder: invocation.folder,
    progress: (done, what) => {
      terminal.progress(`${Math.round(done * 100)} %   ${what}`);
    },
  });
  terminal.progress(undefined);
  return { exit: exitOf(report.verdict), lines: trialLines(model, options, report, terminal), result: report };
};

/** What is measured is no finding: how robust is robust enough is for a policy to say. */
function exitOf(verdict: string): 0 | 1 | 3 {
  if (verdict === 'unknown') return 3;
  return verdict === 'fail' ? 1 : 0;
}

const numeric = ['epsilon', 'low', 'high', 'rows', 'threads'];

/** Flags as the options of the check have them. */
function given(invocation: Invocation): Record<string, unknown> {
  const names = ['data', 'label', 'columns', 'task', 'norm', 'suite', 'seed', ...numeric];
  const texts = names.flatMap((name) => {
    const value = textOption(invocation, name);
    return value === undefined ? [] : [[name, numeric.includes(name) ? numberOf(value) : value] as const];
  });
  const lists = ['mean', 'deviation'].flatMap((name) => {
    const value = textOption(invocation, name);
    return value === undefined ? [] : [[name, value.split(',').map(numberOf)] as const];
  });
  return Object.fromEntries<unknown>([...texts, ...lists]);
}

/** `0.1`, or a fraction as papers write it: `8/255`. */
function numberOf(text: string): number {
  const [top = '', bottom = '1', ...more] = text.split('/');
  const isNumber = [top, bottom].every((part) => /^\s*-?\d*\.?\d+(e-?\d+)?\s*$/i.test(part)) && more.length === 0;
  return isNumber ? Number(top) / Number(bottom) : Number.NaN;
}
