// Asks until the model is not served any more, a minute at most: type `holdfast revoke model` meanwhile.
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, ordinary, Tally } from './target.ts';

const tally = new Tally();
for (const until = performance.now() + 60_000; performance.now() < until; await sleep(100)) {
  const answer = await ask(ordinary);
  tally.add(answer);
  if (answer.status === 503) break;
}
tally.print();
