import type { EntityClass } from '@holdfast/recognisers/entity-type';
import { type Allowed, entityOf, isAllowed, isPersonal } from './findings.ts';
import type { ColumnFound, PersonalData } from './personal-data.ts';

/** Counts: of columns, of kinds, and of cells of each kind. */
export function piiMetrics({ rows, columns, found, left }: PersonalData, allowed: Allowed): Record<string, number> {
  const personal = found.filter((each) => isPersonal(entityOf(each)));
  const undeclared = personal.filter((each) => !isAllowed(each, allowed));
  const inColumns = (some: readonly ColumnFound[]): number => new Set(some.map(({ label }) => label)).size;
  const of = (wanted: EntityClass): number =>
    inColumns(personal.filter((each) => entityOf(each).classes.includes(wanted)));
  return {
    ...{ rows, columns, personal_columns: inColumns(personal), undeclared_columns: inColumns(undeclared) },
    kinds: new Set(personal.map(({ name }) => name)).size,
    personal_cells: personal.reduce((sum, { cells }) => sum + cells, 0),
    ...{
      special_columns: of('special'),
      secret_columns: of('secret'),
      card_columns: of('pci'),
      not_understood: left.length,
    },
    ...Object.fromEntries(
      [...Map.groupBy(found, ({ name }) => name)].map(([name, each]) => [
        `${name}.cells`,
        each.reduce((sum, { cells }) => sum + cells, 0),
      ]),
    ),
  };
}
