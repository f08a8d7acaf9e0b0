import type { Table } from '@holdfast/dataset';
import type { Finding, Operation, Report } from '@holdfast/evidence/check';
import { type ColumnFacts, columnFacts, fewest } from '../../anomaly/columns/column-facts.ts';
import { identifierSign } from '../../anomaly/columns/identifiers.ts';
import { coverageOf } from '../../artifact-table.ts';
import { boundRule } from '../../database/bound-rule.ts';
import { withCopiedTable } from '../../database/bound-table.ts';
import { readOptions } from '../../read-options.ts';
import { placeText } from '../place-text.ts';
import { requireNames } from '../plan/bound-plan.ts';
import { maskRules } from '../rules.ts';
import { type SuggestPlanOptions, suggestPlanSchema } from './options.ts';
import { readPersonalColumns } from './personal-columns.ts';
import { type PlannedColumn, suggestPlan } from './suggest-plan.ts';

/** The operation behind `suggestPlanOperation`. */
export const suggestPlanRun: Operation = {
  async run(artifact, { output = '' }, given, { inputs, signal, isForced }) {
    const options = readOptions(suggestPlanSchema, given) as unknown as SuggestPlanOptions;
    const found = await readPersonalColumns(inputs['personalData']);
    const bound = { signal, rule: boundRule('data.mask-plan'), labels: inputs['labels'] };
    return withCopiedTable(artifact, options, bound, async (tables): Promise<Report> => {
      requireNames(tables[0]);
      const { columns } = tables[0];
      const { text, masked, apart, unplaced } = suggestPlan(await plannedColumns(tables, signal), found);
      await placeText(text, output, isForced);
      return {
        ...{ verdict: unplaced === 0 ? 'pass' : 'warn', origin: 'measured' },
        metrics: { columns: columns.length, masked_columns: masked, kept_columns: columns.length - masked },
        findings: [...(unplaced === 0 ? [] : [unplacedFinding(unplaced)]), ...apart.map((name) => apartFinding(name))],
        coverage: coverageOf(tables),
      };
    });
  },
};

/** Texts from which a column is of documents. */
const longText = 50;

async function plannedColumns(tables: readonly [Table, ...Table[]], signal: AbortSignal): Promise<PlannedColumn[]> {
  const facts = await columnFacts(tables, tables[0].columns, signal);
  return facts.map((each) => ({ ...each.column, isApart: tellsApart(each) }));
}

/** Moments are as good as numbers, where nearly every row has its own. */
function tellsApart(facts: ColumnFacts): boolean {
  if (identifierSign(facts, longText) !== undefined) return true;
  const { column, present, distinct } = facts;
  return column.type === 'timestamp' && present >= fewest && distinct >= 0.95 * present;
}

function apartFinding(name: string): Finding {
  const { id, severity } = maskRules.apart;
  const shown = `\`${name.slice(0, 200)}\``;
  return {
    rule: id,
    severity,
    message: `${shown}: nearly every row has a value for itself`,
    where: name.slice(0, 200),
  };
}

function unplacedFinding(count: number): Finding {
  const { id, severity } = maskRules.unplaced;
  return { rule: id, severity, message: `${count} of the places that the report names are in no column of the table` };
}
