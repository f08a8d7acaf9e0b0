import type { Column, Person } from './people.ts';

export const numbers = ['age', 'education-num', 'capital-gain', 'capital-loss', 'hours-per-week'] as const;
export const categories = ['workclass', 'marital-status', 'occupation', 'relationship'] as const;

/** Why the model does not look at the other columns. */
export const leftOut: Partial<Record<Column, string>> = {
  fnlwgt: 'how many people the survey takes this one to stand for',
  education: '`education-num` in words',
  race: 'a protected attribute',
  sex: 'a protected attribute',
  'native-country': 'a protected attribute',
};

/** What can stand in each column of categories: a column of zeros and ones for each. */
export type Levels = Readonly<Record<(typeof categories)[number], readonly string[]>>;

/** The levels that these people have, `?` among them: who did not answer is a group of its own. */
export function levelsOf(people: readonly Person[]): Levels {
  const found = categories.map((column) => [column, [...new Set(people.map((person) => person[column]))].sort()]);
  return Object.fromEntries(found) as Levels;
}

/** The names of the features, in the order of {@link featuresOf}. */
export function featureNames(levels: Levels): string[] {
  return [...numbers, ...categories.flatMap((column) => levels[column].map((level) => `${column}=${level}`))];
}

/** A person as numbers. A level that is not known is all zeros. */
export function featuresOf(person: Person, levels: Levels): number[] {
  return [
    ...numbers.map((column) => numberIn(person, column)),
    ...categories.flatMap((column) => levels[column].map((level) => (person[column] === level ? 1 : 0))),
  ];
}

function numberIn(person: Person, column: Column): number {
  const value = Number(person[column]);
  if (person[column] === '' || !Number.isFinite(value))
    throw new Error(`\`${person[column]}\` is not a number in \`${column}\``);
  return value;
}
