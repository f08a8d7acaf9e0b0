import { isAbsolute, join } from 'node:path';
import { exportEvidence, openProject } from '@holdfast/pipeline';
import type { CommandModule } from '../command.ts';
import { CliError } from '../errors.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const name = invocation.arguments[0] ?? '';
  if (!name.endsWith('.holdfast')) {
    throw new CliError('HF_CLI_USAGE', `\`${name}\` is not a name for an archive`, { fix: 'end it in .holdfast' });
  }
  const file = isAbsolute(name) ? name : join(invocation.folder, name);
  const project = await openProject(invocation.folder);
  const { evidence, size } = await exportEvidence(project, file);
  return {
    exit: 0,
    lines: [
      `${evidence} pieces of evidence and a ledger of ${size} entries are in ${name}`,
      'Next   holdfast key trust --export > trust.json',
      `       holdfast verify ${name} --offline --trust trust.json`,
    ],
    result: { file, evidence, size },
  };
};
