import type { TableOptions } from '@holdfast/dataset';
import { tableProperties } from '../../table-options.ts';

export interface SuggestPlanOptions extends TableOptions {
  readonly personalData: string;
}

/** The JSON Schema of the options of `data.mask-plan`. */
export const suggestPlanSchema = {
  type: 'object',
  properties: {
    personalData: {
      type: 'string',
      minLength: 1,
      description: 'a file with what `holdfast data pii --json` said of the data',
    },
    ...tableProperties,
  },
  required: ['personalData'],
  additionalProperties: false,
} as const;
