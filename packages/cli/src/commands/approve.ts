import { approve, findArtifact, openProject, shortId } from '@holdfast/pipeline';
import { type CommandModule, textOption } from '../command.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const project = await openProject(invocation.folder);
  const artifact = await findArtifact(project, invocation.arguments[0] ?? '', invocation.folder);
  const [environment, reason, key] = [textOption(invocation, 'to'), textOption(invocation, 'reason'), textOption(invocation, 'key')];
  const approved = await approve(project, artifact, {
    ...(environment === undefined ? {} : { environment }),
    ...(reason === undefined ? {} : { reason }),
    ...(key === undefined ? {} : { key }),
  });
  const where = environment ?? Object.keys(project.config.environments)[0];
  return {
    exit: 0,
    lines: [
      `${approved.signer} approves ${artifact.name} ${shortId(artifact.digest.digests)}${environment === undefined ? '' : ` for ${environment}`}`,
      `evidence ${approved.id.slice(0, 12)}… is in the ledger at ${approved.index}`,
      ...(where === undefined ? [] : [`Next   holdfast gate ${artifact.name} --to ${where}`]),
    ],
    result: { artifact: artifact.name, digest: artifact.digest.digests, ...approved },
  };
};
