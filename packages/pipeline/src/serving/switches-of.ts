import { evidenceAs } from '@holdfast/evidence/predicates/parse';
import type { Switch } from '@holdfast/evidence/predicates/switch';
import { sameDigests } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';

/** A switch of a candidate, and its place in the ledger. */
export interface RecordedSwitch extends Pick<Switch, 'environment' | 'route' | 'weight'> {
  readonly index: number;
}

/** Every switch about these bytes, the oldest first. */
export function switchesOf(view: EvidenceView, digests: Readonly<Record<string, string>>): readonly RecordedSwitch[] {
  return view.evidence.flatMap((piece) => {
    const read = evidenceAs('switch', piece);
    if (read?.statement.subject.some(({ digest }) => sameDigests(digest, digests)) !== true) return [];
    const { environment, route, weight } = read.statement.predicate;
    return [{ index: piece.index, environment, route, weight }];
  });
}
