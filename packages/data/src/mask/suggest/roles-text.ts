import type { TableColumn } from '@holdfast/dataset';
import { type Role, suggestedRoles } from '../../anonymise/roles.ts';
import type { PlannedColumn } from './suggest-plan.ts';

const options = ['identifying', 'quasi', 'sensitive'] as const;

/** Names that a list on a command line can hold as they are. */
const plain = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_. -]*[\p{L}\p{N}_])?$/u;

/**
 * Comment lines of a plan: what the columns are to `holdfast data anonymise`, as options that can be copied. A column that is in none of
 * them has no role, and is left out there.
 */
export function rolesText(columns: readonly PlannedColumn[], found: ReadonlyMap<string, readonly string[]>): string {
  const roles = suggestedRoles(Object.fromEntries(found));
  const of = (column: PlannedColumn): Role | undefined =>
    Object.hasOwn(roles, column.name)
      ? narrowed(column, roles[column.name])
      : column.isApart
        ? 'identifying'
        : undefined;
  const by = Map.groupBy(columns, of);
  const lines = options.flatMap((option) => {
    const names = (by.get(option) ?? []).map(({ name }) => name).filter((name) => plain.test(name));
    return names.length === 0 ? [] : [`#   --${option} ${quoted(names.join(','))}`];
  });
  return lines.length === 0 ? '' : `# To \`holdfast data anonymise\` these columns would be:\n${lines.join('\n')}\n`;
}

/**
 * A sensitive column is kept as it is. One that nearly every row has for itself, such as the second at which somebody was arrested,
 * tells who that is, and dates can be made coarser.
 */
function narrowed({ type, isApart }: PlannedColumn, role: Role | undefined): Role | undefined {
  if (role !== 'sensitive') return role;
  return isApart ? 'identifying' : isDay(type) ? 'quasi' : role;
}

const isDay = (type: TableColumn['type']): boolean => type === 'date' || type === 'timestamp';

const quoted = (text: string): string => (text.includes(' ') ? `"${text}"` : text);
