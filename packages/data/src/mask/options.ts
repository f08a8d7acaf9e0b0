import type { TableOptions } from '@holdfast/dataset';
import { tableProperties } from '../table-options.ts';
import { type KeyPlace, keyProperties } from './key/read-key.ts';

export interface MaskOptions extends TableOptions, KeyPlace {
  readonly plan: string;
  readonly hierarchies?: string;
}

const plan = { type: 'string', minLength: 1, description: 'what is done with which column: YAML or JSON' } as const;

/** The JSON Schema of the options of `data.mask`. */
export const maskSchema = {
  type: 'object',
  properties: {
    plan,
    ...keyProperties,
    hierarchies: { type: 'string', minLength: 1, description: 'JSON: by name, what values become on each level' },
    ...tableProperties,
  },
  required: ['plan'],
  additionalProperties: false,
} as const;

/** The JSON Schema of the options of `data.unmask`. */
export const unmaskSchema = {
  type: 'object',
  properties: { plan, ...keyProperties, ...tableProperties },
  required: ['plan'],
  additionalProperties: false,
} as const;
