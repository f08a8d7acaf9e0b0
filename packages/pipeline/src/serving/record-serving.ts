import { digestArtifact } from '@holdfast/evidence/digest/index';
import type { GatewayAlert } from '@holdfast/evidence/predicates/gateway-alert';
import type { RequestLogPart } from '@holdfast/evidence/predicates/request-log';
import type { Serving } from '@holdfast/evidence/predicates/serving';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { type RecordedEvidence, recordEvidence, signStatement } from '@holdfast/evidence/record';
import type { Role } from '@holdfast/evidence/roles';
import { type Statement, statementOf } from '@holdfast/evidence/statement';
import type { NamedArtifact } from '../artifacts.ts';
import { type Project, verifyProject, withRecorder } from '../project.ts';
import { signerFor } from '../signers.ts';
import { requireSound } from '../sound.ts';

const signing: readonly Role[] = ['builder', 'checker'];

/** Puts on record that a model began or ceased to be served. */
export async function recordServing(
  project: Project,
  { path, digest }: Pick<NamedArtifact, 'path' | 'digest'>,
  serving: Serving,
  key?: string,
): Promise<RecordedEvidence | undefined> {
  return recordStatement(
    project,
    statementOf(predicateTypes.serving, [{ name: path, digest: { ...digest.digests } }], serving),
    key,
  );
}

/** Puts on record that what is seen of a model passed a bound, or is within it again. */
export async function recordAlert(
  project: Project,
  { path, digest }: Pick<NamedArtifact, 'path' | 'digest'>,
  alert: GatewayAlert,
  key?: string,
): Promise<RecordedEvidence | undefined> {
  const subject = { name: path, digest: { ...digest.digests } };
  return recordStatement(project, statementOf(predicateTypes.gatewayAlert, [subject], alert), key);
}

/** Puts on record a part of a request log, a file that nobody adds to any more. */
export async function recordRequestLog(
  project: Project,
  { file, part, key }: { readonly file: string; readonly part: RequestLogPart; readonly key?: string },
): Promise<RecordedEvidence | undefined> {
  const { digests } = await digestArtifact(file);
  const subject = { name: `requests/${part.gateway}/${part.first}`, digest: { ...digests } };
  return recordStatement(project, statementOf(predicateTypes.requestLog, [subject], part), key);
}

/** Signs a statement and puts it in the ledger. */
export async function recordStatement(
  project: Project,
  statement: Statement,
  key: string | undefined,
  roles: readonly Role[] = signing,
): Promise<RecordedEvidence | undefined> {
  const view = await verifyProject(project);
  requireSound(view);
  const { signer } = await signerFor(project, view.trust, roles, key);
  const signed = await signStatement(statement, signer);
  const [recorded] = await withRecorder(project, (recorder) => recordEvidence([signed], recorder));
  return recorded;
}
