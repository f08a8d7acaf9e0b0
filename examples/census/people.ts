import { readFileSync } from 'node:fs';

/** The columns of the published file, in its order; it has no header. `income` is what is learnt. */
export const columns = [
  'age',
  'workclass',
  'fnlwgt',
  'education',
  'education-num',
  'marital-status',
  'occupation',
  'relationship',
  'race',
  'sex',
  'capital-gain',
  'capital-loss',
  'hours-per-week',
  'native-country',
  'income',
] as const;
export type Column = (typeof columns)[number];

/** One person of the census, by column. What nobody answered is `?`. */
export type Person = Readonly<Record<Column, string>>;

/** Reads the file as it was published: `, ` between cells, no header, an empty line at the end. */
export function readPublished(path: string): Person[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line, index) => personOf(line.split(', '), `line ${index + 1} of \`${path}\``));
}

/** Reads a table that {@link tableOf} wrote. */
export function readPeople(path: string): Person[] {
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  if (header !== columns.join(',')) throw new Error(`the header of \`${path}\` is not \`${columns.join(',')}\``);
  return lines.map((line, index) => personOf(line.split(','), `line ${index + 2} of \`${path}\``));
}

/** A table with a header. */
export function tableOf(people: readonly Person[]): string {
  return `${[columns.join(','), ...people.map(lineOf)].join('\n')}\n`;
}

/** One line of it. */
export function lineOf(person: Person): string {
  return columns.map((column) => person[column]).join(',');
}

/** Whether a person earns more than 50,000 dollars a year. */
export function earnsMore({ income }: Person): boolean {
  return income === '>50K';
}

function personOf(cells: readonly string[], where: string): Person {
  if (cells.length !== columns.length) throw new Error(`${where} has ${cells.length} cells`);
  const person = Object.fromEntries(columns.map((column, at) => [column, cells[at]])) as Person;
  if (person.income !== '>50K' && person.income !== '<=50K') throw new Error(`${where} says \`${person.income}\``);
  return person;
}
