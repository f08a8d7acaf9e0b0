import { setTimeout as sleep } from 'node:timers/promises';
import { duration } from '@holdfast/contracts/duration';
import { openProject } from '@holdfast/pipeline/project';
import { type CommandModule, flag, type Invocation, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { declaredGateway } from '../gateway/declared-gateway.ts';
import { openServing, type Serving } from '../gateway/open-serving.ts';
import { runSupervised } from '../gateway/workers/run-supervised.ts';
import { interruption } from '../interruption.ts';
import { toStandardError } from '../sources/fetch-progress.ts';
import type { Terminal } from '../terminal.ts';

/** Serves until it is told to stop, then lets what is on its way end. */
export const run: CommandModule['run'] = async (invocation, terminal) => {
  const project = await openProject(invocation.folder);
  const declared = declaredGateway(project.config.gateway, project.folder);
  const tells = toStandardError(flag(invocation, 'quiet') || flag(invocation, 'json'), terminal);
  const spanMs = spanOf(invocation);
  if (declared.workers !== undefined) return runSupervised(project, { invocation, terminal, tells, spanMs });
  const stop = interruption();
  try {
    const serving = await openServing(project, declared, { invocation, tells });
    tells(`${terminal.paint('bold', 'gateway')}  ${serving.origin}`);
    await sleep(spanMs, undefined, { signal: stop.signal }).catch(() => undefined);
    await serving.close();
    return { exit: 0, lines: summary(serving, terminal), result: resultOf(serving) };
  } finally {
    stop.release();
  }
};

/** The longest that a timer of Node takes: 24 days. */
const longestTimer = 2 ** 31 - 1;

/** How long it serves, in milliseconds. */
function spanOf(invocation: Invocation): number {
  const asked = textOption(invocation, 'for');
  if (asked === undefined) return longestTimer;
  const parsed = duration.safeParse(asked);
  if (parsed.success) return Math.min(parsed.data, longestTimer);
  throw new CliError('HF_CLI_USAGE', `\`--for\`: ${parsed.error.issues[0]?.message ?? 'is no duration'}`);
}

function summary({ tally, recorder }: Serving, terminal: Terminal): string[] {
  const { answered, refused } = tally;
  return [
    `${terminal.paint('green', '✓ stopped')}   ${answered} answered, ${refused} refused, ${recorder.recorded} on record`,
  ];
}

function resultOf({ origin, tally, recorder }: Serving): Record<string, unknown> {
  const { answered, refused, codes } = tally;
  return { origin, answered, refused, codes, recorded: recorder.recorded };
}
