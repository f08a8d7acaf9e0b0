import type { CodePath, CodeReading } from './code.ts';
import { countOf, type Doubt, type FoundStage, type SourceKind, shown } from './found.ts';
import { isMetricsFile } from './metrics-file.ts';
import { mayFetch } from './path-calls.ts';
import type { ProjectFolder } from './project-folder.ts';
import { isWithin, overlaps } from './project-path.ts';
import { toolchainOf } from './toolchain.ts';

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

export interface GuessedStages {
  readonly stages: readonly FoundStage[];
  readonly doubts: readonly Doubt[];
}

const makesFolder = new Set(['makedirs', 'mkdir', 'mkdirSync']);
/** Files of a folder that stand for it, where the folder itself cannot be an input. */
const maximumFiles = 50;

/** What a guess writes, each path once, and what is not sure about that. */
interface Draft {
  readonly guess: Guess;
  readonly outputs: string[];
}

/**
 * Makes stages of guesses that fit together: what one writes and another reads ties them, no path is written by two.
 *
 * @param taken outputs of stages that are there already
 */
export async function guessedStages(
  guesses: readonly Guess[],
  taken: readonly string[],
  folder: ProjectFolder,
): Promise<GuessedStages> {
  const doubts: Doubt[] = [];
  const drafts = draftsOf(guesses, taken, doubts);
  const stages: FoundStage[] = [];
  for (const draft of drafts) {
    const made = [...taken, ...drafts.filter((other) => other !== draft).flatMap(({ outputs }) => outputs)];
    stages.push(await stageOf(draft, made, folder, doubts));
  }
  return { stages, doubts };
}

/** What each guess writes. What a program makes only by what it imports is its own when no other imports it as well. */
function draftsOf(guesses: readonly Guess[], taken: readonly string[], doubts: Doubt[]): readonly Draft[] {
  const drafts: Draft[] = guesses.map((guess) => ({ guess, outputs: [] }));
  const written = new Map<string, string>(taken.map((path) => [path, '']));
  const add = (draft: Draft, path: string, where: string): void => {
    const [other, owner] = [...written].find(([one]) => overlaps(one, path)) ?? [];
    if (other !== undefined && owner === draft.guess.name) {
      const isShared = [...written].some(([one, name]) => name !== owner && overlaps(one, path));
      if (isWithin(other, path) && other !== path && !isShared) replaceBelow(draft, path, written);
      return;
    }
    if (other === undefined) {
      draft.outputs.push(path);
      written.set(path, draft.guess.name);
    } else if (!draft.guess.reading.paths.some((one) => one.path === path && one.use === 'read')) {
      doubts.push({ where, what: `writes ${shown(path)}, which ${ownerOf(owner)} writes as well: not its output` });
    }
  };
  for (const draft of drafts) for (const { path, where } of ownWrites(draft.guess)) add(draft, path, where);
  for (const draft of drafts)
    for (const { path, where } of importedWrites(draft.guess, guesses, doubts)) add(draft, path, where);
  for (const draft of drafts) for (const { path, where } of emptyFolders(draft.guess, written)) add(draft, path, where);
  return drafts;
}

const ownerOf = (name: string | undefined): string =>
  name === undefined || name === '' ? 'another stage' : shown(name);

/** A folder that is written as a whole stands for what is written into it. */
function replaceBelow(draft: Draft, path: string, written: Map<string, string>): void {
  for (const below of draft.outputs.filter((output) => isWithin(output, path))) {
    draft.outputs.splice(draft.outputs.indexOf(below), 1);
    written.delete(below);
  }
  draft.outputs.push(path);
  written.set(path, draft.guess.name);
}

interface Written {
  readonly path: string;
  readonly where: string;
}

function ownWrites({ reading, writes, from }: Guess): readonly Written[] {
  const named = reading.paths.filter(
    ({ use, isImported, callee }) => use === 'write' && !isImported && !makesFolder.has(callee ?? ''),
  );
  return [...writes.map((path) => ({ path, where: from })), ...named];
}

function importedWrites(guess: Guess, all: readonly Guess[], doubts: Doubt[]): readonly Written[] {
  return guess.reading.paths.filter(({ use, isImported, callee, path, where }) => {
    if (use !== 'write' || !isImported || makesFolder.has(callee ?? '')) return false;
    const sharing = all.filter(({ reading }) => reading.paths.some((other) => other.where === where));
    if (sharing.length > 1 && sharing[0] === guess) {
      doubts.push({
        where,
        what: `writes ${shown(path)} for ${countOf(sharing.length, 'stage')}: add it to the outputs of one in holdfast.yaml`,
      });
    }
    return sharing.length === 1;
  });
}

/** Folders that a program makes and that nothing else is seen to write into: what it leaves there is not known. */
function emptyFolders({ reading }: Guess, written: ReadonlyMap<string, string>): readonly Written[] {
  return reading.paths.filter(
    ({ use, callee, path, isImported }) =>
      use === 'write' &&
      !isImported &&
      makesFolder.has(callee ?? '') &&
      ![...written.keys()].some((one) => overlaps(one, path)),
  );
}

async function stageOf(
  { guess, outputs }: Draft,
  made: readonly string[],
  folder: ProjectFolder,
  doubts: Doubt[],
): Promise<FoundStage> {
  const { reading, name, command, kind, from, needs } = guess;
  doubts.push(...reading.doubts);
  const metrics = await metricsAmong(outputs, folder);
  const read = new Set([...reading.files, ...needs]);
  for (const one of readsOf(guess)) {
    if (outputs.some((output) => isWithin(one.path, output))) continue;
    const isThere =
      folder.isFile(one.path) || folder.isFolder(one.path) || made.some((path) => overlaps(path, one.path));
    if (!isThere) doubts.push(missing(one));
    // a lone word may be a name of something else
    if (!isThere && (one.use === 'mention' || mayFetch(one.callee ?? '') || !/[./]/.test(one.path))) continue;
    for (const path of withoutOutputs(one, outputs, made, folder, doubts)) read.add(path);
  }
  const inputs = [...read].filter((path) => ![...read].some((other) => other !== path && isWithin(path, other)));
  if (outputs.length === 0)
    doubts.push({ where: from, what: `what ${shown(name)} writes: add its outputs to holdfast.yaml` });
  return {
    name,
    command,
    toolchain: await toolchainOf(command, folder),
    inputs,
    outputs: outputs.filter((path) => path !== metrics),
    metrics,
    kind,
    from,
    description: undefined,
  };
}

function readsOf({ reading, reads, from }: Guess): readonly CodePath[] {
  const declared = reads.map(
    (path): CodePath => ({ path, use: 'read', callee: undefined, where: from, isImported: false }),
  );
  return [...declared, ...reading.paths.filter(({ use }) => use !== 'write')];
}

function missing({ path, use, where, callee }: CodePath): Doubt {
  if (mayFetch(callee ?? '')) {
    return { where, what: `loads ${shown(path)}: if that is from the network, name the host in \`sandbox.network\`` };
  }
  if (use === 'read') return { where, what: `reads ${shown(path)}, which is not there and which no stage makes` };
  return { where, what: `names ${shown(path)}, which is not there: it may be an output` };
}

/**
 * An input may not hold what the stage itself writes, or it would wait for itself: then the folder's files stand for
 * it, and what other stages write there.
 */
function withoutOutputs(
  { path, where }: CodePath,
  outputs: readonly string[],
  made: readonly string[],
  folder: ProjectFolder,
  doubts: Doubt[],
): readonly string[] {
  if (!outputs.some((output) => isWithin(output, path))) return [path];
  const files = folder.files.filter(
    (file) => isWithin(file, path) && !outputs.some((output) => isWithin(file, output)),
  );
  const others = made.filter((one) => isWithin(one, path));
  const rest = files.filter((file) => !others.some((other) => isWithin(file, other)));
  if (rest.length > maximumFiles) {
    doubts.push({ where, what: `reads and writes ${shown(path)}: name the files that it reads in holdfast.yaml` });
    return others;
  }
  return [...others, ...rest];
}

/** The one output that can be the metrics of a stage. */
export async function metricsAmong(outputs: readonly string[], folder: ProjectFolder): Promise<string | undefined> {
  for (const path of outputs) {
    if (
      /(?:metrics?|scores?|results?|evaluation)\.json$/i.test(path) &&
      (await isMetricsFile(path, folder)) !== false
    ) {
      return path;
    }
  }
  return undefined;
}
