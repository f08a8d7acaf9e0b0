import { EvidenceError } from '@holdfast/evidence/errors';
import type { ReadEvidence } from '@holdfast/evidence/predicates/parse';
import type { EvidenceView } from '@holdfast/evidence/view';
import { withoutDots } from './short-hex.ts';

/** The piece of evidence whose id begins so. @throws EvidenceError HF_EVIDENCE_NOT_FOUND, or what is wrong with it */
export function findEvidence(view: EvidenceView, pasted: string): ReadEvidence {
  const prefix = withoutDots(pasted);
  const matches = (piece: { readonly id: string }): boolean => prefix.length >= 4 && piece.id.startsWith(prefix);
  const bad = [...view.broken, ...view.ignored].find(matches);
  if (bad !== undefined) throw new EvidenceError(bad.code, bad.message, { where: `ledger entry ${bad.index}` });
  const [found, ...more] = view.evidence.filter(matches);
  if (found !== undefined && more.length === 0) return found;
  const many = more.length > 0 ? `${more.length + 1} pieces of evidence begin with` : 'no evidence is called';
  throw new EvidenceError('HF_EVIDENCE_NOT_FOUND', `${many} \`${prefix.slice(0, 64)}\``);
}
