import { findArtifact } from '@holdfast/pipeline/artifacts';
import { openProject } from '@holdfast/pipeline/project';
import { withdraw } from '@holdfast/pipeline/vouch';
import { type CommandModule, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { shortHex, shortId } from '../short-hex.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const reason = textOption(invocation, 'reason');
  if (reason === undefined || reason === '') {
    throw new CliError('HF_CLI_USAGE', 'a withdrawal needs a reason, for those who will ask', {
      fix: `holdfast revoke ${invocation.arguments[0] ?? 'ARTIFACT'} --reason "…"`,
    });
  }
  const project = await openProject(invocation.folder);
  const artifact = await findArtifact(project, invocation.arguments[0] ?? '', invocation.folder);
  const withdrawn = await withdraw(project, artifact, reason, textOption(invocation, 'key'));
  return {
    exit: 0,
    lines: [
      `${withdrawn.signer} withdraws ${artifact.name} ${shortId(artifact.digest.digests)}: ${reason}`,
      `evidence ${shortHex(withdrawn.id)} is in the ledger at ${withdrawn.index}`,
      'Every gate denies it from now on, and what was made from it.',
    ],
    result: { artifact: artifact.name, digest: artifact.digest.digests, reason, ...withdrawn },
  };
};
