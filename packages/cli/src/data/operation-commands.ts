import { dataOperations } from '@holdfast/data/operation';
import type { OperationDescription } from '@holdfast/evidence/check';
import { fitOperation } from '@holdfast/gateway/fitting/operation';
import type { CommandDescription, CommandOption } from '../command.ts';
import { flagName, optionsOf, placeholder, schemaOf } from './data-commands.ts';

function commandOf(operation: OperationDescription): CommandDescription {
  const { name, title, options, inputs, outputs } = operation;
  const { properties, required } = schemaOf(options);
  const demanded = [
    ...outputs.filter(({ isOptional }) => isOptional !== true).map((output) => ` --${flagName(output.name)} NEW`),
    ...required.map((each) => ` --${flagName(each)} ${placeholder(each, properties[each] ?? {}, inputs)}`),
  ];
  return {
    name: name.replace('.', ' '),
    usage: `PATH${demanded.join('')} [OPTIONS]`,
    summary: `${title.charAt(0).toLowerCase()}${title.slice(1)}`,
    arguments: [1, 1],
    options: { ...outputFlags(operation), ...optionsOf(options, inputs) },
    load: async () => {
      const { operationCommand } = await import('./operation-command.ts');
      return { run: operationCommand(operation) };
    },
  };
}

const outputFlags = ({ outputs }: OperationDescription): Record<string, CommandOption> => ({
  ...Object.fromEntries(
    outputs.map(({ name, summary }): [string, CommandOption] => [
      flagName(name),
      { type: 'string', value: 'NEW', summary },
    ]),
  ),
  force: { type: 'boolean', summary: 'replace files that are there' },
});

/** Commands that make something of data: one for each operation, with its outputs and options as flags. */
export const operationCommands: readonly CommandDescription[] = [...dataOperations, fitOperation].map(commandOf);
