import { isNumeric, type TableColumns } from './columns.ts';
import { columnLimits } from './columns-schema.ts';

/** Refuses what a schema cannot say: names twice, rules about columns that are not there, or that go in circles. */
export function requireConsistent(declared: TableColumns, refuse: (message: string) => never): void {
  const { columns, rules } = declared;
  requireOnce(
    columns.flatMap((column) => (column.kind === 'one-hot' && column.columns ? column.columns : [column.name])),
    refuse,
  );
  requireOnce(
    columns.map(({ name }) => name),
    refuse,
  );
  const width = columns.reduce((sum, column) => sum + (column.kind === 'one-hot' ? column.categories.length : 1), 0);
  if (width > columnLimits.width) refuse(`a row has more than ${columnLimits.width} numbers`);
  if (columns.every(({ input }) => input === false)) refuse('the model takes none of the columns');
  const known = new Map(columns.map((column) => [column.name, column]));
  const follows = new Set<string>();
  for (const rule of rules) {
    const names = rule.form.terms.map(({ column }) => column);
    for (const name of rule.kind === 'equal' ? [rule.column, ...names] : names) {
      const column = known.get(name) ?? refuse(`the rule \`${rule.text}\` names \`${name}\`, which is no column`);
      if (!isNumeric(column)) refuse(`the rule \`${rule.text}\` is about \`${name}\`, which is no number`);
    }
    if (rule.kind !== 'equal') continue;
    if (follows.has(rule.column)) refuse(`two rules say what \`${rule.column}\` is`);
    follows.add(rule.column);
    const column = known.get(rule.column);
    if (column === undefined || !isNumeric(column)) continue;
    const own = column.immutable
      ? 'immutable'
      : column.change !== undefined
        ? 'change'
        : column.direction && 'direction';
    if (own !== undefined) {
      refuse(
        `\`${rule.column}\` follows from \`${rule.text}\` and cannot have \`${own}\`: turn the rule round, or put it on the others`,
      );
    }
  }
  requireNoCircle(declared, refuse);
}

function requireOnce(names: readonly string[], refuse: (message: string) => never): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) refuse(`the column \`${name}\` is there twice`);
    seen.add(name);
  }
}

function requireNoCircle({ rules }: TableColumns, refuse: (message: string) => never): void {
  const left = new Map(
    rules.flatMap((rule) =>
      rule.kind === 'equal' ? [[rule.column, rule.form.terms.map(({ column }) => column)]] : [],
    ),
  );
  for (;;) {
    const done = [...left].filter(([, names]) => names.every((name) => !left.has(name))).map(([name]) => name);
    if (done.length === 0) break;
    for (const name of done) left.delete(name);
  }
  const [circular] = left.keys();
  if (circular !== undefined) refuse(`\`${circular}\` follows from itself`);
}
