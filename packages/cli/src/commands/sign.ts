import { readFile } from 'node:fs/promises';
import { keySigner, parsePrivateKey } from '@holdfast/evidence/keys';
import { signModel } from '@holdfast/evidence/model-signing/index';
import { findArtifact } from '@holdfast/pipeline/artifacts';
import { openProject, passphraseFromEnvironment } from '@holdfast/pipeline/project';
import { signArtifact } from '@holdfast/pipeline/sign-artifact';
import { type CommandModule, type CommandResult, type Invocation, textOption } from '../command.ts';
import { pathIn } from '../invocation.ts';
import { shortHex, shortId } from '../short-hex.ts';
import { countOf } from '../view-lines.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const keyFile = textOption(invocation, 'key-file');
  const path = invocation.arguments[0] ?? '';
  if (keyFile !== undefined) return signAlone(path, keyFile, invocation);
  const project = await openProject(invocation.folder);
  const artifact = await findArtifact(project, path, invocation.folder);
  const signed = await signArtifact(project, artifact, textOption(invocation, 'key'));
  return {
    exit: 0,
    lines: [
      `${signed.signer} signs ${artifact.name} ${shortId(artifact.digest.digests)}`,
      `signature ${signed.signatureFile} (OpenSSF Model Signing v1)`,
      `evidence ${shortHex(signed.id)} is in the ledger at ${signed.index}`,
    ],
    result: { artifact: artifact.name, digest: artifact.digest.digests, ...signed },
  };
};

/** Without a project: the signature file is all there is, and nothing is logged. */
async function signAlone(name: string, keyFile: string, invocation: Invocation): Promise<CommandResult> {
  const pem = await readFile(pathIn(invocation, keyFile), 'utf8');
  const passphrase = pem.includes('ENCRYPTED') ? await passphraseFromEnvironment(keyFile) : undefined;
  const signer = keySigner(parsePrivateKey(pem, passphrase));
  const { output, manifest } = await signModel(pathIn(invocation, name), signer);
  const count = manifest.resources.length;
  return {
    exit: 0,
    lines: [`signed ${countOf(count, 'file')} of ${name}`, `signature ${output} (OpenSSF Model Signing v1)`],
    result: { path: name, signatureFile: output, keyId: signer.publicKey.id, files: count },
  };
}
