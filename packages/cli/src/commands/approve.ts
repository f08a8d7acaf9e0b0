import { findArtifact } from '@holdfast/pipeline/artifacts';
import { openProject } from '@holdfast/pipeline/project';
import { approve } from '@holdfast/pipeline/vouch';
import { type CommandModule, textOption } from '../command.ts';
import { shortHex, shortId } from '../short-hex.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const project = await openProject(invocation.folder);
  const artifact = await findArtifact(project, invocation.arguments[0] ?? '', invocation.folder);
  const [environment, reason, key] = ['to', 'reason', 'key'].map((name) => textOption(invocation, name));
  const approved = await approve(project, artifact, {
    ...(environment === undefined ? {} : { environment }),
    ...(reason === undefined ? {} : { reason }),
    ...(key === undefined ? {} : { key }),
  });
  const where = environment ?? Object.keys(project.config.environments)[0];
  const limit = environment === undefined ? '' : ` for ${environment}`;
  return {
    exit: 0,
    lines: [
      `${approved.signer} approves ${artifact.name} ${shortId(artifact.digest.digests)}${limit}`,
      `evidence ${shortHex(approved.id)} is in the ledger at ${approved.index}`,
      ...(where === undefined ? [] : [`Next   holdfast gate ${artifact.name} --to ${where}`]),
    ],
    result: { artifact: artifact.name, digest: artifact.digest.digests, environment, ...approved },
  };
};
