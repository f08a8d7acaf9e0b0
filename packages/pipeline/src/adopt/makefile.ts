import { type Doubt, type FoundStage, type Origin, shown } from './found.ts';
import { matchesGlob } from './glob.ts';
import { metricsAmong } from './guessed-stages.ts';
import { type Makefile, parseMakefile } from './makefile-parser.ts';
import { commandOf, expandRecipe, makesFolder } from './makefile-recipe.ts';
import { type MakefileTarget, makefileTargets } from './makefile-targets.ts';
import { nameFrom } from './names.ts';
import type { ProjectFolder } from './project-folder.ts';
import { baseOf, insideProject } from './project-path.ts';
import { toolchainOf } from './toolchain.ts';

export interface MakefileReading {
  readonly stages: readonly FoundStage[];
  readonly origins: readonly Origin[];
  readonly doubts: readonly Doubt[];
}

/** In the order in which GNU make looks for them. */
const fileNames = ['GNUmakefile', 'makefile', 'Makefile'];
/** Folders of environments: what is made there is no data. */
const environments = /^(?:\.[^/]+|venv|env|node_modules|__pycache__)(?:\/|$)/;

/**
 * Stages from the makefile at the top: a rule is one when its target is a file of the project and it has a recipe. Make
 * is not run.
 */
export async function readMakefile(folder: ProjectFolder): Promise<MakefileReading> {
  const file = fileNames.find((name) => folder.isFile(name));
  const text = file === undefined ? undefined : await folder.read(file);
  if (file === undefined || text === undefined) return { stages: [], origins: [], doubts: [] };
  const makefile = parseMakefile(text, file);
  const globs = withGlobs(makefile, folder);
  const targets = makefileTargets(globs, (path) => folder.isFile(path) || folder.isFolder(path));
  const reader = new StageReader(file, globs, targets, folder);
  const stages = await reader.stages();
  const doubts = [...makefile.doubts, ...reader.doubts];
  return {
    stages,
    origins: [{ kind: 'makefile', file, stages: stages.map(({ name }) => name), why: whyOf(stages, globs) }],
    doubts,
  };
}

function whyOf(stages: readonly FoundStage[], { refusal, rules }: Makefile): string {
  if (refusal !== undefined) return `left out: ${refusal}`;
  if (stages.length > 0) return 'from rules that make files';
  return rules.length === 0
    ? 'left out: it has no rules'
    : 'left out: none of its rules makes a file that is understood';
}

const maximumPatterns = 500;

/** Wildcards among prerequisites stand for the files that are there (GNU make manual, "Using Wildcard Characters"). */
function withGlobs(makefile: Makefile, folder: ProjectFolder): Makefile {
  let left = maximumPatterns;
  const expand = (words: readonly string[]): string[] =>
    words.flatMap((word) => {
      if (!/[*?]/.test(word) || (left -= 1) < 0) return [word];
      const found = folder.files.filter((path) => matchesGlob(path, word.replace(/^\.\//, '')));
      return found.length === 0 ? [word] : found;
    });
  return { ...makefile, rules: makefile.rules.map((rule) => ({ ...rule, prerequisites: expand(rule.prerequisites) })) };
}

/** Whether a recipe speaks of its target. */
function namesTarget(text: string, target: string): boolean {
  if (/\$(?:@|[({]@)/.test(text)) return true;
  return text.split(/[\s;&|<>"']+/).some((word) => word === target || word.startsWith(`${target}/`));
}

interface Needs {
  readonly inputs: readonly string[];
  /** Folders that must be there. */
  readonly folders: readonly string[];
  readonly doubts: readonly string[];
}

class StageReader {
  readonly doubts: Doubt[] = [];
  readonly #file: string;
  readonly #makefile: Makefile;
  readonly #targets: readonly MakefileTarget[];
  readonly #folder: ProjectFolder;
  /** Targets that a rule makes as empty folders. */
  readonly #folders = new Set<string>();

  constructor(file: string, makefile: Makefile, targets: readonly MakefileTarget[], folder: ProjectFolder) {
    this.#file = file;
    this.#makefile = makefile;
    this.#targets = targets;
    this.#folder = folder;
  }

  async stages(): Promise<readonly FoundStage[]> {
    if (this.#makefile.refusal !== undefined) return [];
    for (const target of this.#targets) {
      const recipe = expandRecipe(target, this.#makefile);
      if ('lines' in recipe && makesFolder(target, recipe.lines))
        for (const name of target.targets) this.#folders.add(name);
    }
    const stages: FoundStage[] = [];
    for (const target of this.#targets) {
      const stage = await this.#stage(target);
      if (stage !== undefined) stages.push(stage);
    }
    for (const name of this.#makefile.variables.unset) {
      this.doubts.push({
        where: this.#file,
        what: `${shown(`$(${name})`)} is not set: taken for nothing, as make does`,
      });
    }
    return stages;
  }

  async #stage(target: MakefileTarget): Promise<FoundStage | undefined> {
    const { targets, recipe, line } = target;
    const where = `${this.#file}:${line}`;
    const [first = ''] = targets;
    if (recipe.length === 0 || this.#folders.has(first)) return undefined;
    const kept = this.#isFile(target);
    if (kept === undefined) return undefined;
    const expanded = kept === true ? expandRecipe(target, this.#makefile) : { problem: kept };
    const needs = this.#needs(target);
    const joined = 'lines' in expanded ? commandOf(expanded.lines, needs.folders, this.#makefile) : expanded;
    if ('problem' in joined) {
      this.doubts.push({ where, what: `${shown(first)} is left out: ${joined.problem}` });
      return undefined;
    }
    if ('lines' in expanded && expanded.lines.length === 0) return undefined;
    this.doubts.push(...needs.doubts.map((what) => ({ where, what })));
    const outputs = targets.flatMap((path) => insideProject('', path) ?? []);
    if (target.isRedefined)
      this.doubts.push({ where, what: `${shown(first)} has several recipes: the last one counts` });
    const metrics = await metricsAmong(outputs, this.#folder);
    return {
      name: nameFrom(baseOf(outputs[0] ?? '').replace(/\.[^.]+$/, ''), 'target'),
      command: joined.command,
      toolchain: await toolchainOf(joined.command, this.#folder),
      inputs: needs.inputs,
      outputs: outputs.filter((path) => path !== metrics),
      metrics,
      kind: 'makefile',
      from: where,
      description: undefined,
    };
  }

  /** Whether all targets are files of the project; `undefined` for one that is only a name, else why not. */
  #isFile({ targets, recipe }: MakefileTarget): true | string | undefined {
    for (const target of targets) {
      if (this.#makefile.phony.has(target)) return undefined;
      if (this.#makefile.conditional.has(target)) return 'a condition speaks of it';
      const path = insideProject('', target);
      if (path === undefined || path === '') return 'it is outside of the project';
      if (environments.test(path)) return undefined;
      // `train:` without .PHONY leaves no file of that name
      const isMade = this.#folder.isFile(path) || recipe.some(({ text }) => namesTarget(text, target));
      if (!/[./]/.test(path) && !isMade) return 'its recipe does not say that it makes a file';
    }
    return true;
  }

  /** The files that it needs, and the folders that must be there. */
  #needs({ prerequisites, orderOnly, targets }: MakefileTarget): Needs {
    const doubts: string[] = [];
    const inputs = new Set<string>();
    const folders = new Set<string>();
    const known = new Set(this.#targets.filter(({ recipe }) => recipe.length > 0).flatMap((one) => one.targets));
    for (const name of [...prerequisites, ...orderOnly]) {
      const path = insideProject('', name);
      const tell = (what: string): void => {
        doubts.push(`${shown(targets[0] ?? '')} needs ${shown(name)}, ${what}`);
      };
      if (this.#folders.has(name)) folders.add(name);
      else if (this.#makefile.phony.has(name)) tell('which is no file: not an input');
      else if (path === undefined || path === '') tell('outside of the project: not an input');
      else {
        inputs.add(path);
        const isThere = known.has(name) || this.#folder.isFile(path) || this.#folder.isFolder(path);
        if (!isThere) tell('which is not there and which no rule makes');
      }
    }
    return { inputs: [...inputs], folders: [...folders], doubts };
  }
}
