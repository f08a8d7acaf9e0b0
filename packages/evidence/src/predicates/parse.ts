import { z } from 'zod';
import { EvidenceError } from '../errors.ts';
import type { VerifiedEvidence } from '../verify/evidence.ts';
import { accessSchema } from './access.ts';
import { approvalSchema } from './approval.ts';
import { checkSchema } from './check.ts';
import { columnLineageSchema } from './column-lineage.ts';
import { datasetProfileSchema } from './dataset-profile.ts';
import { decisionSchema } from './decision.ts';
import { gatewayAlertSchema } from './gateway-alert.ts';
import { gatewayResponseSchema, gatewayTuningSchema } from './gateway-response.ts';
import { keyEventSchema } from './key-event.ts';
import { quarantineSchema } from './quarantine.ts';
import { releaseSchema } from './release.ts';
import { requestLogSchema } from './request-log.ts';
import { runSchema } from './run.ts';
import { servingSchema } from './serving.ts';
import { suspectRowsSchema } from './suspect-rows.ts';
import { switchSchema } from './switch.ts';
import { predicateTypes } from './types.ts';
import { withdrawalSchema } from './withdrawal.ts';

/** The schema of every predicate that Holdfast reads, by the short name that it has in `predicateTypes`. */
export const predicateSchemas = {
  run: runSchema,
  check: checkSchema,
  datasetProfile: datasetProfileSchema,
  columnLineage: columnLineageSchema,
  quarantine: quarantineSchema,
  suspectRows: suspectRowsSchema,
  approval: approvalSchema,
  withdrawal: withdrawalSchema,
  keyEvent: keyEventSchema,
  decision: decisionSchema,
  access: accessSchema,
  requestLog: requestLogSchema,
  serving: servingSchema,
  gatewayAlert: gatewayAlertSchema,
  switch: switchSchema,
  release: releaseSchema,
  gatewayResponse: gatewayResponseSchema,
  gatewayTuning: gatewayTuningSchema,
} as const;

export type PredicateName = keyof typeof predicateSchemas;
export type PredicateOf<Name extends PredicateName> = z.infer<(typeof predicateSchemas)[Name]>;

/** Verified evidence whose predicate has been read against the schema of its type. */
export interface ReadEvidence<Predicate = unknown> extends VerifiedEvidence<Predicate> {
  /** Short name of the predicate type; `other` for one that Holdfast passes on unread. */
  readonly kind: PredicateName | 'other';
}

/**
 * Reads the predicate of verified evidence.
 *
 * @throws EvidenceError HF_STATEMENT_FORMAT when the content is not what its type asks for; for a key event
 *   HF_KEY_EVENT_CHAIN and for a withdrawal, a quarantine or a switch HF_EVIDENCE_GAP, because what they take away must not be overlooked
 */
export function readEvidence(evidence: VerifiedEvidence): ReadEvidence {
  const { statement } = evidence;
  const kind = (Object.keys(predicateSchemas) as PredicateName[]).find(
    (name) => predicateTypes[name] === statement.predicateType,
  );
  if (kind === undefined) return { ...evidence, kind: 'other' };
  const parsed = predicateSchemas[kind].safeParse(statement.predicate);
  if (parsed.success) return { ...evidence, kind, statement: { ...statement, predicate: parsed.data } };
  const problem = z.prettifyError(parsed.error).split('\n')[0] ?? '';
  throw new EvidenceError(
    unreadable[kind] ?? 'HF_STATEMENT_FORMAT',
    `entry ${evidence.index} is not a ${kind}: ${problem}`,
  );
}

const unreadable: Partial<Record<PredicateName, 'HF_KEY_EVENT_CHAIN' | 'HF_EVIDENCE_GAP'>> = {
  keyEvent: 'HF_KEY_EVENT_CHAIN',
  withdrawal: 'HF_EVIDENCE_GAP',
  quarantine: 'HF_EVIDENCE_GAP',
  switch: 'HF_EVIDENCE_GAP',
};

/**
 * The evidence as one of a kind, or `undefined` when it is of another.
 *
 * @example
 * ```ts
 * import { type EvidenceView, evidenceAs } from '@holdfast/evidence';
 * const commands = (view: EvidenceView) =>
 *   view.evidence.map((piece) => evidenceAs('run', piece)?.statement.predicate.buildDefinition.externalParameters.command);
 * ```
 */
export function evidenceAs<Name extends PredicateName>(
  name: Name,
  evidence: ReadEvidence,
): ReadEvidence<PredicateOf<Name>> | undefined {
  return evidence.kind === name ? (evidence as ReadEvidence<PredicateOf<Name>>) : undefined;
}
