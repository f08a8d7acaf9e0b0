import { EvidenceError } from '@holdfast/evidence/errors';
import type { EvidenceView } from '@holdfast/evidence/view';

/**
 * Refuses to build on a ledger in which something does not verify.
 *
 * @throws EvidenceError with the code of the first problem
 */
export function requireSound(view: EvidenceView): void {
  const [first] = view.broken;
  if (first === undefined) return;
  const more = view.broken.length === 1 ? '' : ` (and ${view.broken.length - 1} more)`;
  throw new EvidenceError(first.code, `${first.message}${more}`, { where: `ledger entry ${first.index}` });
}
