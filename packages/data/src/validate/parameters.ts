import { DataError } from '../errors.ts';

/**
 * Puts in place of `{"$PARAMETER": "name"}` what the name stands for, at any depth.
 *
 * @throws DataError HF_DATA_SUITE where nobody says what it stands for
 */
export function withParameters(
  kwargs: Readonly<Record<string, unknown>>,
  parameters: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return replaced(kwargs, parameters) as Readonly<Record<string, unknown>>;
}

function replaced(value: unknown, parameters: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) return value.map((each) => replaced(each, parameters));
  if (typeof value !== 'object' || value === null) return value;
  const name = (value as Record<string, unknown>)['$PARAMETER'];
  if (name === undefined) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaced(each, parameters)]));
  }
  if (typeof name === 'string' && Object.hasOwn(parameters, name)) return parameters[name];
  throw new DataError('HF_DATA_SUITE', `nothing says what the parameter \`${JSON.stringify(name)}\` stands for`);
}
