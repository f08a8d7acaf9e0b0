import { findArtifact } from '@holdfast/pipeline/artifacts';
import { releaseArtifact } from '@holdfast/pipeline/install/release';
import { openProject } from '@holdfast/pipeline/project';
import { type CommandModule, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { shortHex, shortId } from '../short-hex.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const name = invocation.arguments[0] ?? '';
  const device = textOption(invocation, 'device');
  if (device === undefined || !/^[a-z0-9][a-z0-9._-]{0,63}$/.test(device)) {
    throw new CliError('HF_CLI_USAGE', 'a release is for a class of devices, in small letters', {
      fix: `holdfast release ${name} --device CLASS`,
    });
  }
  const version = textOption(invocation, 'version');
  const key = textOption(invocation, 'key');
  const project = await openProject(invocation.folder);
  const artifact = await findArtifact(project, name, invocation.folder);
  const made = await releaseArtifact(project, artifact, {
    device,
    ...(version === undefined ? {} : { version: Number(version) }),
    ...(key === undefined ? {} : { key }),
  });
  return {
    exit: 0,
    lines: [
      `${made.signer} releases version ${made.version} for ${device}: ${artifact.name} ${shortId(artifact.digest.digests)}`,
      `evidence ${shortHex(made.id)} is in the ledger at ${made.index}`,
      `Next   holdfast evidence export ${device}-${made.version}.holdfast --with ${artifact.name}`,
    ],
    result: { artifact: artifact.name, device, digest: artifact.digest.digests, ...made },
  };
};
