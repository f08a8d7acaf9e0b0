import { code, page, sentence, table } from './markdown.ts';

/** The parts of JSON Schema (draft 2020-12) that the schema of `holdfast.yaml` uses. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

interface Key {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** docs/reference/holdfast-yaml.md, from the JSON Schema of the file. */
export function holdfastYamlPage(schema: Readonly<Record<string, unknown>>, schemaFile: string): string {
  const top = schema as Schema;
  const keys = keysOf(top, '');
  const big = keys.filter(({ schema: inner }) => inner.type === 'object');
  return page(
    '# holdfast.yaml',
    'The configuration of a project. Unknown keys are errors, named with line and column. Paths are relative to the project ' +
      'and stay inside it. Durations are a whole number and a unit of `s m h d w y`; sizes a whole number and a unit of ' +
      '`B kB MB GB TB KiB MiB GiB TiB`.',
    `Editors complete and check it with [${schemaFile.split('/').at(-1) ?? ''}](../../${schemaFile}): a first line of ` +
      '`# yaml-language-server: $schema=…` names it.',
    keyTable(keys),
    ...big.flatMap(({ name, schema: inner }) => sectionOf(name, inner)),
  );
}

function sectionOf(name: string, schema: Schema): string[] {
  const entry = entryOf(schema);
  const inner = entry ?? schema;
  const keys = keysOf(inner, '');
  return [
    `## ${name}`,
    [sentence(schema.description ?? ''), entry === undefined ? '' : 'A mapping from names to:'].join(' ').trim(),
    keys.length > 0 ? keyTable(keys) : typeWords(inner),
  ];
}

/** The value of a mapping from names, or nothing when the keys are fixed. */
function entryOf({ additionalProperties }: Schema): Schema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** The fixed keys of a mapping; those of a mapping inside it follow it, as `sandbox.memory`. */
function keysOf({ properties = {}, required = [] }: Schema, prefix: string): Key[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const key = { name: `${prefix}${name}`, schema, required: required.includes(name) };
    return prefix === '' && entryOf(schema) !== undefined ? [key] : [key, ...innerKeys(key)];
  });
}

function innerKeys({ name, schema }: Key): Key[] {
  const list = schema.items;
  if (schema.type === 'array' && list?.properties !== undefined) return keysOf(list, `${name}[].`);
  const entries = (schema.anyOf ?? []).flatMap((choice) => entryOf(choice) ?? []);
  if (entries.length > 0) return entries.flatMap((entry) => keysOf(entry, `${name}.NAME.`));
  return schema.properties === undefined ? [] : keysOf(schema, `${name}.`);
}

function keyTable(keys: readonly Key[]): string {
  const rows = keys.map(({ name, schema, required }) => [
    code(name),
    typeWords(schema),
    required ? 'required' : defaultWords(schema),
    sentence(schema.description ?? ''),
  ]);
  return table(['key', 'value', 'default', ''], rows);
}

function defaultWords({ default: value }: Schema): string {
  if (value === undefined) return '';
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return isEmpty ? 'empty' : code(JSON.stringify(value).replaceAll('"', ''));
}

/** What may stand there, in words. */
function typeWords(schema: Schema): string {
  if (schema.const !== undefined) return code(JSON.stringify(schema.const).replaceAll('"', ''));
  if (schema.enum !== undefined)
    return schema.enum.map((value) => code(JSON.stringify(value).replaceAll('"', ''))).join(', ');
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeWords))].join(', or ');
  if (schema.type === 'array') return `list of ${schema.items === undefined ? 'anything' : typeWords(schema.items)}`;
  if (schema.type !== 'object') return kindOfText(schema);
  const entry = entryOf(schema);
  return entry === undefined ? 'mapping' : `mapping from names to ${typeWords(entry)}`;
}

function kindOfText({ type, pattern }: Schema): string {
  if (type === 'string' && pattern?.includes('[smhdwy]') === true) return 'duration';
  if (type === 'string' && pattern?.includes('KiB') === true) return 'size';
  if (type === 'string' && pattern?.startsWith('^(?!/)') === true) return 'path';
  return (
    { string: 'text', number: 'number', integer: 'whole number', boolean: 'true or false' }[type ?? ''] ?? 'anything'
  );
}
