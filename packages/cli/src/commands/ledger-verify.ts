import { openProject, openView } from '@holdfast/pipeline/project';
import { replayDecisions } from '@holdfast/pipeline/verify-archive';
import type { CommandModule } from '../command.ts';
import { viewLines } from '../view-lines.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const { view, reader } = await openView(await openProject(invocation.folder));
  const decisions = await replayDecisions(view, reader);
  const failed = view.broken.length > 0 || decisions.some(({ problem }) => problem !== undefined);
  return {
    exit: failed ? 1 : 0,
    lines: viewLines(view, decisions, terminal),
    result: {
      origin: view.origin,
      size: view.size,
      counted: view.evidence.length,
      ignored: view.ignored,
      broken: view.broken,
      decisions,
    },
  };
};
