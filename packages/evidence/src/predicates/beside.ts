import { z } from 'zod';
import type { JsonSchema } from '../check.ts';
import { EvidenceError } from '../errors.ts';
import { rolesFor } from '../roles.ts';
import { type PredicateName, predicateSchemas } from './parse.ts';
import { predicateTypes } from './types.ts';

/**
 * The predicate that a check states beside its report, as it is signed: of a type that checkers, and nobody else, have a say
 * in. The key of a checker must not be lent to a check for an approval or a decision.
 *
 * @throws EvidenceError HF_REPORT_FORMAT
 */
export function besidePredicate(
  check: string,
  { predicateType, predicate }: { readonly predicateType: string; readonly predicate: JsonSchema },
): object {
  const name = (Object.keys(predicateSchemas) as PredicateName[]).find(
    (each) => predicateTypes[each] === predicateType,
  );
  const roles = rolesFor[predicateType] ?? [];
  if (name === undefined || name === 'check' || roles.some((role) => role !== 'checker')) {
    throw new EvidenceError('HF_REPORT_FORMAT', `\`${check}\` states what is not for a check to say: ${predicateType}`);
  }
  const parsed = predicateSchemas[name].safeParse(predicate);
  if (parsed.success) return parsed.data;
  throw new EvidenceError(
    'HF_REPORT_FORMAT',
    `what \`${check}\` states is malformed: ${z.prettifyError(parsed.error)}`,
  );
}
