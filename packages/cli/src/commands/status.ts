import { openProject } from '@holdfast/pipeline/project';
import type { QuarantineNote } from '@holdfast/pipeline/quarantine-notes';
import {
  type ArtifactStatus,
  type CheckStatus,
  type GateStatus,
  type ProjectStatus,
  projectStatus,
  type StageStatus,
} from '@holdfast/pipeline/status';
import type { CommandModule } from '../command.ts';
import type { Terminal } from '../terminal.ts';
import { brokenLines, countOf } from '../view-lines.ts';
import { labelled } from '../wrap.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const status = await projectStatus(await openProject(invocation.folder));
  return { exit: status.broken.length > 0 ? 1 : 0, lines: report(status, terminal), result: status };
};

function report(status: ProjectStatus, terminal: Terminal): string[] {
  const { project, ledger, broken, ignored, stages, artifacts, gates, next } = status;
  const right = `ledger ${ledger.size} · ${broken.length === 0 ? 'verified' : 'BROKEN'}`;
  const gap = ' '.repeat(Math.max(2, 78 - project.length - right.length));
  const names = [...stages.map(({ stage }) => stage), ...artifacts.map(({ artifact }) => artifact)];
  const width = Math.max(8, ...names.map(({ length }) => length)) + 2;
  const ignoredNote = `${countOf(ignored.length, 'entry counts', 'entries count')} for nothing here: holdfast ledger verify`;
  return [
    `${terminal.paint('bold', project)}${gap}${right}`,
    '',
    ...brokenLines(broken.slice(0, 10), terminal),
    ...(stages.length === 0 ? [] : ['stages']),
    ...stages.flatMap((stage) => stageLines(stage, width, terminal)),
    ...(artifacts.length === 0 ? [] : ['artifacts']),
    ...artifacts.flatMap((artifact) => artifactLines(artifact, width, terminal)),
    ...(gates.length === 0 ? [] : ['gates']),
    ...gates.flatMap((gate) => gateLines(gate, terminal)),
    ...(ignored.length === 0 ? [] : ['', ignoredNote]),
    '',
    `Next   ${next ?? 'nothing: everything is done'}`,
  ];
}

function stageLines({ stage, current, reason, isolation }: StageStatus, width: number, terminal: Terminal): string[] {
  const sign = current ? terminal.paint('green', '✓') : terminal.paint('yellow', '·');
  const text = current ? `current   isolation: ${isolation ?? 'none'}` : reason;
  return [`  ${sign} ${stage.padEnd(width)}${text}`];
}

function artifactLines(
  { artifact, path, exists, withdrawn, checks, retentionOver, quarantine = [] }: ArtifactStatus,
  width: number,
  terminal: Terminal,
): string[] {
  const isAside = quarantine.some(({ role }) => role === 'setAside');
  const bad = withdrawn || isAside || retentionOver !== undefined || checks.some(({ verdict }) => verdict !== 'pass');
  const sign = !exists ? '·' : bad ? terminal.paint('yellow', '!') : terminal.paint('green', '✓');
  const notes = [
    ...(exists ? [] : ['not there']),
    ...(withdrawn ? ['withdrawn'] : []),
    ...(retentionOver === undefined ? [] : [`to be deleted since ${retentionOver.slice(0, 10)}`]),
    ...(exists ? checks.map(checkNote) : []),
    ...quarantine.map(quarantineNote),
  ];
  return [`  ${sign} ${artifact.padEnd(width)}${[path, ...notes].join('   ')}`];
}

const checkNote = ({ check, verdict, allowed }: CheckStatus): string =>
  `${check}: ${verdict}${allowed === undefined ? '' : ` with ${countOf(allowed, 'entry', 'entries')} of scan.allow`}`;

function quarantineNote({ role, from, rows, setAside }: QuarantineNote): string {
  if (role === 'setAside') return `set aside from ${from}`;
  return role === 'kept'
    ? `${rows - setAside} of ${rows} rows of ${from} kept`
    : `${countOf(setAside, 'row', 'rows')} set aside`;
}

function gateLines({ artifact, environment, decision, problem }: GateStatus, terminal: Terminal): string[] {
  const name = `${artifact} → ${environment}   `;
  const width = name.length + 4;
  if (decision === undefined) return labelled(`  ? ${name}`, width, problem ?? '');
  if (decision.allowed) return [`  ${terminal.paint('green', '✓')} ${name}would be allowed`];
  const rules = decision.reasons.map(({ policy }) => policy).join(', ');
  return labelled(`  ${terminal.paint('red', '✗')} ${name}`, width, rules);
}
