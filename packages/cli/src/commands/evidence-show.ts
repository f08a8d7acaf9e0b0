import { artifactId } from '@holdfast/evidence/statement';
import { openProject, verifyProject } from '@holdfast/pipeline/project';
import type { CommandModule } from '../command.ts';
import { wordsOf } from '../evidence-line.ts';
import { findEvidence } from '../find-evidence.ts';
import { shortHex } from '../short-hex.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const view = await verifyProject(await openProject(invocation.folder));
  const piece = findEvidence(view, invocation.arguments[0] ?? '');
  const { id, kind, statement, signer, signerName, role, origin, index, checkpoint } = piece;
  const { subject, predicateType, predicate } = statement;
  const [first, ...more] = subject.map(({ name, digest }) => name ?? artifactId(digest));
  return {
    exit: 0,
    lines: [
      `${wordsOf(piece)} ${first ?? ''}${more.length === 0 ? '' : ` and ${more.length} more`}`,
      '',
      `id      ${id}`,
      `type    ${predicateType}`,
      ...subject.slice(0, 8).map(({ name, digest }) => `about   ${name ?? ''} ${artifactId(digest)}`),
      ...(subject.length > 8 ? [`        and ${subject.length - 8} more`] : []),
      `signed  ${signerName} as ${role}, ${signer.algorithm}, key ${shortHex(signer.id)}`,
      `logged  ${origin} at ${index}, proven in the tree of ${checkpoint.size}`,
      '',
      JSON.stringify(predicate, null, 2),
    ],
    result: {
      id,
      kind,
      statement,
      signer: { name: signerName, keyId: signer.id, role },
      ledger: { origin, index, size: checkpoint.size },
    },
  };
};
