import type { OperationDescription } from '@holdfast/evidence/check';
import { anonymiseOperation } from './anonymise/operation.ts';
import { maskOperation, suggestPlanOperation, unmaskOperation } from './mask/operation.ts';
import { quarantineOperation } from './quarantine/operation.ts';

/** Everything that makes new data of data; descriptions only, so that nothing heavy is loaded. */
export const dataOperations: readonly OperationDescription[] = [
  ...[quarantineOperation, suggestPlanOperation, maskOperation, unmaskOperation],
  ...[anonymiseOperation],
];
