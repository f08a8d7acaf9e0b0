import { entityOf } from '../pii/findings.ts';
import type { ColumnFound, PersonalData } from '../pii/personal-data.ts';
import { isHigher, isOpenLicence, type Level, levelOf } from './levels.ts';
import type { ClassifyOptions, DeclaredRule } from './options.ts';

/** One kind of data in one column, and how confidential it makes the whole. */
export interface ClassifiedColumn {
  readonly found: ColumnFound;
  readonly level: Level;
  /** What it would be without a rule that says otherwise. */
  readonly measured: Level;
}

export interface Classified {
  readonly level: Level;
  readonly columns: readonly ClassifiedColumn[];
  /** The licence that makes it public, or what keeps it from being so. */
  readonly why: string;
}

/** How confidential a table is: as the most confidential of what it holds, and never more open than its licence. */
export function classify(
  data: PersonalData,
  { licence, rules }: Pick<ClassifyOptions, 'licence' | 'rules'>,
): Classified {
  const columns = data.found.map((found): ClassifiedColumn => {
    const measured = levelOf(entityOf(found));
    return { found, measured, level: decided(found, rules) ?? measured };
  });
  const isOpen = licence !== undefined && isOpenLicence(licence);
  const floor: Level = isOpen ? 'public' : 'internal';
  const named = rules.filter(({ columns: some = [] }) => some.length > 0).map((rule) => rule.class);
  const level = [...columns.map((each) => each.level), ...named].reduce<Level>(
    (highest, each) => (isHigher(each, highest) ? each : highest),
    floor,
  );
  return { level, columns, why: whyOf(licence, isOpen) };
}

function decided({ name, label }: ColumnFound, rules: readonly DeclaredRule[]): Level | undefined {
  return rules.findLast(({ columns = [], kinds = [] }) => columns.includes(label) || kinds.includes(name))?.class;
}

function whyOf(licence: string | undefined, isOpen: boolean): string {
  if (licence === undefined) return 'no licence says that everybody may have it';
  return isOpen
    ? `its licence ${licence} lets everybody have it`
    : `its licence ${licence} is none that is known to be open`;
}
