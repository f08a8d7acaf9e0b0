import { setTimeout as sleep } from 'node:timers/promises';
import { reread } from '@holdfast/gateway/callers/reread';
import { watchFileChanges } from '@holdfast/gateway/callers/watch-file';
import type { Project } from '@holdfast/pipeline/project';
import type { CommandResult, Invocation } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { recordLeftLogs } from '../left-logs.ts';
import { gatewayName, recorderOf } from '../open-serving.ts';
import { Supervision } from './supervision.ts';

export interface SupervisedRun {
  readonly invocation: Invocation;
  readonly terminal: Terminal;
  readonly tells: (line: string) => void;
  readonly spanMs: number;
}

/** Has workers serve until it is told to stop, and serves anew what is declared when that changes. */
export async function runSupervised(
  project: Project,
  { invocation, terminal, tells, spanMs }: SupervisedRun,
): Promise<CommandResult> {
  const name = gatewayName(new Date());
  const recorder = recorderOf(project, name, { invocation, tells });
  await recordLeftLogs({ project, recorder, tells });
  const supervision = new Supervision({ folder: project.folder, name, recorder, tells });
  const stop = new AbortController();
  const reload = reloading(supervision);
  const stops = (): void => {
    stop.abort();
  };
  const release = onSignals({ stops, reloads: () => void reload(true) });
  let unwatch: () => void = () => undefined;
  try {
    await supervision.start(project);
    unwatch = watchFileChanges(project.file, () => void reload(false));
    tells(`${terminal.paint('bold', 'gateway')}  ${supervision.origin}`);
    await sleep(spanMs, undefined, { signal: stop.signal }).catch(() => undefined);
  } finally {
    unwatch();
    await supervision.close();
    release();
  }
  const { answered, refused, codes } = supervision.tally;
  const { recorded } = recorder;
  return {
    exit: 0,
    lines: [
      `${terminal.paint('green', '✓ stopped')}   ${answered} answered, ${refused} refused, ${recorded} on record`,
    ],
    result: { origin: supervision.origin, answered, refused, codes, recorded },
  };
}

/** Reads the configuration again, one time after the other. What is asked for by somebody is done even where nothing changed. */
function reloading(supervision: Supervision): (isAsked: boolean) => Promise<void> {
  const state = { isAsked: false };
  const again = reread(async () => {
    const { isAsked } = state;
    state.isAsked = false;
    await supervision.reload(isAsked);
  });
  return (isAsked) => {
    state.isAsked ||= isAsked;
    return again();
  };
}

/** A terminal that goes away stops what runs in it; whatever has none is told by SIGHUP to read its configuration. */
function onSignals({ stops, reloads }: { readonly stops: () => void; readonly reloads: () => void }): () => void {
  const hangs = process.stdin.isTTY ? stops : reloads;
  const handlers = { SIGINT: stops, SIGTERM: stops, SIGHUP: hangs } as const;
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler);
  };
}
