import type { EvidenceView, ReadEvidence } from '@holdfast/evidence';
import { artifactId, sameDigests } from '@holdfast/evidence/statement';
import { findArtifact } from '@holdfast/pipeline/artifacts';
import { explainChange } from '@holdfast/pipeline/explain-change';
import { openProject, openView } from '@holdfast/pipeline/project';
import type { CommandResult, Invocation } from './command.ts';
import { CliError } from './errors.ts';
import { evidenceLine } from './evidence-line.ts';
import type { Terminal } from './terminal.ts';
import { bad, brokenLines, countOf, good } from './view-lines.ts';

/** What is known about a digest that somebody names. */
export async function verifyDigest(id: string, { folder }: Invocation, terminal: Terminal): Promise<CommandResult> {
  const { view } = await openView(await openProject(folder));
  const about = view.evidence.filter(({ statement }) =>
    statement.subject.some(({ digest }) => artifactId(digest).startsWith(id)),
  );
  return known({ name: id, view, about, changes: [] }, terminal);
}

/** What is known about the bytes that lie in the project now. */
export async function verifyPath(path: string, { folder }: Invocation, terminal: Terminal): Promise<CommandResult> {
  const project = await openProject(folder);
  const artifact = await findArtifact(project, path, folder);
  const { view } = await openView(project);
  const digest = { ...artifact.digest.digests };
  const about = view.evidence.filter(({ statement }) =>
    statement.subject.some((subject) => sameDigests(subject.digest, digest)),
  );
  const changes = about.length > 0 ? [] : explainChange(view, artifact);
  return known({ name: path, view, about, changes }, terminal);
}

interface Known {
  readonly name: string;
  readonly view: EvidenceView;
  readonly about: readonly ReadEvidence[];
  /** What is not as a stage wrote it. */
  readonly changes: readonly string[];
}

function known({ name, view: { broken }, about, changes }: Known, terminal: Terminal): CommandResult {
  if (about.length + changes.length + broken.length === 0) {
    throw new CliError('HF_CLI_NOTHING_KNOWN', `nothing is known about \`${name}\``);
  }
  const withdrawn = about.some(({ kind }) => kind === 'withdrawal');
  const count = `${countOf(about.length, 'piece', 'pieces')} of evidence ${about.length === 1 ? 'is' : 'are'} about exactly these bytes:`;
  const heading = withdrawn ? bad(terminal, `withdrawn; ${count}`) : good(terminal, count);
  const evidence = about.map(({ id, index, kind, signerName, role }) => ({
    id,
    index,
    kind,
    signer: signerName,
    role,
  }));
  return {
    exit: broken.length > 0 || changes.length > 0 || withdrawn ? 1 : 0,
    lines: [
      ...brokenLines(broken, terminal),
      ...changes.flatMap((change) => bad(terminal, change)),
      ...(about.length === 0 ? [] : heading),
      ...about.map(evidenceLine),
    ],
    result: { name, changes, withdrawn, broken, evidence },
  };
}
