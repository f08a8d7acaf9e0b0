import type { CodeReading } from './code.ts';
import { countOf, type Doubt, type SourceKind, shown } from './found.ts';
import { isInOneOf, OutputIndex } from './output-index.ts';
import { isWithin } from './project-path.ts';

/** A command whose inputs and outputs are guessed from the code that it runs. */
export interface Guess {
  readonly name: string;
  readonly command: string;
  readonly kind: SourceKind;
  /** The file that it was made from. */
  readonly from: string;
  /** Programs and notebooks of the project that it runs. */
  readonly runs: readonly string[];
  readonly reading: CodeReading;
  /** What its command line or its declaration says, beside what the code does. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Other files that it depends on, such as `requirements.txt`. */
  readonly needs: readonly string[];
}

/** A guess with what it alone writes. */
export interface Draft {
  readonly guess: Guess;
  readonly outputs: Set<string>;
}

const makesFolder = new Set(['makedirs', 'mkdir', 'mkdirSync']);
/** Outputs of one stage that are told apart. */
const maximumOutputs = 100;

/**
 * Shares out what guesses write: no path goes to two, the first keeps it. What a program writes only by what it imports
 * is its own when no other imports it as well; a folder that it makes is its own when nothing is seen to be written in.
 *
 * @param taken outputs of stages that are there already
 */
export function draftsOf(guesses: readonly Guess[], taken: readonly string[], doubts: Doubt[]): readonly Draft[] {
  const sharing = new Sharing(taken, doubts);
  const drafts: Draft[] = guesses.map((guess) => ({ guess, outputs: new Set() }));
  for (const draft of drafts) for (const written of ownWrites(draft.guess)) sharing.add(draft, written);
  const importers = importersOf(guesses);
  for (const draft of drafts) {
    for (const written of importedWrites(draft.guess, importers, doubts)) sharing.add(draft, written);
  }
  for (const draft of drafts) for (const written of madeFolders(draft.guess)) sharing.addFolder(draft, written);
  return drafts;
}

interface Written {
  readonly path: string;
  readonly where: string;
}

class Sharing {
  readonly #written = new OutputIndex();
  readonly #doubts: Doubt[];

  constructor(taken: readonly string[], doubts: Doubt[]) {
    this.#doubts = doubts;
    for (const path of taken) this.#written.add(path, '');
  }

  add({ guess, outputs }: Draft, { path, where }: Written): void {
    const [other] = [...this.#written.overlapping(path)].filter((name) => name !== guess.name);
    if (other !== undefined) {
      const isRead = guess.reading.paths.some((one) => one.path === path && one.use === 'read');
      const owner = other === '' ? 'another stage' : shown(other);
      if (!isRead)
        this.#doubts.push({ where, what: `writes ${shown(path)}, which ${owner} writes as well: not its output` });
      return;
    }
    if (isInOneOf(path, outputs) || outputs.size === maximumOutputs) return;
    // a folder that is written as a whole stands for what is written into it
    for (const below of [...outputs].filter((output) => isWithin(output, path))) outputs.delete(below);
    outputs.add(path);
    this.#written.add(path, guess.name);
  }

  addFolder(draft: Draft, written: Written): void {
    if (this.#written.overlapping(written.path).size === 0) this.add(draft, written);
  }
}

function ownWrites({ reading, writes, from }: Guess): readonly Written[] {
  const named = reading.paths.filter(
    ({ use, isImported, callee }) => use === 'write' && !isImported && !makesFolder.has(callee ?? ''),
  );
  return [...writes.map((path) => ({ path, where: from })), ...named];
}

/** By file and line of what is written, the guesses that import it. */
function importersOf(guesses: readonly Guess[]): ReadonlyMap<string, readonly Guess[]> {
  const found = new Map<string, Set<Guess>>();
  for (const guess of guesses) {
    for (const { where, isImported } of guess.reading.paths) {
      if (isImported) found.set(where, (found.get(where) ?? new Set()).add(guess));
    }
  }
  return new Map([...found].map(([where, set]) => [where, [...set]]));
}

function importedWrites(
  guess: Guess,
  importers: ReadonlyMap<string, readonly Guess[]>,
  doubts: Doubt[],
): readonly Written[] {
  return guess.reading.paths.filter(({ use, isImported, callee, path, where }) => {
    if (use !== 'write' || !isImported || makesFolder.has(callee ?? '')) return false;
    const sharing = importers.get(where) ?? [];
    if (sharing.length > 1 && sharing[0] === guess) {
      const stages = countOf(sharing.length, 'stage');
      doubts.push({
        where,
        what: `writes ${shown(path)} for ${stages}: add it to the outputs of one in holdfast.yaml`,
      });
    }
    return sharing.length === 1;
  });
}

/** Folders that a program makes: what it leaves there is not known. */
function madeFolders({ reading }: Guess): readonly Written[] {
  return reading.paths.filter(
    ({ use, callee, isImported }) => use === 'write' && !isImported && makesFolder.has(callee ?? ''),
  );
}
