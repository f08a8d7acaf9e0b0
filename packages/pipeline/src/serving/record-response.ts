import type { GatewayResponse, GatewayTuning } from '@holdfast/evidence';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import type { RecordedEvidence } from '@holdfast/evidence/record';
import { statementOf } from '@holdfast/evidence/statement';
import type { NamedArtifact } from '../artifacts.ts';
import type { Project } from '../project.ts';
import { recordStatement } from './record-serving.ts';

type About = Pick<NamedArtifact, 'path' | 'digest'>;

/** Puts on record that a caller of a model, or everybody, is answered otherwise from now on. */
export async function recordGatewayResponse(
  project: Project,
  { path, digest }: About,
  response: GatewayResponse,
  key?: string,
): Promise<RecordedEvidence | undefined> {
  const statement = statementOf(
    predicateTypes.gatewayResponse,
    [{ name: path, digest: { ...digest.digests } }],
    response,
  );
  return recordStatement(project, statement, key, ['builder', 'checker', 'approver']);
}

/** Puts on record that a gateway acts on more, or on fewer points than before. */
export async function recordGatewayTuning(
  project: Project,
  { path, digest }: About,
  tuning: GatewayTuning,
  key?: string,
): Promise<RecordedEvidence | undefined> {
  const statement = statementOf(predicateTypes.gatewayTuning, [{ name: path, digest: { ...digest.digests } }], tuning);
  return recordStatement(project, statement, key);
}
