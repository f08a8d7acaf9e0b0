import type { OperationDescription } from '@holdfast/evidence/check';
import { boundRule } from '../database/bound-rule.ts';
import { dataVersion } from '../version.ts';
import { maskSchema, unmaskSchema } from './options.ts';
import { maskRules } from './rules.ts';
import { suggestPlanSchema } from './suggest/options.ts';

const { unplaced, ...own } = maskRules;
const ownRules = Object.values(own);

const lineage = {
  name: 'lineage',
  summary: 'what every column was made of, as an OpenLineage event (JSON)',
  isOptional: true,
} as const;

/** Makes a data set less telling, column by column, as a plan says. */
export const maskOperation: OperationDescription = {
  name: 'data.mask',
  version: dataVersion,
  title: 'Redact, mask, hash, tokenise, encrypt, generalise, shift or blur columns, as a plan says',
  artifacts: ['dataset'],
  options: maskSchema,
  inputs: ['plan', 'hierarchies', 'labels'],
  outputs: [{ name: 'output', summary: 'the new data set: CSV, Parquet or JSON lines, by its ending' }, lineage],
  headline: ['columns', 'changed', 'failed'],
  rules: [...ownRules, boundRule('data.mask')],
  load: async () => (await import('./mask-run.ts')).maskRun,
};

/** Takes back what a plan has encrypted or turned into tokens. */
export const unmaskOperation: OperationDescription = {
  name: 'data.unmask',
  version: dataVersion,
  title: 'Decrypt what `data mask` has encrypted, and turn tokens back, with the same plan and key',
  artifacts: ['dataset'],
  options: unmaskSchema,
  inputs: ['plan', 'labels'],
  outputs: [{ name: 'output', summary: 'the new data set: CSV, Parquet or JSON lines, by its ending' }, lineage],
  headline: ['columns', 'changed'],
  rules: [maskRules.key, boundRule('data.unmask')],
  load: async () => (await import('./mask-run.ts')).unmaskRun,
};

/** Proposes a plan from a report of `data.pii`. */
export const suggestPlanOperation: OperationDescription = {
  name: 'data.mask-plan',
  version: dataVersion,
  title: 'Propose a plan for `data mask` from what `data pii` found',
  artifacts: ['dataset'],
  options: suggestPlanSchema,
  inputs: ['personalData', 'labels'],
  outputs: [{ name: 'output', summary: 'the plan: YAML, to be looked at and changed' }],
  headline: ['columns', 'masked_columns', 'kept_columns'],
  rules: [unplaced, boundRule('data.mask-plan')],
  load: async () => (await import('./suggest/suggest-run.ts')).suggestPlanRun,
};
