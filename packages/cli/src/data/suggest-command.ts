import { suggestSchema } from '@holdfast/data/suggest/options';
import type { CommandDescription } from '../command.ts';
import { optionsOf } from './data-commands.ts';

/** Writes a suite of expectations, from a table or from a schema of somebody else. */
export const suggestCommand: CommandDescription = {
  name: 'data suggest',
  usage: 'PATH|--from SCHEMA [--output FILE] [OPTIONS]',
  summary: 'a suite of expectations that a table meets, or that says what a schema says',
  arguments: [0, 1],
  options: {
    output: { type: 'string', value: 'FILE', summary: 'write the suite there (default: standard output)' },
    force: { type: 'boolean', summary: 'replace the file that is there' },
    from: {
      type: 'string',
      value: 'SCHEMA',
      summary: 'of no table, but of a Frictionless Table Schema or a pandera schema (JSON, YAML)',
    },
    'allow-partial': { type: 'boolean', summary: 'of a schema: exit 0 although something in it has no counterpart' },
    ...optionsOf(suggestSchema),
  },
  load: async () => import('../commands/data-suggest.ts'),
};
