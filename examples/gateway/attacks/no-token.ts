// A caller who shows nothing, one who guesses, and one who does not write a request as it is written.
import { ask, ordinary, origin, Tally } from './target.ts';

const tally = new Tally();
tally.add(await ask(ordinary, ''));
tally.add(await ask(ordinary, 'hf_guessed'));
tally.print();
const { status } = await fetch(`${origin}/v2/models/credit/../other`, { method: 'GET' });
console.log(`         another path: ${status}`);
