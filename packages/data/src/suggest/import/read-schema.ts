import { parse as parseYaml } from 'yaml';
import { DataError } from '../../errors.ts';
import type { SuggestedSuite } from '../suggestion.ts';
import { frictionlessSuite } from './frictionless.ts';
import { type Fields, fieldsOf, refuse } from './given.ts';
import { panderaSuite } from './pandera.ts';

/** Characters of a schema. */
const mostCharacters = 4 * 2 ** 20;

/**
 * The expectations that a schema of somebody else stands for: a Table Schema of Frictionless Data (v1, v2; also as the `schema`
 * of a resource), or what pandera writes. Known by what is in it, not by the name of the file.
 *
 * @throws DataError HF_DATA_SCHEMA
 */
export function schemaSuite(text: string): SuggestedSuite {
  const given = fieldsOf(parsed(text), 'the schema');
  const schema: Fields =
    given['fields'] === undefined && given['schema'] !== undefined ? fieldsOf(given['schema'], '`schema`') : given;
  const isPandera = schema['schema_type'] !== undefined;
  if (isPandera === (schema['fields'] !== undefined))
    refuse('it is neither a Table Schema (with `fields`) nor a pandera schema (with `schema_type`)');
  return isPandera ? panderaSuite(schema) : frictionlessSuite(schema);
}

/** JSON is YAML too, but has its own parser, which takes no more than JSON. */
function parsed(text: string): unknown {
  if (text.length > mostCharacters) refuse(`it has more than ${mostCharacters} characters`);
  try {
    if (/^\s*\{/.test(text)) return JSON.parse(text);
    return parseYaml(text, { schema: 'core', uniqueKeys: true, maxAliasCount: 0, customTags: [], logLevel: 'silent' });
  } catch (cause) {
    throw new DataError('HF_DATA_SCHEMA', 'the schema is neither JSON nor YAML; Python code is never run', { cause });
  }
}
