import { entities } from '../pii/kinds/kinds.ts';
import { type LookingOptions, lookingProperties } from '../pii/options.ts';
import { tableProperties } from '../table-options.ts';
import { type Level, levels } from './levels.ts';

/** How confidential columns or kinds of data are, where somebody has decided it. */
export interface DeclaredRule {
  readonly columns?: readonly string[];
  readonly kinds?: readonly string[];
  readonly class: Level;
}

export interface ClassifyOptions extends LookingOptions {
  readonly declared?: Level;
  readonly licence?: string;
  readonly rules: readonly DeclaredRule[];
}

const names = { type: 'array', items: { type: 'string', maxLength: 200 }, minItems: 1, maxItems: 1000 } as const;

/** The JSON Schema of the options of `data.classify`. */
export const classifySchema = {
  type: 'object',
  properties: {
    declared: {
      ...{ type: 'string', enum: [...levels] },
      description: 'how confidential it is said to be; in a project `classification` of holdfast.yaml counts',
    },
    licence: {
      ...{ type: 'string', minLength: 1, maxLength: 100 },
      description: 'the SPDX identifier of the licence of the data; without an open one nothing is public',
    },
    rules: {
      ...{ type: 'array', maxItems: 1000, default: [] },
      items: {
        type: 'object',
        properties: { columns: names, kinds: names, class: { type: 'string', enum: [...levels] } },
        required: ['class'],
        additionalProperties: false,
      },
      description: 'how confidential `columns` or `kinds` of data are, where it is decided; the last that fits counts',
    },
    ...lookingProperties,
    ...tableProperties,
  },
  additionalProperties: false,
} as const;

/** Names in rules that are no kind of data. */
export const unknownKinds = (rules: readonly DeclaredRule[]): string[] =>
  rules.flatMap(({ kinds = [] }) => kinds).filter((kind) => !entities.has(kind));
