import type { ExpectationType } from '../expectation-type.ts';
import { aggregateExpectations } from './aggregates.ts';
import { distributionExpectations } from './distribution.ts';
import { divergenceExpectations } from './divergence.ts';
import { extremeExpectations } from './extremes.ts';
import { formatExpectations } from './formats.ts';
import { orderExpectations } from './order.ts';
import { queryExpectations } from './queries.ts';
import { rowExpectations } from './rows.ts';
import { setExpectations } from './sets.ts';
import { tableExpectations } from './table.ts';
import { typeExpectations } from './types.ts';
import { valueExpectations } from './values.ts';

/** Every type of expectation that is understood, by its name. */
export const expectationTypes: ReadonlyMap<string, ExpectationType> = new Map(
  [
    ...valueExpectations,
    ...orderExpectations,
    ...aggregateExpectations,
    ...extremeExpectations,
    ...setExpectations,
    ...tableExpectations,
    ...rowExpectations,
    ...formatExpectations,
    ...distributionExpectations,
    ...divergenceExpectations,
    ...typeExpectations,
    ...queryExpectations,
  ].map((type) => [type.name, type]),
);
