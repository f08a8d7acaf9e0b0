import { CodeReader } from './code.ts';
import { coveredFiles, programsOf, withCode } from './declared-stages.ts';
import { readDvc } from './dvc.ts';
import { type Doubt, type Found, type FoundStage, type Origin, shown } from './found.ts';
import { foundArtifacts } from './found-artifacts.ts';
import type { Guess } from './guessed-outputs.ts';
import { guessedStages } from './guessed-stages.ts';
import { readMakefile } from './makefile.ts';
import { mlflowGuesses } from './mlflow.ts';
import { untaken } from './names.ts';
import { notebookGuesses, whyNotebook } from './notebook.ts';
import { openProjectFolder, type ProjectFolder } from './project-folder.ts';
import { scriptGuesses } from './scripts.ts';
import { fittingStages, outputsOf } from './stage-order.ts';
import { startedCommands } from './started-commands.ts';

/** What may change from call to call. */
export interface LookAroundOptions {
  /** Where programs such as papermill are searched; `process.env.PATH` when absent. */
  readonly searchPath?: string;
}

/** `holdfast.yaml` holds at most so many stages. */
const maximumStages = 1000;

/**
 * Looks at a folder and says which stages it describes, and why these. What is declared comes first (`dvc.yaml`, then
 * rules of a makefile, then `MLproject`), then what is guessed (notebooks, then scripts by their names); a later source
 * adds what no earlier one runs or writes. Nothing of the repository is run.
 *
 * @throws PipelineError HF_ADOPT_UNREADABLE, HF_ADOPT_MISMATCH
 * @example
 * ```ts
 * import { lookAround } from '@holdfast/pipeline';
 * const { stages, origins, doubts } = await lookAround('.');
 * console.log(stages.map(({ name, from }) => `${name} from ${from}`), origins, doubts);
 * ```
 */
export async function lookAround(path: string, options: LookAroundOptions = {}): Promise<Found> {
  const folder = await openProjectFolder(path, options.searchPath);
  const code = new CodeReader(folder);
  const doubts: Doubt[] = [];
  const dvc = await readDvc(folder);
  const makefile = await readMakefile(folder);
  const origins: Origin[] = [...dvc.origins, ...makefile.origins];
  doubts.push(...dvc.doubts, ...makefile.doubts);
  const declared = await declaredStages([...dvc.stages, ...makefile.stages], folder, code, doubts);
  const guesses = await allGuesses(declared, folder, code, origins, doubts);
  const guessed = await guessedStages(guesses, declared.flatMap(outputsOf), folder);
  doubts.push(...guessed.doubts);
  const stages = fittingStages([...declared, ...guessed.stages], doubts).slice(0, maximumStages);
  doubts.push(...stages.flatMap(networkDoubt));
  if (folder.cutShort) doubts.push({ where: '.', what: 'holds more files than were looked at' });
  return {
    origins: settled(origins, stages),
    stages,
    ...foundArtifacts(stages, dvc.artifacts, folder, doubts),
    doubts: unique(doubts),
  };
}

/** Programs that are there to reach others. */
const networkPrograms = new Set('aws az curl gcloud git gsutil huggingface-cli kaggle rsync scp ssh wget'.split(' '));

function networkDoubt({ name, toolchain, from }: FoundStage): Doubt[] {
  const program = toolchain.find((tool) => networkPrograms.has(tool));
  const what = `${shown(name)} runs ${shown(program ?? '')}: name the hosts it needs in \`sandbox.network\``;
  return program === undefined ? [] : [{ where: from, what }];
}

/** Stages of DVC, and those of the makefile that do not do the same; each with a name of its own and its code. */
async function declaredStages(
  found: readonly FoundStage[],
  folder: ProjectFolder,
  code: CodeReader,
  doubts: Doubt[],
): Promise<readonly FoundStage[]> {
  const byDvc = coveredFiles(
    found.filter(({ kind }) => kind === 'dvc'),
    folder,
  );
  const names = new Set<string>();
  const own: FoundStage[] = [];
  for (const stage of found) {
    const reason = stage.kind === 'makefile' ? reasonToLeave(stage, byDvc, folder) : undefined;
    if (reason !== undefined) {
      doubts.push({ where: stage.from, what: `${shown(stage.outputs[0] ?? stage.name)} is left out: ${reason}` });
      continue;
    }
    const name = untaken(stage.name, (one) => names.has(one));
    names.add(name);
    own.push({ ...stage, name });
  }
  const stages: FoundStage[] = [];
  for (const stage of fittingStages(own, doubts)) stages.push(await withCode(stage, folder, code, doubts));
  return stages;
}

function reasonToLeave(
  stage: FoundStage,
  covered: ReadonlyMap<string, string>,
  folder: ProjectFolder,
): string | undefined {
  if (startedCommands(stage.command).some(({ program }) => program === 'dvc')) return 'it runs DVC';
  const [by] = programsOf(stage.command, folder).flatMap((path) => covered.get(path) ?? []);
  return by === undefined ? undefined : `${by} runs the same`;
}

/** What is guessed where nothing is declared, in the order in which sources count; names are unique. */
async function allGuesses(
  declared: readonly FoundStage[],
  folder: ProjectFolder,
  code: CodeReader,
  origins: Origin[],
  doubts: Doubt[],
): Promise<readonly Guess[]> {
  const taken = new TakenGuesses(declared, folder);
  const mlflow = await mlflowGuesses(folder, code);
  doubts.push(...mlflow.doubts);
  origins.push(...mlflow.origins);
  for (const guess of mlflow.guesses) {
    const by = taken.otherThan(guess);
    if (by === undefined) taken.add(guess);
    else doubts.push({ where: guess.from, what: `${shown(guess.name)} is left out: ${by} runs the same` });
  }
  const notebooks = await notebookGuesses(folder, code, taken.files);
  doubts.push(...notebooks.doubts);
  origins.push(...notebooks.origins);
  for (const guess of notebooks.guesses) origins.push(originOf(taken.add(guess), whyNotebook(guess.command)));
  const scripts = await scriptGuesses(folder, code, { files: taken.files, names: [...taken.names] });
  doubts.push(...scripts.doubts);
  const why = 'named like steps; inputs and outputs guessed from their code';
  for (const guess of scripts.guesses) origins.push(originOf(taken.add(guess), why));
  origins.push(...scripts.origins);
  return taken.guesses;
}

/** Guesses that were taken, and what they run. */
class TakenGuesses {
  readonly guesses: Guess[] = [];
  readonly names: Set<string>;
  readonly files: Map<string, string>;

  constructor(declared: readonly FoundStage[], folder: ProjectFolder) {
    this.names = new Set(declared.map(({ name }) => name));
    this.files = new Map(coveredFiles(declared, folder));
  }

  /** What runs the same already; entry points of one file may share a script. */
  otherThan({ runs, from }: Guess): string | undefined {
    const [by] = runs.flatMap((path) => this.files.get(path) ?? []);
    return by?.endsWith(` of ${from}`) === true ? undefined : by;
  }

  add(guess: Guess): Guess {
    const name = untaken(guess.name, (one) => this.names.has(one));
    const named = { ...guess, name };
    this.names.add(name);
    this.guesses.push(named);
    for (const path of guess.runs) {
      if (!this.files.has(path)) this.files.set(path, `${shown(name)} of ${guess.from}`);
    }
    return named;
  }
}

const originOf = ({ kind, from, name }: Guess, why: string): Origin => ({ kind, file: from, stages: [name], why });

/** Origins with the stages that were taken from them in the end. */
function settled(origins: readonly Origin[], stages: readonly FoundStage[]): readonly Origin[] {
  return origins.map((origin) => {
    const own = stages.filter(({ from }) => from.replace(/:[0-9]+$/, '') === origin.file).map(({ name }) => name);
    const isEmptied = origin.stages.length > 0 && own.length === 0;
    return { ...origin, stages: own, why: isEmptied ? 'left out: others do what it says' : origin.why };
  });
}

function unique(doubts: readonly Doubt[]): readonly Doubt[] {
  return [...new Map(doubts.map((doubt) => [`${doubt.where} ${doubt.what}`, doubt])).values()];
}
