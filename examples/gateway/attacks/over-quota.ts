// A caller who asks as fast as the network lets it: TIMES requests, 64 at once.
import { ask, ordinary, Tally } from './target.ts';

let left = Number(process.argv[2] ?? 2000);
const tally = new Tally();
const worker = async (): Promise<void> => {
  while (left > 0) {
    left -= 1;
    tally.add(await ask(ordinary));
  }
};
await Promise.all(Array.from({ length: 64 }, worker));
tally.print();
