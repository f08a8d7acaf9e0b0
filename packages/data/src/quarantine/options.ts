import type { TableOptions } from '@holdfast/dataset';
import { tableProperties } from '../table-options.ts';

export interface QuarantineOptions extends TableOptions {
  readonly rows?: readonly string[];
  readonly suspects?: string;
  readonly minScore: number;
}

/** The JSON Schema of the options of `data.quarantine`. */
export const quarantineSchema = {
  type: 'object',
  properties: {
    rows: {
      type: 'array',
      items: { type: 'string', pattern: '^[1-9][0-9]{0,14}(-[1-9][0-9]{0,14})?$' },
      minItems: 1,
      maxItems: 100_000,
      description: 'numbers of the rows that are set aside, from 1, such as 3,17-20 (those that `data poison` named)',
    },
    suspects: {
      type: 'string',
      description: 'a file with what `data poison --json` said of these bytes (in a project its evidence says it)',
    },
    minScore: {
      ...{ type: 'number', minimum: 0, maximum: 1, default: 0 },
      description: 'of the rows that `data poison` named, those with at least this score',
    },
    ...tableProperties,
  },
  additionalProperties: false,
} as const;
