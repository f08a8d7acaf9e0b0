import { openProject, openProjectReader } from '@holdfast/pipeline/project';
import type { CommandModule } from '../command.ts';

const signatureNames: Readonly<Record<number, string>> = {
  1: 'Ed25519',
  4: 'Ed25519 cosignature',
  6: 'ML-DSA-44 cosignature',
};

export const run: CommandModule['run'] = async (invocation) => {
  const { reader } = await openProjectReader(await openProject(invocation.folder));
  const { origin, size, rootHash, signatures } = reader.checkpoint;
  const signed = signatures.map(({ key }) => ({
    name: key.name,
    type: signatureNames[key.type] ?? String(key.type),
    keyId: key.keyId,
  }));
  const root = Buffer.from(rootHash).toString('base64');
  return {
    exit: 0,
    lines: [
      `origin  ${origin}`,
      `size    ${size}`,
      `root    ${root}`,
      ...signed.map(({ name, type, keyId }) => `signed  ${type} by ${name} (${keyId})`),
    ],
    result: { origin, size, rootHash: root, signatures: signed },
  };
};
