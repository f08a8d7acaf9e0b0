import type { Switch } from '@holdfast/evidence/predicates/switch';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { type RecordedEvidence, recordEvidence, signStatement } from '@holdfast/evidence/record';
import type { Role } from '@holdfast/evidence/roles';
import { type DigestSet, statementOf } from '@holdfast/evidence/statement';
import { type Project, verifyProject, withRecorder } from '../project.ts';
import { signerFor } from '../signers.ts';
import { requireSound } from '../sound.ts';

const byHand: readonly Role[] = ['approver', 'builder', 'checker'];
const byRule: readonly Role[] = ['builder', 'checker'];

/** A model by the path that it has in the project. */
export interface SwitchedModel {
  readonly name: string;
  readonly digest: DigestSet;
}

export interface RecordedSwitchOf {
  readonly candidate: SwitchedModel;
  readonly stable: SwitchedModel;
  readonly change: Omit<Switch, 'stable'>;
  readonly key?: string;
}

/**
 * Puts on record how many callers of a route a candidate answers from now on.
 *
 * @returns the evidence, and who signed it
 * @throws PipelineError HF_NO_SIGNER; EvidenceError where the ledger cannot be built on
 */
export async function recordSwitch(
  project: Project,
  { candidate, stable, change, key }: RecordedSwitchOf,
): Promise<{ readonly recorded: RecordedEvidence | undefined; readonly signer: string }> {
  const view = await verifyProject(project);
  requireSound(view);
  const { signer, name } = await signerFor(project, view.trust, change.by === 'hand' ? byHand : byRule, key);
  const statement = statementOf(predicateTypes.switch, [candidate], { ...change, stable });
  const signed = await signStatement(statement, signer);
  const [recorded] = await withRecorder(project, (recorder) => recordEvidence([signed], recorder));
  return { recorded, signer: name };
}
