import { readFile } from 'node:fs/promises';
import { keySigner, parsePrivateKey } from '@holdfast/evidence';
import { signModel } from '@holdfast/evidence/model-signing/index';
import { findArtifact, openProject, passphraseFromEnvironment, shortId, signArtifact } from '@holdfast/pipeline';
import { type CommandModule, type CommandResult, textOption } from '../command.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const keyFile = textOption(invocation, 'key-file');
  const path = invocation.arguments[0] ?? '';
  if (keyFile !== undefined) return signAlone(path, keyFile);
  const project = await openProject(invocation.folder);
  const artifact = await findArtifact(project, path, invocation.folder);
  const signed = await signArtifact(project, artifact, textOption(invocation, 'key'));
  return {
    exit: 0,
    lines: [
      `${signed.signer} signs ${artifact.name} ${shortId(artifact.digest.digests)}`,
      `signature ${signed.signatureFile} (OpenSSF Model Signing v1)`,
      `evidence ${signed.id.slice(0, 12)}… is in the ledger at ${signed.index}`,
    ],
    result: { artifact: artifact.name, digest: artifact.digest.digests, ...signed },
  };
};

async function signAlone(path: string, keyFile: string): Promise<CommandResult> {
  const pem = await readFile(keyFile, 'utf8');
  const signer = keySigner(parsePrivateKey(pem, pem.includes('ENCRYPTED') ? await passphraseFromEnvironment(keyFile) : undefined));
  const { output, manifest } = await signModel(path, signer);
  const count = manifest.resources.length;
  return {
    exit: 0,
    lines: [`signed ${count} ${count === 1 ? 'file' : 'files'} of ${path}`, `signature ${output} (OpenSSF Model Signing v1)`],
    result: { path, signatureFile: output, keyId: signer.publicKey.id, files: count },
  };
}
