// A caller who shows nothing, and one who guesses.
import { ask, ordinary, Tally } from './target.ts';

const tally = new Tally();
tally.add(await ask(ordinary, ''));
tally.add(await ask(ordinary, 'hf_guessed'));
tally.print();
