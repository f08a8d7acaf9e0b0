import { findArtifact } from '@holdfast/pipeline/artifacts';
import { exportEvidence } from '@holdfast/pipeline/export';
import { openProject } from '@holdfast/pipeline/project';
import { type CommandModule, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { pathIn } from '../invocation.ts';
import { countOf } from '../view-lines.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const name = invocation.arguments[0] ?? '';
  if (!name.endsWith('.holdfast')) {
    throw new CliError('HF_CLI_USAGE', `\`${name}\` is not a name for an archive`, { fix: 'end it in .holdfast' });
  }
  const file = pathIn(invocation, name);
  const project = await openProject(invocation.folder);
  const along = textOption(invocation, 'with');
  const artifact = along === undefined ? undefined : await findArtifact(project, along, invocation.folder);
  const { evidence, size } = await exportEvidence(project, file, artifact);
  const pieces = countOf(evidence, 'piece', 'pieces');
  return {
    exit: 0,
    lines: [
      `${pieces} of evidence and a ledger of ${countOf(size, 'entry', 'entries')} are in ${name}`,
      ...(artifact === undefined ? [] : [`the bytes of ${artifact.name} are in it, ${artifact.digest.size} of them`]),
      'Next   holdfast key trust --export > trust.json',
      `       holdfast verify ${name} --offline --trust trust.json`,
    ],
    result: { file, evidence, size, ...(artifact === undefined ? {} : { artifact: artifact.name }) },
  };
};
