import { Ajv, type ErrorObject } from 'ajv';
import { DataError } from './errors.ts';

/**
 * The options of a check, held against its JSON Schema, with what the schema says where nothing was given. Of what type they
 * are is the schema's to say: the caller names it (`as unknown as DriftOptions`).
 *
 * @throws DataError HF_DATA_OPTIONS
 */
export function readOptions(schema: object, given: unknown): Readonly<Record<string, unknown>> {
  const ajv = new Ajv({ useDefaults: true, strict: true, allowUnionTypes: true });
  const validate = ajv.compile(schema);
  const options: unknown = structuredClone(given ?? {});
  if (validate(options)) return options as Readonly<Record<string, unknown>>;
  throw new DataError('HF_DATA_OPTIONS', said(validate.errors?.[0]));
}

function said(error: ErrorObject | undefined): string {
  if (error === undefined) return 'the options are not understood';
  const { instancePath, keyword, params, message = 'is not understood' } = error;
  const name = instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'additionalProperties') return `the option \`${String(params['additionalProperty'])}\` is not known`;
  if (keyword === 'required') return `the option \`${String(params['missingProperty'])}\` is missing`;
  const among = keyword === 'enum' ? `: ${(params['allowedValues'] as unknown[]).join(', ')}` : '';
  return `the option \`${name}\` ${message}${among}`;
}
