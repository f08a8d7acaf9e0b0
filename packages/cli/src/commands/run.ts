import { type CheckOutcome, openProject, type PipelineOutcome, type RunEvent, runPipeline, type StageOutcome } from '@holdfast/pipeline';
import { type CommandModule, type Exit, flag, textOption } from '../command.ts';
import { type Failure, failureLines, failureOf } from '../failure.ts';
import { interruption } from '../interruption.ts';
import type { Terminal } from '../terminal.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const project = await openProject(invocation.folder);
  const stop = interruption();
  const [builder, checker] = [textOption(invocation, 'builder'), textOption(invocation, 'checker')];
  try {
    const outcome = await runPipeline(project, {
      stages: invocation.arguments,
      due: flag(invocation, 'due'),
      force: flag(invocation, 'force'),
      signal: stop.signal,
      ...(builder === undefined ? {} : { builder }),
      ...(checker === undefined ? {} : { checker }),
      onEvent: (event) => {
        show(event, terminal);
      },
    });
    return { exit: exitOf(outcome), lines: report(outcome, terminal), result: resultOf(outcome) };
  } finally {
    stop.release();
  }
};

function show(event: RunEvent, terminal: Terminal): void {
  if (event.type === 'stage-started') terminal.progress(`${event.stage}  running … (${event.reason})`);
  if (event.type === 'stage-ended' && event.outcome.status === 'ran') terminal.progress(`${event.outcome.stage}  done`);
  if (event.type === 'check-ended') terminal.progress(`${event.outcome.artifact}  ${event.outcome.check}`);
}

function exitOf({ stages, checks }: PipelineOutcome): Exit {
  const failures = stages.flatMap(({ error }) => (error === undefined ? [] : [failureOf(error).exit]));
  if (failures.includes(2)) return 2;
  const failed = checks.some(({ report }) => report?.verdict === 'fail');
  if (failed || failures.includes(1) || stages.some(({ status }) => status === 'blocked')) return 1;
  return failures.length > 0 || checks.some(({ report }) => report?.verdict === 'unknown') ? 3 : 0;
}

function report(outcome: PipelineOutcome, terminal: Terminal): string[] {
  const width = Math.max(8, ...outcome.stages.map(({ stage }) => stage.length), ...outcome.checks.map(({ artifact }) => artifact.length)) + 2;
  const { recorded, ledgerSize } = outcome;
  const loud = outcome.stages.some(({ run: done }) => done?.result.enforcement.level === 'none');
  return [
    ...outcome.stages.flatMap((stage) => stageLines(stage, width, terminal)),
    ...outcome.checks.flatMap((check) => checkLines(check, width, terminal)),
    ...(loud ? ['', `${terminal.paint('yellow', 'isolation: none')}  the stages ran with your files and network; the evidence says so`] : []),
    '',
    recorded === 0 ? `nothing new to sign (ledger at ${ledgerSize})` : `${recorded} ${recorded === 1 ? 'piece' : 'pieces'} of evidence signed and logged (ledger at ${ledgerSize})`,
    `Next   ${next(outcome)}`,
  ];
}

function stageLines({ stage, status, reason, run: done, error }: StageOutcome, width: number, terminal: Terminal): string[] {
  const name = stage.padEnd(width);
  if (status === 'current') return [`${name}${terminal.paint('dim', `current  ${reason}`)}`];
  if (status === 'blocked') return [`${name}– not run  ${reason}`];
  if (error !== undefined) return [`${name}${terminal.paint('red', '✗ failed')}`, ...failureLines(failureOf(error)).map((line) => `  ${line}`)];
  const seconds = ((done?.result.trace.wallMs ?? 0) / 1000).toFixed(1);
  const peak = done?.result.trace.peakRssBytes;
  const memory = peak === undefined ? '' : `   peak ${Math.round(peak / 2 ** 20)} MiB`;
  const metrics = Object.entries(done?.metrics ?? {}).slice(0, 4);
  return [
    `${name}${terminal.paint('green', '✓ done')}   ${seconds} s${memory}   isolation: ${done?.result.enforcement.level ?? 'none'}`,
    ...(metrics.length === 0 ? [] : [`${' '.repeat(width)}  ${metrics.map(([metric, value]) => `${metric} ${Number(value.toFixed(4))}`).join('   ')}`]),
    ...(done?.anomalies ?? []).map(({ message }) => `${' '.repeat(width)}! ${message}`),
  ];
}

const signs = { pass: ['green', '✓'], warn: ['yellow', '!'], fail: ['red', '✗'], unknown: ['yellow', '?'] } as const;

function checkLines({ artifact, check, status, report: found }: CheckOutcome, width: number, terminal: Terminal): string[] {
  const name = artifact.padEnd(width);
  if (found === undefined) return [`${name}${check}  – the artifact is not there`];
  const [style, sign] = signs[found.verdict];
  const note = status === 'current' ? terminal.paint('dim', '  current') : '';
  return [
    `${name}${terminal.paint(style, sign)} ${check}  ${found.verdict}${note}`,
    ...found.findings.slice(0, 5).map(({ message, where }) => `${' '.repeat(width)}  ${where === undefined ? '' : `${where}: `}${message}`),
    ...found.coverage.left.slice(0, 5).map((left) => `${' '.repeat(width)}  not examined: ${left}`),
  ];
}

function next({ stages, checks }: PipelineOutcome): string {
  const failed = stages.find(({ status }) => status === 'failed');
  if (failed !== undefined) return `mend \`${failed.stage}\`, then: holdfast run`;
  const bad = checks.find(({ report: found }) => found !== undefined && found.verdict !== 'pass');
  return bad === undefined ? 'holdfast status' : `look at \`${bad.artifact}\`: holdfast evidence list ${bad.artifact}`;
}

/** The same with nothing left out; errors as codes. */
function resultOf(outcome: PipelineOutcome): unknown {
  return {
    ...outcome,
    stages: outcome.stages.map(({ error, ...stage }) => ({ ...stage, ...(error === undefined ? {} : { error: withStatus(failureOf(error), error) }) })),
  };
}

/** The stage's own exit status, when its command ended with one. */
function withStatus(failure: Failure, error: Error): unknown {
  return typeof error.cause === 'object' && error.cause !== null && 'status' in error.cause
    ? { ...failure, status: error.cause.status }
    : failure;
}
