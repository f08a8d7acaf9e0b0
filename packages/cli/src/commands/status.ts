import { type ArtifactStatus, type GateStatus, openProject, type ProjectStatus, projectStatus, type StageStatus } from '@holdfast/pipeline';
import type { CommandModule } from '../command.ts';
import type { Terminal } from '../terminal.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const status = await projectStatus(await openProject(invocation.folder));
  return { exit: status.broken.length > 0 ? 1 : 0, lines: report(status, terminal), result: status };
};

function report(status: ProjectStatus, terminal: Terminal): string[] {
  const right = `ledger ${status.ledger.size} · ${status.broken.length === 0 ? 'verified' : 'BROKEN'}`;
  const title = `${terminal.paint('bold', status.project)}${' '.repeat(Math.max(2, 78 - status.project.length - right.length))}${right}`;
  const width = Math.max(...status.stages.map(({ stage }) => stage.length), ...status.artifacts.map(({ artifact }) => artifact.length), 8) + 2;
  return [
    title,
    '',
    ...status.broken.slice(0, 10).map(({ index, code, message }) => `  ${terminal.paint('red', '✗')} entry ${index}: ${message} (${code})`),
    ...(status.stages.length === 0 ? [] : ['stages']),
    ...status.stages.map((stage) => stageLine(stage, width, terminal)),
    ...(status.artifacts.length === 0 ? [] : ['artifacts']),
    ...status.artifacts.map((artifact) => artifactLine(artifact, width, terminal)),
    ...(status.gates.length === 0 ? [] : ['gates']),
    ...status.gates.flatMap((gate) => gateLines(gate, terminal)),
    ...(status.ignored.length === 0 ? [] : ['', `${status.ignored.length} entries count for nothing here: holdfast ledger verify`]),
    '',
    `Next   ${status.next ?? 'nothing: everything is done'}`,
  ];
}

function stageLine({ stage, current, reason, isolation }: StageStatus, width: number, terminal: Terminal): string {
  const sign = current ? terminal.paint('green', '✓') : terminal.paint('yellow', '·');
  return `  ${sign} ${stage.padEnd(width)}${current ? `current   isolation: ${isolation ?? 'none'}` : reason}`;
}

function artifactLine({ artifact, path, exists, withdrawn, checks }: ArtifactStatus, width: number, terminal: Terminal): string {
  const bad = withdrawn || checks.some(({ verdict }) => verdict !== 'pass');
  const sign = !exists ? '·' : bad ? terminal.paint('yellow', '!') : terminal.paint('green', '✓');
  const notes = [
    path,
    ...(exists ? [] : ['not there']),
    ...(withdrawn ? ['withdrawn'] : []),
    ...(exists ? checks.map(({ check, verdict }) => `${check}: ${verdict}`) : []),
  ];
  return `  ${sign} ${artifact.padEnd(width)}${notes.join('   ')}`;
}

function gateLines({ artifact, environment, decision, problem }: GateStatus, terminal: Terminal): string[] {
  const name = `${artifact} → ${environment}`;
  if (decision === undefined) return [`  ? ${name}   ${problem ?? ''}`];
  if (decision.allowed) return [`  ${terminal.paint('green', '✓')} ${name}   would be allowed`];
  return [`  ${terminal.paint('red', '✗')} ${name}   ${decision.reasons.map(({ policy }) => policy).join(', ')}`];
}
