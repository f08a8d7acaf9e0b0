import { EvidenceError } from '@holdfast/evidence/errors';
import { writeProof } from '@holdfast/ledger/proof';
import { openProject, openProjectReader } from '@holdfast/pipeline/project';
import type { CommandModule } from '../command.ts';
import { withoutDots } from '../short-hex.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const { reader } = await openProjectReader(await openProject(invocation.folder));
  const wanted = withoutDots(invocation.arguments[0] ?? '');
  const index = /^\d{1,15}$/.test(wanted) ? Number(wanted) : await indexOf(wanted, await reader.leafHashes());
  const proof = await writeProof(reader, index);
  return { exit: 0, lines: [proof.trimEnd()], result: { index, proof } };
};

function indexOf(id: string, leaves: readonly Uint8Array[]): Promise<number> {
  const index = leaves.findIndex((leaf) => id.length >= 8 && Buffer.from(leaf).toString('hex').startsWith(id));
  if (index >= 0) return Promise.resolve(index);
  throw new EvidenceError('HF_EVIDENCE_NOT_FOUND', `no entry is called \`${id.slice(0, 64)}\``);
}
