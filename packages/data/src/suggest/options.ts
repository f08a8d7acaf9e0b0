import { tableProperties } from '../table-options.ts';

/** The JSON Schema of what a suggestion is asked for. */
export const suggestSchema = {
  type: 'object',
  properties: {
    margin: {
      type: 'number',
      minimum: 0,
      maximum: 10,
      default: 0.1,
      description: 'how far ends are moved outward, as a part of the width that was seen',
    },
    name: { type: 'string', minLength: 1, maxLength: 200, description: 'what the suite is called (that of the file)' },
    hideValues: {
      type: 'boolean',
      default: false,
      description: 'put no values of rows into the suite; so it is of what is confidential or restricted',
    },
    ...tableProperties,
  },
  additionalProperties: false,
} as const;
