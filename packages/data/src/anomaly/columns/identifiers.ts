import { type ColumnFacts, fewest } from './column-facts.ts';

/** How a name says that a column tells rows apart; words as they stand in `customer_id`, `caseNumber`, `UUID`. */
const naming =
  /(?:^|[_\s.-])(?:id|ids|key|uuid|guid|pk|rowid|index|idx|hash|ssn|email|e-mail|number|no|nr|num)$|(?:^|[a-z])(?:Id|ID|Key|Uuid|UUID|Number|No)$|^(?:id|key|uuid|guid|index|rowid|row|email|ssn)(?:$|[_\s.-])|^unnamed(?:$|[_:\s])/;

/** Why a column is taken for one that tells rows apart. */
export interface IdentifierSign {
  /** By its name, by the order of its values, or because it is a short text that nearly every row has for itself. */
  readonly kind: 'name' | 'order' | 'text';
  readonly why: string;
}

/** @param longText characters from which a text is a document, and no name of a row */
export function identifierSign(facts: ColumnFacts, longText: number): IdentifierSign | undefined {
  const { column, present, distinct, isMonotone, length } = facts;
  const isKindOf = ['integer', 'text', 'bytes'].includes(column.type);
  if (!isKindOf || present < fewest || distinct < 0.95 * present) return undefined;
  if (naming.test(column.name) || naming.test(column.name.toLowerCase()))
    return { kind: 'name', why: 'its name says so' };
  if (isMonotone) return { kind: 'order', why: 'it only rises or falls from row to row' };
  const isShort = column.type === 'text' && length < longText;
  return isShort ? { kind: 'text', why: 'it is a text that nearly every row has for itself' } : undefined;
}
