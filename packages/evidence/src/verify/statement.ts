import { EvidenceError } from '../errors.ts';
import { type Statement, type Subject, statementPayloadType, statementType } from '../statement.ts';

const maximumSubjects = 100_000;
const maximumDepth = 64;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withinDepth(value: unknown, depth: number): boolean {
  if (depth < 0) return false;
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every((inner) => withinDepth(inner, depth - 1));
}

function isSubject(value: unknown): value is Subject {
  if (!isRecord(value)) return false;
  const { name, digest } = value;
  if (name !== undefined && (typeof name !== 'string' || name.length > 4096)) return false;
  if (!isRecord(digest)) return false;
  const digests = Object.entries(digest);
  return (
    digests.length > 0 &&
    digests.length <= 16 &&
    digests.every(
      ([algorithm, hex]) => algorithm.length <= 64 && typeof hex === 'string' && /^[0-9a-f]{32,256}$/.test(hex),
    )
  );
}

/**
 * Reads the signed payload as an in-toto Statement v1.
 *
 * @throws EvidenceError HF_STATEMENT_FORMAT
 */
export function parseStatement(payloadType: string, payload: Uint8Array): Statement {
  if (payloadType !== statementPayloadType) {
    throw new EvidenceError('HF_STATEMENT_FORMAT', `the payload type is \`${payloadType.slice(0, 80)}\``);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch (cause) {
    throw new EvidenceError('HF_STATEMENT_FORMAT', 'the payload is not JSON in UTF-8', { cause });
  }
  if (!isRecord(value) || value['_type'] !== statementType || !withinDepth(value, maximumDepth)) {
    throw new EvidenceError('HF_STATEMENT_FORMAT', 'the payload is not an in-toto Statement v1');
  }
  const { subject, predicateType, predicate } = value;
  if (
    !Array.isArray(subject) ||
    subject.length === 0 ||
    subject.length > maximumSubjects ||
    !subject.every(isSubject)
  ) {
    throw new EvidenceError('HF_STATEMENT_FORMAT', 'the statement names no subject by digest');
  }
  if (typeof predicateType !== 'string' || predicateType.length > 512) {
    throw new EvidenceError('HF_STATEMENT_FORMAT', 'the statement has no predicate type');
  }
  return { _type: statementType, subject, predicateType, predicate };
}
