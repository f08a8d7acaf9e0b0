import { test } from 'vitest';
import { published } from '../anomaly/published-tables.ts';
import { holdTable } from './recorded-associations.ts';

test.for(['adult-train', 'compas-two-years'])('columns of %s go together as SciPy says', async (name, context) => {
  const path = published(`${name}.csv`, (reason) => {
    context.skip(reason);
  });
  await holdTable(name, path);
});
