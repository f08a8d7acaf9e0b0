// Looks for an applicant who is nearly the one that was refused, and is not refused: small steps, each kept when the answer improves.
import { ask, type Row, ranges, Tally, uniform } from './target.ts';

const steps = Number(process.argv[2] ?? 200);
const random = uniform(7);
const refused: Row = [41, 22_000, 3, 14_000, 36, 0.45, 2, 8, 0];
const tally = new Tally();

let best: Row = refused;
const first = await ask(best);
tally.add(first);
let probability = first.probability ?? 0;
const began = probability;
for (let step = 0; step < steps && probability <= 0.5; step += 1) {
  const next = best.map((value, at) => {
    const [least, greatest] = ranges[at] ?? [0, 1];
    return Math.min(greatest, Math.max(least, value + (random() - 0.5) * 0.02 * (greatest - least)));
  });
  const answer = await ask(next);
  tally.add(answer);
  if ((answer.probability ?? -1) > probability) {
    best = next;
    probability = answer.probability ?? probability;
  }
}
console.log('searching for small changes, what it was told:');
tally.print();
console.log(
  `  the probability went from ${began.toFixed(3)} to ${probability.toFixed(3)}: ${probability > 0.5 ? 'it turned' : 'it did not turn'}`,
);
