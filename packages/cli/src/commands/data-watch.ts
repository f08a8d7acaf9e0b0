import { setTimeout as sleep } from 'node:timers/promises';
import { duration } from '@holdfast/contracts/duration';
import { openProject } from '@holdfast/pipeline/project';
import { profileSource } from '@holdfast/pipeline/sources/profile-source';
import { type WatchOutcome, type WatchRequest, watchSources } from '@holdfast/pipeline/sources/watch-sources';
import { type CommandModule, type Exit, flag, type Invocation, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { pathIn } from '../invocation.ts';
import { fetchProgress, toStandardError } from '../sources/fetch-progress.ts';
import { exitOfWatch, plainOutcome, watchLines, worstExit } from '../sources/source-outcome-lines.ts';
import type { Terminal } from '../terminal.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const everyMs = pauseOf(invocation);
  const stop = interruption();
  const tells = toStandardError(flag(invocation, 'quiet') || flag(invocation, 'json'), terminal);
  const exits: Exit[] = [];
  let looks = 0;
  let newest: readonly WatchOutcome[] = [];
  try {
    do {
      const outcomes = await look(invocation, terminal, stop.signal, tells);
      if (outcomes === undefined) break;
      newest = outcomes;
      looks += 1;
      exits.push(...newest.map(exitOfWatch));
      if (everyMs === undefined) break;
      for (const line of newest.flatMap((outcome) => watchLines(outcome, terminal))) tells(line);
      await sleep(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
    } while (!stop.signal.aborted);
    const lines = newest.flatMap((outcome) => watchLines(outcome, terminal));
    return { exit: worstExit(exits), lines, result: { looks, sources: newest.map(plainOutcome) } };
  } finally {
    stop.release();
  }
};

/** @returns `undefined` where somebody stopped it: that is how watching ends */
async function look(
  invocation: Invocation,
  terminal: Terminal,
  signal: AbortSignal,
  tells: (line: string) => void,
): Promise<readonly WatchOutcome[] | undefined> {
  const [ca, key] = [textOption(invocation, 'ca'), textOption(invocation, 'key')];
  const project = await openProject(invocation.folder);
  const request: WatchRequest = {
    profile: async (path, artifact) => profileSource(project, path, artifact, signal),
    ...{ sources: invocation.arguments, full: flag(invocation, 'full'), signal },
    ...(ca === undefined ? {} : { authorities: pathIn(invocation, ca) }),
    ...(key === undefined ? {} : { checker: key }),
    onEvent: fetchProgress(terminal, tells),
  };
  try {
    return await watchSources(project, request);
  } catch (error) {
    if (signal.aborted && textOption(invocation, 'every') !== undefined) return undefined;
    throw error;
  } finally {
    terminal.progress(undefined);
  }
}

/** Between two looks, in milliseconds; `undefined`: one is enough. */
function pauseOf(invocation: Invocation): number | undefined {
  const every = textOption(invocation, 'every');
  if (every === undefined) return undefined;
  if (flag(invocation, 'once')) throw new CliError('HF_CLI_USAGE', '`--once` and `--every` are two wishes: give one');
  const parsed = duration.safeParse(every);
  if (parsed.success) return Math.min(parsed.data, longestTimer);
  throw new CliError('HF_CLI_USAGE', `\`--every\`: ${parsed.error.issues[0]?.message ?? 'is no duration'}`);
}

/** The longest that a timer of Node takes. */
const longestTimer = 2 ** 31 - 1;
