import { Ajv, type ErrorObject } from 'ajv';
import { DataError } from '../../errors.ts';
import { isMethod, methodNames, methodOf } from '../methods/methods.ts';
import { boundedYaml } from './bounded-yaml.ts';
import type { ColumnPlan, OnFailure, Plan } from './plan.ts';

/** Bytes of a plan. */
export const largestPlan = 2 ** 20;
/** Columns of a plan. */
const mostColumns = 10_000;
const longestName = 1000;

const onFailure = { enum: ['redact', 'fail'] } as const;

const planSchema = {
  type: 'object',
  required: ['version', 'columns'],
  additionalProperties: false,
  properties: {
    version: { const: 1 },
    others: { enum: ['refuse', 'keep', 'drop', 'redact'], default: 'refuse' },
    onFailure: { ...onFailure, default: 'redact' },
    keyId: { type: 'string', pattern: '^[0-9a-f]{16}$' },
    columns: { type: 'object', minProperties: 1, maxProperties: mostColumns },
  },
} as const;

const ajv = new Ajv({ useDefaults: true, strict: true, allowUnionTypes: true });
const isPlan = ajv.compile<Omit<Plan, 'columns'> & { readonly columns: Readonly<Record<string, unknown>> }>(planSchema);
const isOfMethod = new Map(
  methodNames.map((name) => {
    const { properties, required = [] } = methodOf(name).parameters;
    const schema = { type: 'object', required, properties: { onFailure, ...properties }, additionalProperties: false };
    return [name, ajv.compile<Record<string, unknown>>(schema)];
  }),
);

/**
 * A plan of YAML 1.2 or JSON: `version: 1`, and for every column the name of a method, or an object with `method` and its parameters.
 * No message holds a value of the file: somebody may have written a key there.
 *
 * @throws DataError HF_DATA_MASK_PLAN
 */
export function parsePlan(text: string): Plan {
  const given = boundedYaml(text, largestPlan, 'the plan');
  if (!isPlan(given)) throw refused(said('the plan', isPlan.errors?.[0]));
  const { columns, ...rest } = given;
  const planned = Object.entries(columns).map(([name, column]): [string, ColumnPlan] => {
    if (name === '' || name.length > longestName)
      throw refused(`the name of a column is empty, or longer than ${longestName}`);
    return [name, columnPlan(name, column, rest.onFailure)];
  });
  return { ...rest, columns: new Map(planned) };
}

function columnPlan(name: string, given: unknown, otherwise: OnFailure): ColumnPlan {
  const about = `the plan for \`${name}\``;
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  const { method, ...parameters } = isObject ? (given as Record<string, unknown>) : { method: given };
  if (!isMethod(method)) {
    throw refused(`${about} names no method that is known`, `the methods are ${methodNames.join(', ')}`);
  }
  const validate = isOfMethod.get(method);
  if (validate?.(parameters) !== true) throw refused(said(about, validate?.errors?.[0]));
  const { onFailure: own = otherwise, ...others } = parameters;
  return { method, parameters: others, onFailure: own as OnFailure };
}

function said(about: string, error: ErrorObject | undefined): string {
  const { instancePath = '', keyword = '', params = {}, message = 'is not understood' } = error ?? {};
  const odd = params as Record<string, unknown>;
  const path = instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'required') return `${about} does not say \`${String(odd['missingProperty'])}\``;
  if (keyword === 'additionalProperties') {
    return `${about} says \`${String(odd['additionalProperty']).slice(0, 40)}\`, which is not known`;
  }
  const among = keyword === 'enum' ? `: ${(odd['allowedValues'] as readonly unknown[]).join(', ')}` : '';
  return path === '' ? `${about} ${message}` : `${about} is not understood: \`${path}\` ${message}${among}`;
}

const refused = (message: string, fix?: string): DataError =>
  new DataError('HF_DATA_MASK_PLAN', message, fix === undefined ? {} : { fix });
