import type { Table } from '@holdfast/dataset';
import { countWhere } from '../metrics/count.ts';
import { type CompiledCondition, compileCondition } from './conditions/compile.ts';
import { notUnderstood } from './conditions/not-understood.ts';
import { conditionOfObject } from './conditions/objects.ts';
import { olderCondition } from './conditions/older.ts';
import { parseCondition } from './conditions/parse.ts';
import type { Node } from './conditions/syntax.ts';
import { type Prepared, Unanswerable } from './expectation-type.ts';
import type { Kwargs } from './kwargs.ts';

/**
 * The rows that an expectation is about, as SQL that chooses those that GX's pandas engine would choose: of
 * `row_condition`, an expression of `DataFrame.query`, a string of the form `col("rank") > 4`, or an object of GX 1.x.
 *
 * @param tables the parts of one table
 * @throws Unanswerable for a condition that is not understood, or that pandas would refuse
 */
export function rowCondition(kwargs: Kwargs, tables: readonly [Table, ...Table[]]): CompiledCondition | undefined {
  const [parser, condition] = [kwargs.raw('condition_parser'), kwargs.raw('row_condition')];
  if (condition === undefined || condition === '') return undefined;
  return compileCondition(nodeOf(condition, parser), tables[0], tables.length === 1);
}

function nodeOf(condition: unknown, parser: unknown): Node {
  if (typeof condition !== 'string') return conditionOfObject(condition);
  switch (parser) {
    case undefined:
    case 'pandas':
    case 'spark':
      return parseCondition(condition);
    case 'great_expectations':
    case 'great_expectations__experimental__':
      return olderCondition(condition);
    default:
      return notUnderstood(`\`condition_parser\` is ${JSON.stringify(parser)}`);
  }
}

/** The same expectation, which nothing is said of where the condition means something else in some row. */
export function underDemands(prepared: Prepared, condition: CompiledCondition | undefined): Prepared {
  if (condition === undefined || condition.demands.length === 0) return prepared;
  const demands = condition.demands.map(({ broken, reason }) => ({ count: countWhere(broken), reason }));
  return {
    metrics: [...prepared.metrics, ...demands.map(({ count }) => count)],
    judge(found) {
      const broken = demands.find(({ count }) => found.get(count) > 0);
      if (broken !== undefined) throw new Unanswerable(`its row condition cannot be answered: ${broken.reason}`);
      return prepared.judge(found);
    },
  };
}
