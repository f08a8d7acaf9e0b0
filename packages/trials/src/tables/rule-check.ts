import { isNumeric, type NumericColumn, type TableColumns } from './columns.ts';
import { columnLimits } from './columns-schema.ts';

/** Refuses what a schema cannot say: names twice, rules about columns that are not there, or that go in circles. */
export function requireConsistent(declared: TableColumns, refuse: (message: string) => never): void {
  const { columns } = declared;
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
  requireKnown(declared, refuse);
  requireNoCircle(declared, refuse);
}

/** Rules are about columns of numbers; what follows by one is nobody's to choose. */
function requireKnown({ columns, rules }: TableColumns, refuse: (message: string) => never): void {
  const known = new Map(columns.map((column) => [column.name, column]));
  const numberNamed = (name: string, text: string): NumericColumn => {
    const column = known.get(name) ?? refuse(`the rule \`${text}\` names \`${name}\`, which is no column`);
    return isNumeric(column) ? column : refuse(`the rule \`${text}\` is about \`${name}\`, which is no number`);
  };
  const follows = new Set<string>();
  for (const rule of rules) {
    for (const { column } of rule.form.terms) numberNamed(column, rule.text);
    if (rule.kind !== 'equal') continue;
    const { name, immutable, change, direction } = numberNamed(rule.column, rule.text);
    if (follows.has(name)) refuse(`two rules say what \`${name}\` is`);
    follows.add(name);
    const own = immutable ? 'immutable' : change !== undefined ? 'change' : direction && 'direction';
    if (own === undefined) continue;
    refuse(
      `\`${name}\` follows from \`${rule.text}\` and cannot have \`${own}\`: turn the rule round, or put it on the others`,
    );
  }
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
