import type { Figure } from '@holdfast/evidence/check';
import { entityOf, isPersonal } from './findings.ts';
import type { PersonalData } from './personal-data.ts';

const mostBars = 60;

/** How many cells of each column hold what; names of kinds and columns, and counts. */
export function piiFigures({ found }: PersonalData): Figure[] {
  const personal = found.filter((each) => isPersonal(entityOf(each)));
  if (personal.length === 0) return [];
  const values = personal
    .toSorted((one, other) => other.cells - one.cells)
    .slice(0, mostBars)
    .map(({ label, name, cells, present, confidence }) => ({ column: label, kind: name, cells, present, confidence }));
  return [
    {
      title: 'Personal data by column',
      specification: {
        $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
        data: { values },
        mark: 'bar',
        encoding: {
          y: { field: 'column', type: 'nominal', sort: null, title: null },
          x: { field: 'cells', type: 'quantitative', title: 'cells' },
          color: { field: 'kind', type: 'nominal', title: 'kind' },
        },
      },
    },
  ];
}
