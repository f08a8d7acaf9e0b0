import type { GatewayResponse, GatewayTuning } from '@holdfast/evidence';
import { evidenceAs } from '@holdfast/evidence/predicates/parse';
import { sameDigests } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import type { NamedArtifact } from '../artifacts.ts';

/** What evidence says of how a model's callers are answered, at its place in the ledger. */
export type RecordedResponse =
  | { readonly index: number; readonly kind: 'response'; readonly response: GatewayResponse }
  | { readonly index: number; readonly kind: 'tuning'; readonly tuning: GatewayTuning };

/** All of it about these bytes of a model, the older first. */
export function recordedResponses(view: EvidenceView, { digest }: Pick<NamedArtifact, 'digest'>): RecordedResponse[] {
  const of = { ...digest.digests };
  return view.evidence.flatMap((piece): RecordedResponse[] => {
    const { index } = piece;
    if (!piece.statement.subject.some((subject) => sameDigests(subject.digest, of))) return [];
    const response = evidenceAs('gatewayResponse', piece)?.statement.predicate;
    if (response !== undefined) return [{ index, kind: 'response', response }];
    const tuning = evidenceAs('gatewayTuning', piece)?.statement.predicate;
    return tuning === undefined ? [] : [{ index, kind: 'tuning', tuning }];
  });
}
