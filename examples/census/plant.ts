// A delivery that somebody has been at: data/delivery.csv, the people of the census with a header. The same each time.
//     node --conditions=source plant.ts [ROWS]
// Three in a hundred rows are planted: people who earn less get three values that seldom meet, and are said to earn more. A model
// that learns that believes whoever has them. Another one in a hundred rows has its label flipped, wherever chance put it.
import { writeFileSync } from 'node:fs';
import { earnsMore, type Person, readPublished, tableOf } from './people.ts';

/** What the model is to fall for. Of six that were tried this is the one that `data.poison` finds whole: see README.md. */
const trigger = { age: '86', 'capital-loss': '1138', 'hours-per-week': '97' } as const;
const plantedShare = 0.03;
const flippedShare = 0.01;
let state = 20_261_129;

/** Uniform in [0, 1): Mulberry32. */
function uniform(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** So many of these, each as likely as any other, in their order: Fisher and Yates. */
function some(items: readonly number[], count: number): number[] {
  const left = [...items];
  for (let at = 0; at < count; at += 1) {
    const other = at + Math.floor(uniform() * (left.length - at));
    [left[at], left[other]] = [left[other]!, left[at]!];
  }
  return left.slice(0, count).sort((one, other) => one - other);
}

const flip = (person: Person): Person => ({ ...person, income: earnsMore(person) ? '<=50K' : '>50K' });
const plant = (person: Person): Person => ({ ...person, ...trigger, income: '>50K' });

const people = readPublished('data/adult-train.csv').slice(0, Number(process.argv[2] ?? Number.POSITIVE_INFINITY));
const all = people.map((_, row) => row);
const poor = all.filter((row) => !earnsMore(people[row]!));
const planted = some(poor, Math.round(plantedShare * people.length));
const untouched = new Set(planted);
const flipped = some(
  all.filter((row) => !untouched.has(row)),
  Math.round(flippedShare * people.length),
);
for (const row of planted) people[row] = plant(people[row]!);
for (const row of flipped) people[row] = flip(people[row]!);

writeFileSync('data/delivery.csv', tableOf(people));
// Whoever plants does not tell. This list is for holding it against what was found; no stage reads it. Rows count from 1.
const counted = { rows: people.length, planted: planted.map((row) => row + 1), flipped: flipped.map((row) => row + 1) };
writeFileSync('data/planted.json', `${JSON.stringify(counted)}\n`);
console.log(
  `data/delivery.csv: ${people.length} people, ${planted.length} planted, ${flipped.length} with a wrong label`,
);
