import type { TableOptions } from '@holdfast/dataset';
import { secondLabels, tableProperties } from '../table-options.ts';

/** A comparison of one column with a constant, or with several. */
export interface Comparison {
  readonly column: string;
  readonly is: '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'missing' | 'present';
  readonly value?: string | number | boolean | readonly (string | number | boolean)[];
}

/** Rows that there have to be enough of: those that fit all comparisons, or those of each combination of values of columns. */
export interface Slice {
  readonly name?: string;
  readonly columns?: readonly string[];
  readonly where?: readonly Comparison[];
  /** Values that a column has to have, by its name; those that it has in this table or the reference, unless given. */
  readonly values?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  /** Rows. */
  readonly min?: number;
  /** Part of all rows. */
  readonly minShare?: number;
}

export interface CoverageOptions extends TableOptions {
  readonly slices?: readonly Slice[];
  /** By the name of a column of numbers: edges in ascending order, between each two of which there have to be rows. `null` is no end. */
  readonly ranges?: Readonly<Record<string, readonly (number | null)[]>>;
  /** Rows that there have to be of what says nothing else. */
  readonly min: number;
  readonly reference?: string;
  readonly referenceLabels?: string;
  readonly minCovered: number;
  readonly seed: number;
}

const constant = { type: ['string', 'number', 'boolean'], maxLength: 160 } as const;

const comparison = {
  type: 'object',
  properties: {
    column: { type: 'string' },
    is: { type: 'string', enum: ['=', '!=', '<', '<=', '>', '>=', 'in', 'missing', 'present'] },
    value: { anyOf: [constant, { type: 'array', items: constant, minItems: 1, maxItems: 1000 }] },
  },
  required: ['column', 'is'],
  additionalProperties: false,
} as const;

/** The JSON Schema of the options of `data.coverage`. */
export const coverageSchema = {
  type: 'object',
  properties: {
    slices: {
      type: 'array',
      maxItems: 1000,
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 200 },
          columns: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 8, uniqueItems: true },
          where: { type: 'array', items: comparison, minItems: 1, maxItems: 32 },
          values: {
            type: 'object',
            additionalProperties: { type: 'array', items: constant, minItems: 1, maxItems: 10_000 },
          },
          min: { type: 'integer', minimum: 0 },
          minShare: { type: 'number', minimum: 0, maximum: 1 },
        },
        additionalProperties: false,
      },
      description:
        'what there have to be enough rows of: columns, whose combinations count, or where; with min or minShare',
    },
    ranges: {
      type: 'object',
      maxProperties: 200,
      additionalProperties: { type: 'array', items: { type: ['number', 'null'] }, minItems: 2, maxItems: 1000 },
      description:
        'by column of numbers, the edges between each two of which there have to be rows; null as first or last is no end',
    },
    min: {
      ...{ type: 'integer', minimum: 0, default: 30 },
      description: 'rows that there have to be of each slice that says nothing else',
    },
    reference: { type: 'string', description: 'the table (most often training data) whose values should be covered' },
    minCovered: {
      ...{ type: 'number', minimum: 0, maximum: 1, default: 0.9 },
      description:
        "the part of the reference's categories and bins, by its rows, that has to be covered in each column",
    },
    seed: { type: 'integer', minimum: 0, default: 0, description: 'what random choices are made from' },
    ...tableProperties,
    referenceLabels: secondLabels('reference'),
  },
  additionalProperties: false,
} as const;
