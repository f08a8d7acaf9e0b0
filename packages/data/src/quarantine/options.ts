import type { TableOptions } from '@holdfast/dataset';
import { tableProperties } from '../table-options.ts';

export interface QuarantineOptions extends TableOptions {
  readonly rows: readonly string[];
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
    ...tableProperties,
  },
  required: ['rows'],
  additionalProperties: false,
} as const;
