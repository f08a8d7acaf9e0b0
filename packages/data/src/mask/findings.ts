import type { Finding, Rule } from '@holdfast/evidence/check';
import { failureReasons } from './cells/cell-failure.ts';
import type { ColumnTally } from './column-tally.ts';
import { maskRules } from './rules.ts';

/** What is to be said of the columns: never a value. */
export function maskFindings(tallies: readonly ColumnTally[], keyId: string | undefined): readonly Finding[] {
  const { id, severity } = maskRules.key;
  return [
    ...tallies.flatMap((tally) => [...failed(tally), ...unchanged(tally), ...noisy(tally)]),
    ...(keyId === undefined ? [] : [{ rule: id, severity, message: `the key has the id ${keyId}` }]),
  ];
}

function failed({ column, failures, failed: reasons }: ColumnTally): readonly Finding[] {
  if (failures === 0) return [];
  const each = [...reasons].map(
    ([reason, count]) => `${count} ${failureReasons[reason].replace(/^(?:is|has|would|was) /, '')}`,
  );
  return [found(maskRules.failed, column.name, `${cells(failures)} could not be transformed: ${each.join(', ')}`)];
}

function unchanged({ column, unchanged: count }: ColumnTally): readonly Finding[] {
  if (count === 0 || column.transformation.mayStay === true) return [];
  return [found(maskRules.unchanged, column.name, `${cells(count)} came out of \`${column.method}\` unchanged`)];
}

function noisy({ column }: ColumnTally): readonly Finding[] {
  if (column.method !== 'noise') return [];
  if (column.parameters['seed'] !== undefined) return [found(maskRules.seeded, column.name, 'the noise has a seed')];
  if (column.transformation.epsilon !== undefined) return [];
  return [found(maskRules.guessable, column.name, 'the noise guarantees no differential privacy')];
}

const cells = (count: number): string => (count === 1 ? '1 cell' : `${count} cells`);

const found = ({ id, severity }: Rule, column: string, message: string): Finding => ({
  ...{ rule: id, severity, message: `\`${column}\`: ${message}`, where: column },
});
