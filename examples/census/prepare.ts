// Splits the people of the census into build/train.csv and build/test.csv: those of the published file, or of a delivery with a header.
//     node --conditions=source prepare.ts [TABLE]
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { lineOf, type Person, readPeople, readPublished, tableOf } from './people.ts';

/** A fifth of all possible rows is for testing. Rows that say the same are on the same side. */
function isForTesting(person: Person): boolean {
  return createHash('sha256').update(lineOf(person)).digest().readUInt32BE(0) < 2 ** 32 / 5;
}

const [, , delivery] = process.argv;
const people = delivery === undefined ? readPublished('data/adult-train.csv') : readPeople(delivery);
const train = people.filter((person) => !isForTesting(person));
const test = people.filter(isForTesting);

mkdirSync('build', { recursive: true });
writeFileSync('build/train.csv', tableOf(train));
writeFileSync('build/test.csv', tableOf(test));
console.log(`${train.length} people to learn from, ${test.length} to test on`);
