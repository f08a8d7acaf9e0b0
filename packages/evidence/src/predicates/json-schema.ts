import { z } from 'zod';
import type { JsonSchema } from '../check.ts';
import { predicateSchemas } from './parse.ts';
import { predicateTypes } from './types.ts';

/** Name of the schema's file in `spec/predicates`, without `.schema.json`. */
export type PredicateSchemaName =
  | 'run'
  | 'check'
  | 'dataset-profile'
  | 'column-lineage'
  | 'suspect-rows'
  | 'approval'
  | 'withdrawal'
  | 'key-event'
  | 'decision'
  | 'access'
  | 'quarantine'
  | 'request-log'
  | 'serving'
  | 'switch'
  | 'release'
  | 'gateway-response'
  | 'gateway-tuning'
  | 'gateway-alert';

const sources = {
  run: 'run',
  check: 'check',
  'dataset-profile': 'datasetProfile',
  'column-lineage': 'columnLineage',
  'suspect-rows': 'suspectRows',
  approval: 'approval',
  withdrawal: 'withdrawal',
  'key-event': 'keyEvent',
  decision: 'decision',
  access: 'access',
  quarantine: 'quarantine',
  'request-log': 'requestLog',
  serving: 'serving',
  'gateway-alert': 'gatewayAlert',
  switch: 'switch',
  release: 'release',
  'gateway-response': 'gatewayResponse',
  'gateway-tuning': 'gatewayTuning',
} as const satisfies Record<PredicateSchemaName, keyof typeof predicateSchemas>;

/**
 * The JSON Schema (draft 2020-12) of every predicate that Holdfast reads, by the name of its file. A schema says what
 * the verifier demands; a run or a decision, which are SLSA's, may hold more.
 *
 * @param base where the schemas are published, with a final slash
 * @example
 * ```ts
 * import { predicateJsonSchemas } from '@holdfast/evidence/predicates/json-schema';
 * for (const [name, schema] of Object.entries(predicateJsonSchemas())) {
 *   console.assert(schema['$id'] === `https://holdfast.dev/predicates/${name}.schema.json`);
 * }
 * ```
 */
export function predicateJsonSchemas(
  base = 'https://holdfast.dev/predicates/',
): Readonly<Record<PredicateSchemaName, JsonSchema>> {
  const names = Object.keys(sources) as PredicateSchemaName[];
  const schemas = names.map((name) => [name, schemaOf(name, `${base}${name}.schema.json`)] as const);
  return Object.fromEntries(schemas) as Record<PredicateSchemaName, JsonSchema>;
}

function schemaOf(name: PredicateSchemaName, id: string): JsonSchema {
  const source = sources[name];
  const { $schema, ...schema } = z.toJSONSchema(predicateSchemas[source], { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: id, title: `Predicate of ${predicateTypes[source]}`, ...schema };
}
