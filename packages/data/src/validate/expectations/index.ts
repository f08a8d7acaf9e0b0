import type { ExpectationType } from '../expectation-type.ts';
import { aggregateExpectations } from './aggregates.ts';
import { valueExpectations } from './values.ts';

/** Every type of expectation that is understood, by its name. */
export const expectationTypes: ReadonlyMap<string, ExpectationType> = new Map(
  [...valueExpectations, ...aggregateExpectations].map((type) => [type.name, type]),
);
