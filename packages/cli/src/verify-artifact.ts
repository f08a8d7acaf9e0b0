import type { ReadEvidence } from '@holdfast/evidence/predicates/parse';
import { evidenceAs } from '@holdfast/evidence/predicates/parse';
import { artifactId, type DigestSet, sameDigests } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import { findArtifact, type NamedArtifact } from '@holdfast/pipeline/artifacts';
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
  return known(
    id,
    look(view, (digest) => artifactId(digest).startsWith(id)),
    terminal,
  );
}

/** What is known about the bytes that lie in the project now. */
export async function verifyPath(path: string, { folder }: Invocation, terminal: Terminal): Promise<CommandResult> {
  const project = await openProject(folder);
  const artifact = await findArtifact(project, path, folder);
  const { view } = await openView(project);
  const now = { ...artifact.digest.digests };
  const seen = look(view, (digest) => sameDigests(digest, now));
  return known(path, { ...seen, changes: isVouched(seen) ? [] : changesOf(view, artifact) }, terminal);
}

/** What a ledger says about some bytes. */
interface Seen {
  readonly view: EvidenceView;
  /** The evidence whose subject they are. */
  readonly about: readonly ReadEvidence[];
  /** The runs that read them. */
  readonly read: readonly ReadEvidence[];
  /** What is not as a stage wrote or read it. */
  readonly changes: readonly string[];
}

function look(view: EvidenceView, matches: (digest: DigestSet) => boolean): Seen {
  const about = view.evidence.filter(({ statement }) => statement.subject.some(({ digest }) => matches(digest)));
  const read = view.evidence.filter((piece) => materialsOf(piece).some(({ digest }) => matches(digest)));
  return { view, about, read, changes: [] };
}

/** A decision says that a gate was asked, access that somebody read: not that anybody stands behind the bytes. */
const vouchesForNothing: ReadonlySet<string> = new Set([
  ...['decision', 'access', 'serving', 'switch', 'requestLog', 'release'],
  ...['gatewayResponse', 'gatewayTuning', 'gatewayAlert'],
]);
const isVouched = ({ about, read }: Seen): boolean =>
  read.length > 0 || about.some(({ kind }) => !vouchesForNothing.has(kind));

const materialsOf = (piece: ReadEvidence) =>
  evidenceAs('run', piece)?.statement.predicate.buildDefinition.resolvedDependencies ?? [];

function changesOf(view: EvidenceView, artifact: NamedArtifact): readonly string[] {
  const written = explainChange(view, artifact);
  if (written.length > 0) return written;
  const reader = view.evidence.findLast((piece) => materialsOf(piece).some(({ name }) => name === artifact.path));
  const run = reader === undefined ? undefined : evidenceAs('run', reader);
  if (run === undefined) return [];
  const { stage } = run.statement.predicate.buildDefinition.externalParameters;
  return [`\`${artifact.path}\` is not what \`${stage}\` read`];
}

function known(name: string, seen: Seen, terminal: Terminal): CommandResult {
  const { about, read, changes } = seen;
  const { broken } = seen.view;
  if (about.length + read.length + changes.length + broken.length === 0) {
    throw new CliError('HF_CLI_NOTHING_KNOWN', `nothing is known about \`${name}\``);
  }
  const withdrawn = about.some(({ kind }) => kind === 'withdrawal');
  return {
    exit: broken.length > 0 || withdrawn || !isVouched(seen) ? 1 : 0,
    lines: [
      ...brokenLines(broken, terminal),
      ...changes.flatMap((change) => bad(terminal, change)),
      ...(withdrawn ? bad(terminal, 'withdrawn') : []),
      ...(isVouched(seen) || changes.length > 0 ? [] : bad(terminal, 'nobody stands behind these bytes')),
      ...listed(`${countOf(about.length, 'piece', 'pieces')} of evidence about exactly these bytes:`, about, terminal),
      ...listed(`${countOf(read.length, 'run')} read exactly these bytes:`, read, terminal),
    ],
    result: { name, changes, withdrawn, broken, evidence: about.map(summary), read: read.map(summary) },
  };
}

const listed = (heading: string, pieces: readonly ReadEvidence[], terminal: Terminal): string[] =>
  pieces.length === 0 ? [] : [...good(terminal, heading), ...pieces.map(evidenceLine)];

const summary = ({ id, index, kind, signerName, role }: ReadEvidence) => ({
  id,
  index,
  kind,
  signer: signerName,
  role,
});
