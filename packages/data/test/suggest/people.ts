import { writeFileSync } from 'node:fs';

/** One row of a table of people, made without chance. */
export interface Person {
  id: string;
  key: string;
  kind: string;
  score: string;
  age: string;
  page: string;
  remark: string;
  opened: string;
}

const words = ['seldom', 'often', 'late', 'early', 'north', 'south', 'quiet', 'loud', 'small', 'large'];

function person(index: number): Person {
  const mixed = (index * 7919) % 1009;
  const word = (at: number): string => words[(mixed + at * index) % words.length] ?? '';
  return {
    id: String(1000 + index),
    key: `00000000-0000-4000-8000-${String(mixed * 1009 + index).padStart(12, '0')}`,
    kind: ['red', 'green', 'blue'][mixed % 3] ?? '',
    score: (100 + mixed / 8).toFixed(3),
    age: index % 20 === 3 ? '' : String(20 + (mixed % 61)),
    page: `https://example.org/${mixed % 300}`,
    remark: `${word(1)} ${word(3)} ${word(7)} ${word(9)} ${mixed % 300}`,
    opened: new Date(Date.UTC(2020, 0, 1 + (mixed % 700))).toISOString().slice(0, 10),
  };
}

/** A CSV file of 400 people, after something was done to them. */
export function writePeople(
  path: string,
  change: (people: Person[]) => readonly object[] = (people) => people,
): string {
  const rows = change(Array.from({ length: 400 }, (_, index) => person(index)));
  const names = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => names.map((name) => (row as Record<string, string>)[name]).join(','));
  writeFileSync(path, `${[names.join(','), ...lines].join('\n')}\n`);
  return path;
}
