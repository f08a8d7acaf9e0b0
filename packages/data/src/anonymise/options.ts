import type { TableOptions } from '@holdfast/dataset';
import { tableProperties } from '../table-options.ts';
import type { DiversityKind } from './criteria/diversity.ts';
import { type UtilityName, utilityNames } from './utility/utility.ts';

export type DistanceKind = 'equal' | 'ordered' | 'hierarchical';

export interface AnonymiseOptions extends TableOptions {
  readonly quasi: readonly string[];
  readonly sensitive: readonly string[];
  readonly insensitive: readonly string[];
  readonly identifying: readonly string[];
  readonly k: number;
  readonly suppression: number;
  readonly l?: number;
  readonly diversity: DiversityKind;
  readonly c: number;
  readonly t?: number;
  readonly distance: DistanceKind;
  readonly hierarchies?: string;
  readonly utility: UtilityName;
  readonly population?: string;
  readonly populationSize?: number;
  readonly risk: number;
  readonly nodes: number;
  readonly seconds: number;
}

const names = (description: string, most = 1000): object => ({
  ...{ type: 'array', items: { type: 'string' }, maxItems: most, default: [], description },
});

/** The JSON Schema of the options of `data.anonymise`. */
export const anonymiseSchema = {
  type: 'object',
  properties: {
    quasi: {
      ...{ type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 24 },
      description: 'columns that together may tell who somebody is: they are generalised',
    },
    sensitive: names('columns that nobody is to learn of a person: kept, and guarded by `l` and `t`', 16),
    insensitive: names('further columns that are kept as they are; a column without a role is left out'),
    identifying: names('columns that alone tell who somebody is: left out'),
    k: { type: 'integer', minimum: 2, maximum: 1_000_000, default: 5, description: 'rows that are alike, at least' },
    suppression: {
      ...{ type: 'number', minimum: 0, maximum: 1, default: 0.05 },
      description: 'share of the rows that may be left out',
    },
    l: {
      ...{ type: 'number', minimum: 1, maximum: 100_000 },
      description: 'different values of each sensitive column among rows that are alike, at least',
    },
    diversity: {
      ...{ type: 'string', enum: ['distinct', 'entropy', 'recursive'], default: 'distinct' },
      description: 'how `l` counts',
    },
    c: { type: 'number', exclusiveMinimum: 0, default: 3, description: 'of recursive (c, l)-diversity' },
    t: {
      ...{ type: 'number', minimum: 0, maximum: 1 },
      description: 'how far a sensitive column among rows that are alike may be from the whole table, at most',
    },
    distance: {
      ...{ type: 'string', enum: ['equal', 'ordered', 'hierarchical'], default: 'equal' },
      description: 'how far values are apart for `t`',
    },
    hierarchies: {
      type: 'string',
      description:
        'how values get coarser: YAML, a CSV file called as its column, or a folder of them (made of the values)',
    },
    utility: {
      ...{ type: 'string', enum: [...utilityNames], default: 'loss' },
      description: 'what is lost, and is to be as little as can be',
    },
    population: { type: 'string', description: 'a table of all who may be in this one, for the risk of a journalist' },
    populationSize: {
      ...{ type: 'integer', minimum: 1, maximum: 100_000_000_000 },
      description: 'how many people there are, of whom these are a sample: how many are unique among all is estimated',
    },
    risk: {
      ...{ type: 'number', exclusiveMinimum: 0, maximum: 1, default: 0.2 },
      description: 'the risk of being recognised from which on a row counts as at risk',
    },
    nodes: {
      ...{ type: 'integer', minimum: 1, maximum: 100_000_000, default: 1_000_000 },
      description: 'ways of generalising that are looked at, at most',
    },
    seconds: {
      ...{ type: 'number', exclusiveMinimum: 0, maximum: 86_400, default: 600 },
      description: 'how long the search may take',
    },
    ...tableProperties,
  },
  required: ['quasi'],
  additionalProperties: false,
} as const;
