import type { ExpectationType } from '../expectation-type.ts';
import { aggregateExpectations } from './aggregates.ts';
import { extremeExpectations } from './extremes.ts';
import { formatExpectations } from './formats.ts';
import { orderExpectations } from './order.ts';
import { rowExpectations } from './rows.ts';
import { setExpectations } from './sets.ts';
import { tableExpectations } from './table.ts';
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
  ].map((type) => [type.name, type]),
);
