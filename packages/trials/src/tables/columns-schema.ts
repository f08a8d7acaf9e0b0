/** What is accepted of a file with columns. */
export const columnLimits = {
  bytes: 2 ** 19,
  columns: 4096,
  categories: 4096,
  /** Numbers of a row, with those of one-hot groups. */
  width: 16_384,
  rules: 1024,
  name: 200,
} as const;

const name = { type: 'string', minLength: 1, maxLength: columnLimits.name } as const;
const texts = {
  type: 'array',
  items: name,
  minItems: 1,
  maxItems: columnLimits.categories,
  uniqueItems: true,
} as const;
const any = {
  name: { ...name, description: 'as the file with the samples has it' },
  immutable: { type: 'boolean', default: false, description: 'nobody can change it' },
  input: {
    anyOf: [name, { const: false }],
    description: 'the input of the model that takes it; false: the model does not look at it',
  },
} as const;

const numeric = {
  ...any,
  kind: { enum: ['numeric', 'integer'], description: 'integer: whole numbers only' },
  low: { type: 'number', description: 'the smallest value; what the data show unless given' },
  high: { type: 'number', description: 'the largest value; what the data show unless given' },
  change: {
    type: 'number',
    exclusiveMinimum: 0,
    description: 'the farthest that it may go, in its own unit, in place of ε',
  },
  direction: { enum: ['up', 'down'], description: 'it may only grow, or only shrink' },
} as const;

const categorical = {
  ...any,
  kind: { const: 'categorical', description: 'one number: the code of a category' },
  categories: { ...texts, description: 'texts; the code of each is its index' },
  codes: {
    type: 'array',
    items: { type: 'number' },
    minItems: 1,
    maxItems: columnLimits.categories,
    uniqueItems: true,
    description: 'in place of categories: the numbers that may stand there',
  },
} as const;

const oneHot = {
  ...any,
  kind: { const: 'one-hot', description: 'a 0 or a 1 for each category, and one 1 in all' },
  categories: { ...texts, description: 'texts of one column of the file, which are encoded' },
  columns: { ...texts, description: 'in place of categories: the columns of the file that hold the zeros and ones' },
} as const;

/** Each kind of column by the keys that it may have. */
export const columnKeys = { numeric, integer: numeric, categorical, 'one-hot': oneHot } as const;

const either = (one: string, other: string) => ({ oneOf: [{ required: [one] }, { required: [other] }] });
const kindOf = (properties: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}) => ({
  type: 'object',
  properties,
  required: ['name', 'kind'],
  additionalProperties: false,
  ...more,
});

/** The JSON Schema of a file with columns. What it cannot say (names twice, rules about unknown columns) is checked as well. */
export const tableColumnsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://holdfast.dev/table-columns.schema.json',
  title: 'What may stand in a row of a table, and what of it somebody can change',
  type: 'object',
  properties: {
    scale: {
      enum: ['deviation', 'range', 'unit'],
      default: 'deviation',
      description: "what ε is measured in: each column's standard deviation, its range, or its own unit",
    },
    changes: { type: 'integer', minimum: 1, description: 'at most so many columns change; all of them unless given' },
    categoryChanges: {
      type: 'integer',
      minimum: 0,
      description: 'of these at most so many categorical columns and one-hot groups; all of them unless given',
    },
    columns: {
      type: 'array',
      minItems: 1,
      maxItems: columnLimits.columns,
      description: 'in the order in which the model takes them',
      items: {
        oneOf: [
          kindOf(numeric),
          kindOf(categorical, either('categories', 'codes')),
          kindOf(oneHot, either('categories', 'columns')),
        ],
      },
    },
    rules: {
      type: 'array',
      maxItems: columnLimits.rules,
      items: { type: 'string', minLength: 1, maxLength: 2000 },
      description: 'columns that follow from others, `total = a + 0.5 * b`, and orders that hold, `a <= b`',
    },
  },
  required: ['columns'],
  additionalProperties: false,
} as const;
