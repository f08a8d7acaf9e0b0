import type { Finding, Operation, Report } from '@holdfast/evidence/check';
import { coverageOf } from '../../artifact-table.ts';
import { boundRule } from '../../database/bound-rule.ts';
import { withCopiedTable } from '../../database/bound-table.ts';
import { readOptions } from '../../read-options.ts';
import { placeText } from '../place-text.ts';
import { requireNames } from '../plan/bound-plan.ts';
import { maskRules } from '../rules.ts';
import { type SuggestPlanOptions, suggestPlanSchema } from './options.ts';
import { readPersonalColumns } from './personal-columns.ts';
import { suggestPlan } from './suggest-plan.ts';

/** The operation behind `suggestPlanOperation`. */
export const suggestPlanRun: Operation = {
  async run(artifact, { output = '' }, given, { inputs, signal, isForced }) {
    const options = readOptions(suggestPlanSchema, given) as unknown as SuggestPlanOptions;
    const found = await readPersonalColumns(inputs['personalData']);
    const bound = { signal, rule: boundRule('data.mask-plan'), labels: inputs['labels'] };
    return withCopiedTable(artifact, options, bound, async (tables): Promise<Report> => {
      requireNames(tables[0]);
      const { columns } = tables[0];
      const { text, masked, unplaced } = suggestPlan(columns, found);
      await placeText(text, output, isForced);
      return {
        ...{ verdict: unplaced === 0 ? 'pass' : 'warn', origin: 'measured' },
        metrics: { columns: columns.length, masked_columns: masked, kept_columns: columns.length - masked },
        findings: unplaced === 0 ? [] : [unplacedFinding(unplaced)],
        coverage: coverageOf(tables),
      };
    });
  },
};

function unplacedFinding(count: number): Finding {
  const { id, severity } = maskRules.unplaced;
  return { rule: id, severity, message: `${count} of the places that the report names are in no column of the table` };
}
