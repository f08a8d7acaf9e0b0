import { relative } from 'node:path';
import type { CheckOutcome, PipelineOutcome, StageOutcome } from '@holdfast/pipeline';
import { checkNamed } from '@holdfast/pipeline/check-registry';
import { pipelineErrors } from '@holdfast/pipeline/errors';
import { type Failure, failureOf } from './failure.ts';
import { logTail } from './log-tail.ts';
import { networkLines } from './network-lines.ts';
import type { Terminal } from './terminal.ts';
import { countOf } from './view-lines.ts';
import { labelled } from './wrap.ts';

/** How a report is laid out: the names stand in a column of their own. */
interface Layout {
  readonly width: number;
  readonly terminal: Terminal;
  readonly folder: string;
}

/** What a run did, for people: a line for each stage and check, then what was recorded and what comes next. */
export async function runReport(outcome: PipelineOutcome, folder: string, terminal: Terminal): Promise<string[]> {
  const names = [...outcome.stages.map(({ stage }) => stage), ...outcome.checks.map(({ artifact }) => artifact)];
  const layout: Layout = { width: Math.max(8, ...names.map(({ length }) => length)) + 2, terminal, folder };
  const stages = await Promise.all(outcome.stages.map((stage) => stageLines(stage, layout)));
  const { recorded, ledgerSize } = outcome;
  const said =
    recorded === 0 ? 'nothing new to sign' : `${countOf(recorded, 'piece', 'pieces')} of evidence signed and logged`;
  return [
    ...stages.flat(),
    ...outcome.checks.flatMap((check) => checkLines(check, layout)),
    ...unconfinedLines(outcome, terminal),
    '',
    `${said} (ledger at ${ledgerSize})`,
    `Next   ${nextStep(outcome)}`,
  ];
}

/** Loud, because provenance is a promise then: with the reason, and where to find what helps. */
function unconfinedLines({ stages }: PipelineOutcome, terminal: Terminal): string[] {
  const bare = stages.flatMap(({ run }) => (run?.result.enforcement.level === 'none' ? [run] : []));
  if (bare.length === 0) return [];
  const label = 'isolation: none  ';
  const [shortfall] = bare.flatMap((run) => run.shortfall ?? []);
  const reason = shortfall === undefined ? '' : `. ${shortfall}: holdfast doctor`;
  const warning = `the stages ran with your files and network; evidence says so${reason}`;
  return ['', ...labelled(terminal.paint('yellow', label), label.length, warning)];
}

async function stageLines(outcome: StageOutcome, layout: Layout): Promise<string[]> {
  const { stage, status, reason, run, error } = outcome;
  const { width, terminal } = layout;
  const name = stage.padEnd(width);
  if (status === 'current') return [`${name}${terminal.paint('dim', `current  ${reason}`)}`];
  if (status === 'blocked') return labelled(`${name}– not run  `, width + 11, reason);
  if (error !== undefined) return [`${name}${terminal.paint('red', '✗ failed')}`, ...(await errorLines(error, layout))];
  const indent = ' '.repeat(width + 2);
  const { trace, enforcement } = run?.result ?? {};
  const memory = trace?.peakRssBytes === undefined ? '' : `   peak ${Math.round(trace.peakRssBytes / 2 ** 20)} MiB`;
  const metrics = Object.entries(run?.metrics ?? {}).map(([metric, value]) => `${metric} ${Number(value.toFixed(4))}`);
  return [
    `${name}${terminal.paint('green', '✓ done')}   ${((trace?.wallMs ?? 0) / 1000).toFixed(1)} s${memory}   isolation: ${enforcement?.level ?? 'none'}`,
    ...(metrics.length === 0 ? [] : labelled(indent, width + 2, metrics.slice(0, 8).join(', '))),
    ...networkLines(run?.result.account ?? {}).flatMap((text) => labelled(indent, width + 2, text)),
    ...(run?.undeclared ?? []).slice(0, 5).flatMap((path) => {
      return labelled(`${' '.repeat(width)}! `, width + 2, `it wrote ${path}, which is not declared: dropped`);
    }),
    ...(run?.anomalies ?? []).flatMap(({ message }) => labelled(`${' '.repeat(width)}! `, width + 2, message)),
  ];
}

/** Why a stage failed, with the end of what it said. */
async function errorLines(error: Error, { width, folder }: Layout): Promise<string[]> {
  const { message, code, where, fix }: Failure = failureOf(error);
  const indent = ' '.repeat(width + 2);
  const log = where?.endsWith('.log') === true ? where : undefined;
  return [
    ...labelled(indent, width + 2, `${message} (${code})`),
    ...(log === undefined ? [] : (await logTail(log)).map((line) => `${indent}| ${line}`)),
    ...(log === undefined ? [] : [`${indent}→ its log: ${relative(folder, log)}`]),
    ...(log !== undefined && fix === pipelineErrors.HF_STAGE_FAILED.fix
      ? []
      : labelled(`${indent}→ `, width + 4, fix ?? '')),
  ];
}

const signs = { pass: ['green', '✓'], warn: ['yellow', '!'], fail: ['red', '✗'], unknown: ['yellow', '?'] } as const;

function checkLines({ artifact, check, status, report }: CheckOutcome, { width, terminal }: Layout): string[] {
  const name = artifact.padEnd(width);
  if (report === undefined) return [`${name}– ${check}  not run: the artifact is not there`];
  const [style, sign] = signs[report.verdict];
  const note = status === 'current' ? terminal.paint('dim', '  current') : '';
  const headline = (checkNamed(check).headline ?? []).flatMap((metric) => {
    const value = report.metrics[metric];
    return value === undefined ? [] : [`${metric} ${Number(value.toFixed(4))}`];
  });
  const found = report.findings
    // what only says how it was measured stands in the evidence
    .filter(({ severity }) => severity !== 'info')
    .slice(0, 5)
    .map(({ message, where }) => `${where === undefined ? '' : `${where}: `}${message}`);
  const left = report.coverage.left.slice(0, 5).map((item) => `not examined: ${item}`);
  return [
    `${name}${terminal.paint(style, sign)} ${check}  ${report.verdict}${note}`,
    ...[headline.join(', '), ...found, ...left]
      .filter((text) => text !== '')
      .flatMap((text) => labelled(' '.repeat(width + 2), width + 2, text)),
  ];
}

function nextStep({ stages, checks }: PipelineOutcome): string {
  const failed = stages.find(({ status }) => status === 'failed');
  if (failed !== undefined) return `mend \`${failed.stage}\`, then: holdfast run`;
  const bad = checks.find(({ report }) => report !== undefined && report.verdict !== 'pass');
  if (bad === undefined) return 'holdfast status';
  const look = bad.check === 'scan' ? `holdfast scan ${bad.path} --explain` : `holdfast evidence list ${bad.artifact}`;
  return `look at \`${bad.artifact}\`: ${look}`;
}
