import type { CodePath } from './code.ts';
import { type Doubt, type FoundStage, shown } from './found.ts';
import { type Draft, draftsOf, type Guess } from './guessed-outputs.ts';
import { isMetricsFile } from './metrics-file.ts';
import { isInOneOf, OutputIndex } from './output-index.ts';
import { mayFetch } from './path-calls.ts';
import type { ProjectFolder } from './project-folder.ts';
import { folderOf, isWithin } from './project-path.ts';
import { toolchainOf } from './toolchain.ts';

export interface GuessedStages {
  readonly stages: readonly FoundStage[];
  readonly doubts: readonly Doubt[];
}

/** Files of a folder that stand for it, where the folder itself cannot be an input. */
const maximumFiles = 50;

/**
 * Makes stages of guesses that fit together: what one writes and another reads ties them.
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
  const made = new OutputIndex();
  for (const path of taken) made.add(path, '');
  for (const { guess, outputs } of drafts) for (const path of outputs) made.add(path, guess.name);
  const stages: FoundStage[] = [];
  for (const draft of drafts) stages.push(await stageOf(draft, made, folder, doubts));
  return { stages, doubts };
}

async function stageOf(
  { guess, outputs }: Draft,
  made: OutputIndex,
  folder: ProjectFolder,
  doubts: Doubt[],
): Promise<FoundStage> {
  const { reading, name, command, kind, from } = guess;
  doubts.push(...reading.doubts);
  const metrics = await metricsAmong([...outputs], folder);
  const inputs = inputsOf({ guess, outputs }, made, folder, doubts);
  if (outputs.size === 0)
    doubts.push({ where: from, what: `what ${shown(name)} writes: add its outputs to holdfast.yaml` });
  return {
    name,
    command,
    toolchain: await toolchainOf(command, folder),
    inputs,
    outputs: [...outputs].filter((path) => path !== metrics),
    metrics,
    kind,
    from,
    description: undefined,
  };
}

function inputsOf(
  { guess, outputs }: Draft,
  made: OutputIndex,
  folder: ProjectFolder,
  doubts: Doubt[],
): readonly string[] {
  const read = new Set([...guess.reading.files, ...guess.needs]);
  for (const one of readsOf(guess)) {
    if (isInOneOf(one.path, outputs)) continue;
    const isMade = [...made.overlapping(one.path)].some((name) => name !== guess.name);
    const isThere = isMade || folder.isFile(one.path) || folder.isFolder(one.path);
    if (!isThere) doubts.push(missing(one));
    // a lone word may be a name of something else
    if (!isThere && (one.use === 'mention' || mayFetch(one.callee ?? '') || !/[./]/.test(one.path))) continue;
    for (const path of withoutOutputs(one, outputs, made, folder, doubts)) read.add(path);
  }
  return [...read].filter((path) => !isInOneOf(folderOf(path), read));
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
  outputs: ReadonlySet<string>,
  made: OutputIndex,
  folder: ProjectFolder,
  doubts: Doubt[],
): readonly string[] {
  if (![...outputs].some((output) => isWithin(output, path))) return [path];
  const others = [...made.within(path)].filter((one) => !outputs.has(one));
  const files = folder.files.filter((file) => isWithin(file, path) && !isInOneOf(file, outputs));
  const rest = files.filter((file) => !isInOneOf(file, new Set(others)));
  if (rest.length > maximumFiles) {
    doubts.push({
      where,
      what: `reads and writes ${shown(path)}: name the files that it reads in holdfast.yaml`,
    });
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
