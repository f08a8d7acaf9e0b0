import { openProject } from '@holdfast/pipeline/project';
import { type FetchOutcome, fetchSources } from '@holdfast/pipeline/sources/fetch-sources';
import { type CommandModule, flag, textOption } from '../command.ts';
import { interruption } from '../interruption.ts';
import { pathIn } from '../invocation.ts';
import { fetchProgress, toStandardError } from '../sources/fetch-progress.ts';
import { exitOfFetch, fetchLines, plainOutcome, worstExit } from '../sources/source-outcome-lines.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const project = await openProject(invocation.folder);
  const [ca, key] = [textOption(invocation, 'ca'), textOption(invocation, 'key')];
  const stop = interruption();
  try {
    const outcomes = await fetchSources(project, {
      ...{ sources: invocation.arguments, record: flag(invocation, 'record'), force: flag(invocation, 'force') },
      ...(ca === undefined ? {} : { authorities: pathIn(invocation, ca) }),
      ...(key === undefined ? {} : { checker: key }),
      signal: stop.signal,
      onEvent: fetchProgress(
        terminal,
        toStandardError(flag(invocation, 'quiet') || flag(invocation, 'json'), terminal),
      ),
    });
    terminal.progress(undefined);
    const [only, ...others] = outcomes;
    if (only?.error !== undefined && others.length === 0) throw only.error;
    return {
      exit: worstExit(outcomes.map(exitOfFetch)),
      lines: [...outcomes.flatMap((outcome) => fetchLines(outcome, terminal)), '', `Next   ${nextStep(outcomes)}`],
      result: { sources: outcomes.map(plainOutcome) },
    };
  } finally {
    stop.release();
  }
};

function nextStep(outcomes: readonly FetchOutcome[]): string {
  if (outcomes.length === 0) return 'declare where data comes from, under `sources:` of holdfast.yaml';
  const failed = outcomes.find(({ error }) => error !== undefined);
  if (failed !== undefined) return `holdfast data fetch ${failed.source}`;
  const unpinned = outcomes.find(({ isPinned, sha256 }) => !isPinned && sha256 !== undefined);
  return unpinned === undefined ? 'holdfast run' : `pin \`${unpinned.source}\`, then: holdfast run`;
}
