import { artifactId, type EvidenceView, evidenceAs, type ReadEvidence, sameDigests } from '@holdfast/evidence';
import { findArtifact, openProject, verifyProject } from '@holdfast/pipeline';
import type { CommandModule } from '../command.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const project = await openProject(invocation.folder);
  const view = await verifyProject(project);
  const [name] = invocation.arguments;
  const artifact = name === undefined ? undefined : await findArtifact(project, name, invocation.folder);
  const listed = view.evidence.filter(
    (piece) => artifact === undefined || piece.statement.subject.some(({ digest }) => sameDigests(digest, { ...artifact.digest.digests })),
  );
  return { exit: view.broken.length > 0 ? 1 : 0, lines: listed.map(evidenceLine).concat(brokenLines(view)), result: { evidence: listed.map(summary), broken: view.broken, ignored: view.ignored } };
};

const brokenLines = ({ broken }: EvidenceView): string[] => broken.map(({ index, code, message }) => `✗ ${index}  ${message} (${code})`);

function summary(piece: ReadEvidence) {
  const { id, index, kind, signerName, role, statement } = piece;
  return { id, index, kind, type: statement.predicateType, signer: signerName, role, says: wordsOf(piece), subjects: statement.subject };
}

/** One line about a piece of evidence: its place, its name, who, what about whom. */
export function evidenceLine(piece: ReadEvidence): string {
  const [subject, ...more] = piece.statement.subject;
  const about = subject?.name ?? (subject === undefined ? '' : artifactId(subject.digest).slice(0, 19));
  const rest = more.length === 0 ? '' : ` and ${more.length} more`;
  return `${String(piece.index).padStart(4)}  ${piece.id.slice(0, 10)}…  ${piece.signerName.padEnd(10)}  ${wordsOf(piece)}  ${about}${rest}`;
}

/** What it says, in two or three words. */
export function wordsOf(piece: ReadEvidence): string {
  const run = evidenceAs('run', piece);
  if (run !== undefined) return `run ${run.statement.predicate.buildDefinition.externalParameters.stage}:`;
  const check = evidenceAs('check', piece)?.statement.predicate;
  if (check !== undefined) return `check ${check.check.name} ${check.verdict}:`;
  const decision = evidenceAs('decision', piece)?.statement.predicate;
  if (decision !== undefined) return `gate to ${decision.holdfast_decision.environment} ${decision.verificationResult}:`;
  const event = evidenceAs('keyEvent', piece)?.statement.predicate;
  if (event !== undefined) return `${event.action} ${event.roles.join(', ')}:`;
  if (piece.kind === 'approval') return 'approves';
  if (piece.kind === 'withdrawal') return 'withdraws';
  return 'signs';
}
