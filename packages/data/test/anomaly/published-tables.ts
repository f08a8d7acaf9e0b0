import { existsSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env['HOLDFAST_ADULT_DATA'] ?? join(import.meta.dirname, '../../../../..', 'shared', 'data');

/** A published table, where it is at hand; `skip` is called where it is not. */
export function published(name: string, skip: (reason: string) => void): string {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${path}`);
  skip(`needs ${name}; say where it is with HOLDFAST_ADULT_DATA`);
  return path;
}

export const census = {
  names: [
    ...['age', 'workclass', 'fnlwgt', 'education', 'education-num', 'marital-status', 'occupation', 'relationship'],
    ...['race', 'sex', 'capital-gain', 'capital-loss', 'hours-per-week', 'native-country', 'income'],
  ],
  missing: ['?'],
  trim: true,
  label: 'income',
};
