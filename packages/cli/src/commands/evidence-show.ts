import { artifactId } from '@holdfast/evidence';
import { openProject, verifyProject } from '@holdfast/pipeline';
import type { CommandModule } from '../command.ts';
import { findEvidence } from '../find-evidence.ts';
import { wordsOf } from './evidence-list.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const view = await verifyProject(await openProject(invocation.folder));
  const piece = findEvidence(view, invocation.arguments[0] ?? '');
  const { statement, signer, signerName, role, origin, index, checkpoint } = piece;
  return {
    exit: 0,
    lines: [
      `${wordsOf(piece)} ${statement.subject.map(({ name, digest }) => name ?? artifactId(digest)).slice(0, 4).join(', ')}`,
      '',
      `id      ${piece.id}`,
      `type    ${statement.predicateType}`,
      ...statement.subject.slice(0, 8).map(({ name, digest }) => `about   ${name ?? ''} ${artifactId(digest)}`),
      `signed  ${signerName} as ${role}, ${signer.algorithm}, key ${signer.id.slice(0, 16)}…`,
      `logged  ${origin} at ${index}, proven in the tree of ${checkpoint.size}`,
      '',
      JSON.stringify(statement.predicate, null, 2),
    ],
    result: { id: piece.id, kind: piece.kind, statement, signer: { name: signerName, keyId: signer.id, role }, ledger: { origin, index, size: checkpoint.size } },
  };
};
