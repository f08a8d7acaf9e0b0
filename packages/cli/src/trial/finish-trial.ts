import { relative } from 'node:path';
import type { Report } from '@holdfast/evidence/check';
import { robustnessReport } from '@holdfast/trials/robustness/report';
import type { TrialResult } from '@holdfast/trials/robustness/trial-result';
import type { CommandResult } from '../command.ts';
import { shellWord } from '../scan/words.ts';
import type { Terminal } from '../terminal.ts';
import { labelled } from '../wrap.ts';
import { trialLines } from './trial-lines.ts';

interface Told {
  /** What the model is called. */
  readonly name: string;
  readonly folder: string;
  /** Where files are written to, if anywhere. */
  readonly output: string | undefined;
}

/** Puts a finished trial into words, and into files where it was asked for. @throws TrialsError HF_TRIALS_OUTPUT */
export async function finishTrial(result: TrialResult, told: Told, terminal: Terminal): Promise<CommandResult> {
  const report = robustnessReport(result);
  const lines = trialLines(told.name, result, report, terminal);
  const exit = exitOf(report, result);
  if (told.output === undefined || result.isInterrupted) return { exit, lines, result: report };
  const { writeOutput } = await import('@holdfast/trials/robustness/output/write-output');
  const files = await writeOutput(told.output, told.name, result, report);
  const shown = shellWord(relative(told.folder, told.output) || '.');
  return { exit, lines: [...lines, ...labelled('  wrote ', 8, `${shown}: ${files.join(', ')}`)], result: report };
}

/**
 * What is measured is no finding: how robust is robust enough is for a policy to say. A shard that did its part went well,
 * though nothing is known before it is merged.
 */
function exitOf({ verdict }: Report, { shard, isInterrupted }: TrialResult): 0 | 1 | 3 {
  if (verdict === 'fail') return 1;
  if (verdict === 'unknown') return shard !== undefined && !isInterrupted ? 0 : 3;
  return 0;
}
