import { evidenceAs } from '@holdfast/evidence/predicates/parse';
import { type DigestSet, sameDigests } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';

/** What quarantines say about some bytes: what they were taken out of, what is left, or what was set aside. */
export interface QuarantineNote {
  readonly role: 'from' | 'kept' | 'setAside';
  /** The data set that rows were taken out of. */
  readonly from: string;
  readonly rows: number;
  readonly setAside: number;
  readonly evidence: string;
}

/** The newest note of each role about an artifact. */
export function quarantineNotes(digest: DigestSet, { evidence }: EvidenceView): readonly QuarantineNote[] {
  const notes = new Map<QuarantineNote['role'], QuarantineNote>();
  for (const piece of evidence) {
    const found = evidenceAs('quarantine', piece);
    if (found === undefined) continue;
    const { subject, predicate } = found.statement;
    const { from, kept, setAside } = predicate;
    const about = { from: from.name, rows: from.rows, setAside: setAside.rows, evidence: piece.id };
    const isAside = subject.some((each) => sameDigests(each.digest, digest));
    if (isAside) notes.set('setAside', { role: 'setAside', ...about });
    if (sameDigests(kept.digest, digest)) notes.set('kept', { role: 'kept', ...about });
    if (sameDigests(from.digest, digest)) notes.set('from', { role: 'from', ...about });
  }
  return [...notes.values()];
}
