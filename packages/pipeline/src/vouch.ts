import type { Approval } from '@holdfast/evidence/predicates/approval';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import type { Withdrawal } from '@holdfast/evidence/predicates/withdrawal';
import { type RecordedEvidence, recordEvidence, signStatement } from '@holdfast/evidence/record';
import type { Role } from '@holdfast/evidence/roles';
import { type Statement, statementOf } from '@holdfast/evidence/statement';
import type { NamedArtifact } from './artifacts.ts';
import { requireClock } from './clock.ts';
import { type Project, verifyProject, withRecorder } from './project.ts';
import { signerFor } from './signers.ts';
import { requireSound } from './sound.ts';

export interface Vouched extends RecordedEvidence {
  /** Name of the key that signed. */
  readonly signer: string;
}

/** Records one statement, signed in a role. */
export async function recordAs(
  project: Project,
  wanted: readonly Role[],
  statement: Statement,
  named?: string,
): Promise<Vouched> {
  const view = await verifyProject(project);
  requireSound(view);
  requireClock(view, new Date());
  const { name, signer } = await signerFor(project, view.trust, wanted, named);
  const [recorded] = await withRecorder(project, async (recorder) =>
    recordEvidence([await signStatement(statement, signer)], recorder),
  );
  if (recorded === undefined) throw new TypeError('nothing was recorded');
  return { ...recorded, signer: name };
}

/** Vouches for an artifact, for one environment or for all. */
export function approve(
  project: Project,
  artifact: NamedArtifact,
  options: { readonly environment?: string; readonly reason?: string; readonly key?: string },
): Promise<Vouched> {
  const predicate: Approval = {
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    approvedOn: new Date().toISOString(),
  };
  return recordAs(
    project,
    ['approver'],
    statementOf(predicateTypes.approval, [subjectOf(artifact)], predicate),
    options.key,
  );
}

/** Withdraws an artifact: from now on it is denied everywhere, and so is what was made from it. */
export function withdraw(project: Project, artifact: NamedArtifact, reason: string, key?: string): Promise<Vouched> {
  const predicate: Withdrawal = { reason, withdrawnOn: new Date().toISOString() };
  return recordAs(
    project,
    ['approver', 'authority'],
    statementOf(predicateTypes.withdrawal, [subjectOf(artifact)], predicate),
    key,
  );
}

const subjectOf = ({ name, digest }: NamedArtifact): { name: string; digest: Record<string, string> } => ({
  name,
  digest: { ...digest.digests },
});
