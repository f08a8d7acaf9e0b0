import type { Table } from '@holdfast/dataset';
import { DataError } from '../../errors.ts';
import { methodOf } from '../methods/methods.ts';
import { type BoundPlan, contextOf, type PlanTools, planOf, requireKeyOf, requireNames } from './bound-plan.ts';
import type { Plan } from './plan.ts';

/**
 * The way back of a plan, for a table that was made with it: what was encrypted or became a token is what it was, everything else
 * stays as it is. A wrong key would turn tokens into wrong values without a word: the plan has to name the key.
 *
 * @throws DataError HF_DATA_MASK_PLAN, HF_DATA_MASK_KEY
 */
export function boundInverse(plan: Plan, table: Table, tools: PlanTools): BoundPlan {
  if (plan.keyId === undefined) {
    throw new DataError('HF_DATA_MASK_PLAN', 'the plan does not say with which key the table was made', {
      fix: 'write the `keyId` that `holdfast data mask` told into the plan',
    });
  }
  requireKeyOf(plan, tools);
  requireNames(table);
  const columns = table.columns.map((column) => {
    const { name } = column;
    const { method, parameters } = planOf(plan, name);
    const transformation = methodOf(method).inverse?.(parameters, contextOf(column, tools));
    const onFailure = 'fail' as const;
    if (transformation !== undefined) return { name, method, parameters, transformation, onFailure };
    const kept = methodOf('keep').make({}, contextOf(column, tools));
    return { name, method: 'keep' as const, parameters: {}, transformation: kept, onFailure };
  });
  requireSomething(columns.map(({ method }) => method));
  return { columns, dropped: [] };
}

function requireSomething(names: readonly string[]): void {
  if (names.some((name) => name !== 'keep')) return;
  throw new DataError('HF_DATA_MASK_PLAN', 'no column of the table was encrypted or became a token by this plan');
}
