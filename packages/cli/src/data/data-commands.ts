import { dataChecks } from '@holdfast/data/check';
import type { CheckDescription, JsonSchema } from '@holdfast/evidence/check';
import type { CommandDescription, CommandOption } from '../command.ts';
import { pageFlags } from './page-flags.ts';

function commandOf(check: CheckDescription): CommandDescription {
  const { properties, required } = schemaOf(check.options);
  const demanded = required.map(
    (name) => ` --${flagName(name)} ${placeholder(name, properties[name] ?? {}, check.inputs)}`,
  );
  return {
    name: check.name.replace('.', ' '),
    usage: `PATH${demanded.join('')} [OPTIONS]`,
    summary: `${check.title.charAt(0).toLowerCase()}${check.title.slice(1)}`,
    arguments: [1, 1],
    options: { ...optionsOf(check.options, check.inputs), ...pageFlags[check.name] },
    load: async () => {
      const { dataCommand } = await import('./data-command.ts');
      return { run: dataCommand(check) };
    },
  };
}

/** The part of a JSON Schema that flags are made of. */
export interface Property {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
}

/** The options of a check and which of them have to be given. */
export function schemaOf(options: JsonSchema): {
  readonly properties: Readonly<Record<string, Property>>;
  readonly required: readonly string[];
} {
  const { properties = {}, required = [] } = options as {
    readonly properties?: Readonly<Record<string, Property>>;
    readonly required?: readonly string[];
  };
  return { properties, required };
}

/** `maxRows` → `max-rows` */
export const flagName = (option: string): string => option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The options of a check as flags; those of `inputs` name files. */
export function optionsOf(schema: JsonSchema, inputs?: readonly string[]): Record<string, CommandOption> {
  const { properties } = schemaOf(schema);
  const flags = Object.entries(properties).flatMap(([name, property]): [string, CommandOption][] => {
    const flag = flagName(name);
    const opposite: CommandOption = { type: 'boolean', summary: `the opposite of \`--${flag}\`` };
    const said: [string, CommandOption] = [flag, optionOf(name, property, inputs)];
    return saysBoth(property) ? [said, [`no-${flag}`, opposite]] : [said];
  });
  return Object.fromEntries(flags);
}

/** Whether a flag may also be said not to hold, because leaving it out means something else. */
export const saysBoth = ({ type, enum: values = [] }: Property): boolean =>
  type === 'boolean' && values.includes(false);

function optionOf(name: string, schema: Property, inputs?: readonly string[]): CommandOption {
  const otherwise =
    schema.default === undefined || schema.type === 'boolean' ? '' : ` (default: ${textOf(schema.default)})`;
  const summary = `${schema.description ?? name}${otherwise}`;
  if (schema.type === 'boolean') return { type: 'boolean', summary };
  return { type: 'string', value: placeholder(name, schema, inputs), summary };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What stands for a value of an option in the help. */
export function placeholder(name: string, schema: Property, inputs: readonly string[] = []): string {
  if (inputs.includes(name)) return 'FILE';
  if (schema.type === 'array') return 'LIST';
  if (schema.type === 'object') return 'JSON';
  if (schema.type === 'integer') return 'COUNT';
  if (schema.type === 'number') return 'NUMBER';
  return schema.enum === undefined ? 'TEXT' : 'NAME';
}

/** Commands that look at data: one for each check, with its options as flags. */
export const dataCommands: readonly CommandDescription[] = dataChecks.map(commandOf);
