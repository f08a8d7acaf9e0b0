import { isolationLevels } from '@holdfast/pipeline/isolation-demand';
import { openProject } from '@holdfast/pipeline/project';
import { type PipelineOutcome, type RunEvent, runPipeline } from '@holdfast/pipeline/run-pipeline';
import type { IsolationLevel } from '@holdfast/sandbox/isolation';
import { type CommandModule, type Exit, flag, type Invocation, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { failureOf } from '../failure.ts';
import { interruption } from '../interruption.ts';
import { LiveStages } from '../live-stages.ts';
import { runReport } from '../run-report.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  if (invocation.command !== undefined) {
    const { runCommand } = await import('../run-command.ts');
    return runCommand(invocation, invocation.command, levelOption(invocation), terminal);
  }
  const project = await openProject(invocation.folder);
  const stop = interruption();
  const live = new LiveStages(terminal);
  const isolation = levelOption(invocation);
  const [builder, checker] = [textOption(invocation, 'builder'), textOption(invocation, 'checker')];
  try {
    const outcome = await runPipeline(project, {
      stages: invocation.arguments,
      due: flag(invocation, 'due'),
      force: flag(invocation, 'force'),
      signal: stop.signal,
      isolation,
      ...(builder === undefined ? {} : { builder }),
      ...(checker === undefined ? {} : { checker }),
      onEvent: (event) => {
        show(event, live);
      },
    });
    const lines = await runReport(outcome, project.folder, terminal);
    return { exit: exitOf(outcome), lines, result: resultOf(outcome) };
  } finally {
    live.stop();
    stop.release();
  }
};

function levelOption(invocation: Invocation): IsolationLevel | undefined {
  const text = textOption(invocation, 'isolation');
  const level = isolationLevels.find((known) => known === text);
  if (text === undefined || level !== undefined) return level;
  throw new CliError('HF_CLI_USAGE', `\`${text}\` is no isolation`, {
    fix: `one of ${isolationLevels.join(', ')}`,
  });
}

function show(event: RunEvent, live: LiveStages): void {
  if (event.type === 'stage-started') live.started(event.stage);
  if (event.type === 'stage-ended' && event.outcome.status === 'ran') live.ended(event.outcome.stage, '✓');
  if (event.type === 'stage-ended' && event.outcome.status === 'failed') live.ended(event.outcome.stage, '✗');
  if (event.type === 'check-started') live.started(`${event.artifact} ${event.check}`);
  if (event.type === 'check-progress') live.progress(`${event.artifact} ${event.check}`, event.done);
  if (event.type === 'check-ended') live.ended(`${event.outcome.artifact} ${event.outcome.check}`, '·');
}

/** Of several results the worst: 2, then 1, 3, 0. */
function exitOf({ stages, checks }: PipelineOutcome): Exit {
  const failures = stages.flatMap(({ error }) => (error === undefined ? [] : [failureOf(error).exit]));
  if (failures.includes(2)) return 2;
  if (failures.includes(1) || checks.some(({ report }) => report?.verdict === 'fail')) return 1;
  return failures.length > 0 || checks.some(({ report }) => report?.verdict === 'unknown') ? 3 : 0;
}

/** The same with nothing left out; errors as codes. */
function resultOf(outcome: PipelineOutcome): unknown {
  const stages = outcome.stages.map(({ error, ...stage }) =>
    error === undefined ? stage : { ...stage, error: failureOf(error) },
  );
  return { ...outcome, stages };
}
