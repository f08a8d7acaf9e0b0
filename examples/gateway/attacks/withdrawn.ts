// Asks until the model is not served any more, a minute at most: type `holdfast revoke model` meanwhile.
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, ordinary, Tally } from './target.ts';

const tally = new Tally();
const until = performance.now() + 60_000;
while (performance.now() < until) {
  const answer = await ask(ordinary);
  tally.add(answer);
  if (answer.status === 503) break;
  await sleep(100);
}
tally.print();
