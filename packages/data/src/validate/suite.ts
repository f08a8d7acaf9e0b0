import { DataError } from '../errors.ts';
import { parsePythonJson } from './parse-json.ts';

/** What the expectations of a suite may weigh: GX 1.x has three severities, and older suites none, which are all critical. */
export type SuiteSeverity = 'critical' | 'warning' | 'info';

/** One sentence about the data that has to hold. */
export interface ExpectationRequest {
  /** `expect_column_values_to_be_between` */
  readonly type: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly severity: SuiteSeverity;
  /** Its place in the suite, from 1. */
  readonly position: number;
}

export interface Suite {
  readonly name: string;
  readonly expectations: readonly ExpectationRequest[];
  /** What `{"$PARAMETER": "name"}` stands for where nobody says otherwise. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Expectations that a suite may have, and characters of its text. */
const mostExpectations = 10_000;
const mostCharacters = 64 * 2 ** 20;

/**
 * Reads a suite of Great Expectations as it is stored, of version 0.11 and later: `expectation_type` or `type`,
 * `expectation_suite_name` or `name`, `evaluation_parameters` or `suite_parameters`.
 *
 * @throws DataError HF_DATA_SUITE
 */
export function parseSuite(text: string): Suite {
  if (text.length > mostCharacters) refuse(`it has more than ${mostCharacters} characters`);
  const suite = record(parsed(text), 'the suite');
  const listed = suite['expectations'];
  if (!Array.isArray(listed)) refuse('`expectations` is no list');
  if (listed.length > mostExpectations) refuse(`it has more than ${mostExpectations} expectations`);
  const name = suite['name'] ?? suite['expectation_suite_name'] ?? 'suite';
  return {
    name: typeof name === 'string' ? name : refuse('its name is no text'),
    expectations: (listed as unknown[]).map((each, index) => request(each, index + 1)),
    parameters: record(suite['suite_parameters'] ?? suite['evaluation_parameters'] ?? {}, '`suite_parameters`'),
  };
}

function parsed(text: string): unknown {
  try {
    return parsePythonJson(text);
  } catch (cause) {
    throw new DataError('HF_DATA_SUITE', 'the suite is no JSON', { cause });
  }
}

function request(given: unknown, position: number): ExpectationRequest {
  const place = `expectation ${position}`;
  const fields = record(given, place);
  const type = fields['type'] ?? fields['expectation_type'];
  if (typeof type !== 'string') refuse(`${place} has no \`type\``);
  return {
    type,
    kwargs: record(fields['kwargs'] ?? {}, `\`kwargs\` of ${place}`),
    severity: severityOf(fields['severity'] ?? 'critical', place),
    position,
  };
}

function severityOf(given: unknown, place: string): SuiteSeverity {
  if (given === 'critical' || given === 'warning' || given === 'info') return given;
  return refuse(`the severity of ${place} is none of critical, warning and info`);
}

function record(given: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Record<string, unknown>;
  return refuse(`${what} is no object`);
}

function refuse(why: string): never {
  throw new DataError('HF_DATA_SUITE', `the suite cannot be read: ${why}`);
}
