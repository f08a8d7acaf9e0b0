import { evidenceAs, type ReadEvidence } from '@holdfast/evidence/predicates/parse';
import { signedArtifact } from '@holdfast/evidence/signed-artifact';
import type { ArtifactBook } from './artifact-book.ts';
import type { RunBook } from './gather-runs.ts';

/** Notes what a piece of evidence that is no run and no decision says of artifacts. */
export function noteWord(piece: ReadEvidence, artifacts: ArtifactBook, runs: RunBook): void {
  if (piece.kind === 'check') noteCheck(piece, artifacts, runs);
  if (piece.kind === 'approval' || piece.kind === 'withdrawal') noteStanding(piece, artifacts);
  if (piece.kind === 'quarantine') noteQuarantine(piece, artifacts);
  if (piece.kind === 'other') noteSignature(piece, artifacts);
}

function noteCheck(piece: ReadEvidence, artifacts: ArtifactBook, runs: RunBook): void {
  const report = evidenceAs('check', piece);
  if (report === undefined) return;
  const { check, verdict, origin } = report.statement.predicate;
  for (const { name, digest } of report.statement.subject) {
    const page = artifacts.note(piece, digest, { called: name });
    const before = page.checks.get(check.name);
    const earlier = before === undefined ? [] : [...before.earlier, before.evidence];
    // the newest stands where a gate looks for it: behind the others
    page.checks.delete(check.name);
    page.checks.set(check.name, { check: check.name, verdict, origin, evidence: piece.id, earlier });
    if (check.name === 'metrics') runs.called(check.options['invocation'])?.measured.add(page.id);
  }
}

function noteStanding(piece: ReadEvidence, artifacts: ArtifactBook): void {
  const withdrawal = evidenceAs('withdrawal', piece)?.statement.predicate;
  const approval = evidenceAs('approval', piece)?.statement.predicate;
  const { environment } = approval ?? {};
  const reason = withdrawal?.reason ?? approval?.reason;
  const word = {
    by: piece.signerName,
    evidence: piece.id,
    ...(environment === undefined ? {} : { environment }),
    ...(reason === undefined ? {} : { reason }),
  };
  for (const { name, digest } of piece.statement.subject) {
    const page = artifacts.note(piece, digest, { called: name });
    (withdrawal === undefined ? page.approvals : page.withdrawals).push(word);
  }
}

/** Rows that were set aside are to a gate what is withdrawn is: nothing that is made from them goes anywhere. */
function noteQuarantine(piece: ReadEvidence, artifacts: ArtifactBook): void {
  const quarantine = evidenceAs('quarantine', piece);
  if (quarantine === undefined) return;
  const { from, setAside } = quarantine.statement.predicate;
  const reason = `${setAside.rows} rows of ${from.name}, set aside`;
  for (const { name, digest } of piece.statement.subject) {
    artifacts
      .note(piece, digest, { called: name })
      .withdrawals.push({ by: piece.signerName, evidence: piece.id, reason });
  }
}

/** A signature names no path, only what the model is called. */
function noteSignature(piece: ReadEvidence, artifacts: ArtifactBook): void {
  const digest = signedArtifact(piece.statement);
  if (digest === undefined) return;
  artifacts.note(piece, digest).signatures.push({ by: piece.signerName, evidence: piece.id });
}
