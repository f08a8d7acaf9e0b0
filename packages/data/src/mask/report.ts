import type { Table } from '@holdfast/dataset';
import type { Report } from '@holdfast/evidence/check';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { coverageOf } from '../artifact-table.ts';
import type { ColumnTally } from './column-tally.ts';
import { maskFindings } from './findings.ts';
import { columnLineage, type Made } from './lineage.ts';

/** What was done, with the lineage of every column beside it: no value and no key. */
export function maskReport(tables: readonly [Table, ...Table[]], made: Made): Report {
  const { examined, total, left } = coverageOf(tables);
  const findings = maskFindings(made.tallies, made.keyId);
  const missed = made.rows === 0 ? [...left, 'the table has no rows'] : left;
  const isOdd = findings.some(({ severity }) => severity !== 'info');
  return {
    verdict: missed.length > 0 ? 'unknown' : isOdd ? 'warn' : 'pass',
    origin: 'measured',
    metrics: metricsOf(made),
    findings,
    coverage: { examined, total, left: missed },
    statements: [{ predicateType: predicateTypes.columnLineage, predicate: columnLineage(made), output: 'output' }],
  };
}

function metricsOf({ tallies, plan, rows }: Made): Record<string, number> {
  const sum = (count: (tally: ColumnTally) => number): number => tallies.reduce((all, tally) => all + count(tally), 0);
  return {
    ...{ rows, columns: tallies.length, dropped_columns: plan.dropped.length },
    kept_columns: tallies.filter(({ column }) => column.method === 'keep').length,
    ...{ changed: sum(({ changed }) => changed), unchanged: sum(({ unchanged }) => unchanged) },
    ...{ missing: sum(({ missing }) => missing), failed: sum(({ failures }) => failures) },
  };
}
