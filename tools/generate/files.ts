import { holdfastJsonSchema } from '@holdfast/contracts';
import { predicateJsonSchemas } from '@holdfast/evidence/predicates/json-schema';
import { checkRegistry } from '@holdfast/pipeline/check-registry';
import { entityTypes } from '@holdfast/recognisers';
import { allowNothing } from '@holdfast/scan/allow-list';
import { judgeFor } from '@holdfast/scan/callables/judge-for';
import { tableColumnsSchema } from '@holdfast/trials/tables/columns-schema';
import { globalOptions } from '../../packages/cli/src/command.ts';
import { commands } from '../../packages/cli/src/command-table.ts';
import { errorRegistries } from '../error-registries.ts';
import { checksPage } from './checks-page.ts';
import { cliPage } from './cli-page.ts';
import { entitiesPage } from './entities-page.ts';
import { errorsPage } from './errors-page.ts';
import { holdfastYamlPage } from './holdfast-yaml-page.ts';

const schemaFile = 'spec/holdfast.schema.json';
const schemaId = 'https://holdfast.dev/holdfast.schema.json';

/** Every file that is written from sources, by its path from the root. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const schema = holdfastJsonSchema(schemaId);
  return new Map([
    ['docs/errors.md', errorsPage(await errorRegistries())],
    ['docs/reference/cli.md', cliPage(commands, globalOptions)],
    ['docs/reference/holdfast-yaml.md', holdfastYamlPage(schema, schemaFile)],
    ['docs/reference/checks.md', checksPage(checkRegistry)],
    ['docs/reference/entities.md', entitiesPage(entityTypes)],
    ['packages/scan/src/callables/generated/allowlist-digest.ts', allowlistDigest()],
    [schemaFile, json(schema)],
    ['spec/table-columns.schema.json', json(tableColumnsSchema)],
    ...predicateSchemas(),
  ]);
}

/** A constant, so that naming the allowlist does not load it. */
function allowlistDigest(): string {
  return `// Written by \`npm run generate\` from the allowlist.
/** SHA-256 of the allowlist that comes with the scanner, in hex. */
export const allowlistDigest = '${judgeFor(allowNothing).digest}';
`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** spec/predicates/NAME.schema.json, for each predicate type of ours. */
function predicateSchemas(): [string, string][] {
  return Object.entries(predicateJsonSchemas()).map(([name, schema]) => [
    `spec/predicates/${name}.schema.json`,
    json(schema),
  ]);
}
