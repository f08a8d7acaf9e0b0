import { readFileSync } from 'node:fs';

/** What the model looks at. `applicant` and `group` are left out on purpose: a name and a protected attribute. */
export const features = [
  'age',
  'income',
  'employment_years',
  'loan_amount',
  'term_months',
  'debt_ratio',
  'late_payments',
  'history_years',
  'home_owner',
] as const;

/** All columns of data/applicants.csv, in order. `repaid` is what is learnt. */
export const columns = ['applicant', ...features, 'group', 'repaid'] as const;
export type Column = (typeof columns)[number];

/** One applicant, by column. */
export type Row = Readonly<Record<Column, string>>;

/** Reads a CSV file without quoting, whose header must begin with {@link columns}; what it has beside is left out. */
export function readTable(path: string): Row[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = header.split(',');
  if (columns.some((column, at) => names[at] !== column))
    throw new Error(`the header of \`${path}\` does not begin with \`${columns.join(',')}\``);
  return lines.map((line, index) => {
    const cells = line.split(',');
    if (cells.length !== names.length) throw new Error(`line ${index + 2} of \`${path}\` has ${cells.length} cells`);
    return Object.fromEntries(columns.map((column, at) => [column, cells[at]])) as Row;
  });
}

/** The line of a row, as it stands in the file. */
export function lineOf(row: Row): string {
  return columns.map((column) => row[column]).join(',');
}

/** The features of a row as numbers. */
export function featuresOf(row: Row): number[] {
  return features.map((feature) => {
    const value = Number(row[feature]);
    if (row[feature] === '' || !Number.isFinite(value))
      throw new Error(`\`${row[feature]}\` is not a number in \`${feature}\``);
    return value;
  });
}
