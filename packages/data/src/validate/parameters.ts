import { refuse } from './parameters/evaluate.ts';
import { parameterValue } from './parameters/expression.ts';

/** Objects and lists within each other. */
const deepest = 100;

/**
 * Puts in place of `{"$PARAMETER": "low + 1"}` what it stands for, at any depth. Where it says so itself, as suites of GX 0.x
 * may (`"$PARAMETER.low": 3` beside it), that counts before `parameters`.
 *
 * @throws DataError HF_DATA_SUITE where nobody says what it stands for, or it cannot be worked out
 */
export function withParameters(
  kwargs: Readonly<Record<string, unknown>>,
  parameters: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return replaced(kwargs, parameters, 0) as Readonly<Record<string, unknown>>;
}

function replaced(value: unknown, parameters: Readonly<Record<string, unknown>>, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) refuse('its arguments are too deep');
  if (Array.isArray(value)) return value.map((each) => replaced(each, parameters, depth + 1));
  const fields = value as Readonly<Record<string, unknown>>;
  const expression = fields['$PARAMETER'];
  if (expression === undefined)
    return Object.fromEntries(
      Object.entries(fields).map(([key, each]) => [key, replaced(each, parameters, depth + 1)]),
    );
  if (typeof expression !== 'string') return refuse(`\`${JSON.stringify(expression)}\` is no text`);
  const own = `$PARAMETER.${expression}`;
  const given = Object.hasOwn(fields, own) ? fields[own] : parameterValue(expression, parameters);
  return given === undefined ? refuse(`\`${expression}\` stands for nothing`) : given;
}
