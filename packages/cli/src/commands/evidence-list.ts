import type { ReadEvidence } from '@holdfast/evidence/predicates/parse';
import { sameDigests } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import { findArtifact } from '@holdfast/pipeline/artifacts';
import { openProject, type Project, verifyProject } from '@holdfast/pipeline/project';
import type { CommandModule } from '../command.ts';
import { evidenceLine, wordsOf } from '../evidence-line.ts';
import { brokenLines } from '../view-lines.ts';

export const run: CommandModule['run'] = async ({ arguments: [name], folder }, terminal) => {
  const project = await openProject(folder);
  const view = await verifyProject(project);
  const listed = name === undefined ? view.evidence : await about(name, folder, project, view);
  const { broken, ignored } = view;
  const none = name === undefined ? 'no evidence yet' : `no evidence about ${name} as it is now`;
  return {
    exit: broken.length > 0 ? 1 : 0,
    lines: [...(listed.length === 0 ? [none] : listed.map(evidenceLine)), ...brokenLines(broken, terminal)],
    result: { evidence: listed.map(summary), broken, ignored },
  };
};

async function about(
  name: string,
  folder: string,
  project: Project,
  { evidence }: EvidenceView,
): Promise<readonly ReadEvidence[]> {
  const { digest } = await findArtifact(project, name, folder);
  const wanted = { ...digest.digests };
  return evidence.filter(({ statement }) => statement.subject.some((subject) => sameDigests(subject.digest, wanted)));
}

function summary(piece: ReadEvidence) {
  const { id, index, kind, signerName, role, statement } = piece;
  const { predicateType: type, subject: subjects } = statement;
  return { id, index, kind, type, signer: signerName, role, says: wordsOf(piece), subjects };
}
