import type { RobustnessOptions } from '@holdfast/trials/robustness/options';
import type { CommandResult, Exit, Invocation } from '../command.ts';
import { CliError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { pathIn } from '../invocation.ts';
import type { Terminal } from '../terminal.ts';
import { tableLines } from './table-lines.ts';
import { trialProgress } from './trial-progress.ts';

/** Flags of trials that go block by block. */
const ofBlocks = ['output', 'shard', 'fresh'];

/** Attacks rows as somebody could submit them, or a model that gives values. */
export async function tableTrial(
  invocation: Invocation,
  options: RobustnessOptions,
  terminal: Terminal,
): Promise<CommandResult> {
  const [model = ''] = invocation.arguments;
  const odd = ofBlocks.find((name) => invocation.options[name] !== undefined);
  if (odd !== undefined) {
    throw new CliError('HF_CLI_USAGE', `\`--${odd}\` has no meaning beside \`--columns\` and \`--task regression\``, {
      fix: 'leave it out; `--json` has the whole report',
    });
  }
  const { trialRobustness } = await import('@holdfast/trials/robustness/run-robustness');
  const stop = interruption();
  const progress = trialProgress(terminal);
  try {
    const report = await trialRobustness(pathIn(invocation, model), options, {
      folder: invocation.folder,
      progress: (done, what) => {
        stop.signal.throwIfAborted();
        progress(done, what);
      },
    });
    terminal.progress(undefined);
    return { exit: exitOf(report.verdict), lines: tableLines(model, options, report, terminal), result: report };
  } finally {
    stop.release();
  }
}

/** What is measured is no finding: how robust is robust enough is for a policy to say. */
function exitOf(verdict: string): Exit {
  if (verdict === 'unknown') return 3;
  return verdict === 'fail' ? 1 : 0;
}
