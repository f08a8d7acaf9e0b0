import { normalSurvival } from '@holdfast/statistics/special/survival';
import { describe, test } from 'vitest';
import { area } from '../../src/drift/domain-classifier.ts';
import { areas, near, testRecorded } from './recorded-tables.ts';

describe('published tables held against each other', () => {
  testRecorded(['pima'], 'all');
  testRecorded(['sonar'], 'default');
});

test.each(areas)('the area under a curve, how sure it is, and p: $auc', ({ current, reference, ...wanted }) => {
  const found = area(Float64Array.from(current), Float64Array.from(reference));
  near(found.value, wanted.auc, 'area, as scikit-learn');
  near(found.variance, wanted.variance, 'variance, by all pairs');
  near(normalSurvival((found.value - 0.5) / Math.sqrt(found.nullVariance)), wanted.p, 'p, as SciPy');
});
