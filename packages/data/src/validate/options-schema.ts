import { tableProperties } from '../table-options.ts';

/** The JSON Schema of the options of `data.validate`. */
export const validateSchema = {
  type: 'object',
  properties: {
    suite: { type: 'string', description: 'the expectations: a suite of Great Expectations (JSON)' },
    other: { type: 'string', description: 'a second table that expectations compare with, by the name of its file' },
    parameters: { type: 'object', description: 'what parameters of the suite stand for, by name' },
    keys: {
      type: 'array',
      items: { type: 'string' },
      description: 'columns whose values tell a row apart, shown beside its number',
    },
    rows: {
      type: 'integer',
      minimum: 0,
      maximum: 1000,
      default: 20,
      description: 'rows that are shown of each expectation that does not hold',
    },
    ...tableProperties,
  },
  required: ['suite'],
  additionalProperties: false,
} as const;
