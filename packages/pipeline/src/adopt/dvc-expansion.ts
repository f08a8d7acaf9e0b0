import type { DvcConfig } from './dvc-config.ts';
import { asText, DvcContext } from './dvc-context.ts';
import { shown } from './found.ts';
import { type ProjectFolder, unreadable } from './project-folder.ts';
import { folderOf, insideProject } from './project-path.ts';
import { listOf, mapOf, type PythonMap, type PythonValue, textOf } from './python-value.ts';
import { readPythonYaml } from './python-yaml.ts';

/** A stage of a `dvc.yaml` with nothing left to fill in. */
export interface DvcStage {
  /** As DVC calls it: `train`, `train@small`. */
  readonly name: string;
  readonly definition: PythonMap;
  /** Folder that its paths count from; `undefined` when that is outside of the project. */
  readonly folder: string | undefined;
  /** Files whose values were put into it. */
  readonly valuesFrom: readonly string[];
}

export interface DvcPipeline {
  readonly stages: readonly DvcStage[];
  /** The other keys at the top: `artifacts`, `datasets` … */
  readonly top: PythonMap;
  readonly doubts: readonly string[];
}

const maximumStages = 1000;

/**
 * Reads a `dvc.yaml` and expands it: `vars`, `params.yaml`, `${…}`, `foreach` and `matrix` (DVC, dvc.yaml files:
 * Templating; dvc/parsing/__init__.py). A stage that cannot be filled in is left out, and said.
 *
 * @param file its path in the project
 * @throws PipelineError HF_ADOPT_UNREADABLE
 */
export async function expandDvcYaml(
  text: string,
  file: string,
  config: Pick<DvcConfig, 'parsing'>,
  folder: Pick<ProjectFolder, 'read'>,
): Promise<DvcPipeline> {
  const read = readPythonYaml(text, file, 'ruamel');
  if (read !== null && !(read instanceof Map)) throw unreadable(file, 'is no mapping');
  const top = mapOf(read);
  const expansion = new Expansion(folderOf(file), folder);
  const context = await expansion.globalContext(listOf(top.get('vars')), config);
  for (const [name, definition] of mapOf(top.get('stages'))) await expansion.add(name, mapOf(definition), context);
  return { stages: expansion.stages, top, doubts: expansion.doubts };
}

class Expansion {
  readonly stages: DvcStage[] = [];
  readonly doubts: string[] = [];
  readonly #base: string;
  readonly #folder: Pick<ProjectFolder, 'read'>;
  /** Files that values came from. */
  readonly #files = new Set<string>();
  /** Files that the values of every stage were taken from, as a whole. */
  readonly #whole = new Set<string>();

  constructor(base: string, folder: Pick<ProjectFolder, 'read'>) {
    this.#base = base;
    this.#folder = folder;
  }

  async globalContext(vars: readonly PythonValue[], config: Pick<DvcConfig, 'parsing'>): Promise<DvcContext> {
    const empty = new DvcContext(new Map(), config.parsing);
    const problems: string[] = [];
    const context = await this.#load(['params.yaml', ...vars], this.#base, empty, problems, this.#whole);
    this.doubts.push(...problems.map((problem) => `\`vars\`: ${problem}`));
    return context;
  }

  async add(name: string, definition: PythonMap, context: DvcContext): Promise<void> {
    const problems: string[] = [];
    const inner = definition.has('foreach') ? mapOf(definition.get('do')) : without(definition, 'matrix');
    const iterations = iterationsOf(definition, context, problems);
    if (problems.length > 0) this.#leaveOut(name, problems);
    for (const { key, values } of iterations) {
      if (this.stages.length === maximumStages) {
        this.#leaveOut(name, [`there are over ${maximumStages} stages`]);
        return;
      }
      const full = key === undefined ? name : `${name}@${key}`;
      await this.#stage(full, inner, key === undefined ? context : context.with(values));
    }
  }

  async #stage(name: string, template: PythonMap, given: DvcContext): Promise<void> {
    const problems: string[] = [];
    const written = textOf(template.get('wdir'));
    const resolved = written === undefined ? '' : (asText(given.resolve(written, problems)) ?? '');
    const folder = insideProject(this.#base, resolved === '' ? '.' : resolved);
    const vars = listOf(template.get('vars'));
    const context =
      vars.length === 0 ? given : await this.#load(vars, folder ?? '', given, problems, new Set(this.#whole));
    const entries = [...without(template, 'vars')].map(
      ([key, value]) => [key, context.resolve(value, problems, key)] as const,
    );
    if (problems.length > 0) this.#leaveOut(name, problems);
    else {
      const isFilledIn = usesValues(template);
      this.stages.push({
        name,
        definition: new Map(entries),
        folder,
        valuesFrom: isFilledIn ? [...this.#files] : [],
      });
    }
  }

  #leaveOut(name: string, problems: readonly string[]): void {
    this.doubts.push(`the stage ${shown(name)} is left out: ${[...new Set(problems)].slice(0, 3).join(', ')}`);
  }

  /** Adds `file.yaml`, `file.yaml:key,key` or a mapping for each item of `vars`. */
  async #load(
    vars: readonly PythonValue[],
    base: string,
    context: DvcContext,
    problems: string[],
    whole: Set<string>,
  ): Promise<DvcContext> {
    let result = context;
    for (const item of vars.slice(0, 100)) {
      if (item instanceof Map) result = result.merged(item as PythonMap, problems);
      if (typeof item === 'string') result = result.merged(await this.#values(item, base, problems, whole), problems);
    }
    return result;
  }

  async #values(item: string, base: string, problems: string[], whole: Set<string>): Promise<PythonMap> {
    const [written = '', keys] = item.split(':', 2);
    const path = insideProject(base, written);
    // naming a file again is no mistake as long as all of it is meant
    if (path !== undefined && keys === undefined && whole.has(path)) return new Map();
    if (path === undefined) {
      problems.push(`${shown(written)} is outside of the project`);
      return new Map();
    }
    if (keys === undefined) whole.add(path);
    const text = path === '' ? undefined : await this.#folder.read(path);
    if (text === undefined) {
      if (written !== 'params.yaml') problems.push(`${shown(written)} is not there`);
      return new Map();
    }
    if (!/\.(?:ya?ml|json)$/.test(path)) {
      problems.push(`${shown(written)} is neither YAML nor JSON`);
      return new Map();
    }
    this.#files.add(path);
    const values = mapOf(readPythonYaml(text, path, 'ruamel'));
    const chosen = keys?.split(',').filter((key) => key !== '') ?? [];
    const missing = chosen.find((key) => !values.has(key));
    if (missing !== undefined) problems.push(`${shown(missing)} is not in ${shown(written)}`);
    return chosen.length === 0 ? values : new Map([...values].filter(([key]) => chosen.includes(key)));
  }
}

const without = (map: PythonMap, key: string): PythonMap => new Map([...map].filter(([name]) => name !== key));

function usesValues(value: PythonValue): boolean {
  if (typeof value === 'string') return value.includes('${');
  if (Array.isArray(value)) return (value as readonly PythonValue[]).some(usesValues);
  return value instanceof Map && [...(value as PythonMap)].some(([key, item]) => usesValues(key) || usesValues(item));
}

interface Iteration {
  readonly key: string | undefined;
  readonly values: PythonMap;
}

function iterationsOf(definition: PythonMap, context: DvcContext, problems: string[]): readonly Iteration[] {
  if (definition.has('matrix')) return matrixOf(mapOf(definition.get('matrix')), context, problems);
  if (!definition.has('foreach')) return [{ key: undefined, values: new Map() }];
  const data = context.resolve(definition.get('foreach') ?? null, problems);
  if (data instanceof Map) {
    return [...(data as PythonMap)].map(([key, item]) => ({
      key,
      values: new Map<string, PythonValue>([
        ['key', key],
        ['item', item],
      ]),
    }));
  }
  if (Array.isArray(data)) return overList(data as readonly PythonValue[]);
  if (problems.length === 0) problems.push('`foreach` is neither a list nor a mapping');
  return [];
}

const isComposite = (value: PythonValue): boolean => Array.isArray(value) || value instanceof Map;

/** The values name the stages, or their positions when one of them is a list or a mapping. */
function overList(items: readonly PythonValue[]): readonly Iteration[] {
  const byPosition = items.some(isComposite);
  const named = new Map(items.map((item, index) => [byPosition ? String(index) : (asText(item) ?? ''), item]));
  return [...named].map(([key, item]) => ({ key, values: new Map([['item', item]]) }));
}

/** Every combination; `item.NAME` is its value for NAME. */
function matrixOf(matrix: PythonMap, context: DvcContext, problems: string[]): readonly Iteration[] {
  let combinations: { parts: string[]; item: [string, PythonValue][] }[] = [{ parts: [], item: [] }];
  for (const [name, values] of matrix) {
    const resolved = context.resolve(values, problems);
    const choices = resolved instanceof Map ? [...(resolved as PythonMap).keys()] : listOf(resolved);
    if (combinations.length * choices.length > maximumStages) {
      problems.push(`\`matrix\` makes over ${maximumStages} stages`);
      return [];
    }
    combinations = combinations.flatMap(({ parts, item }) =>
      choices.map((value, index) => ({
        parts: [...parts, isComposite(value) ? `${name}${index}` : (asText(value) ?? '')],
        item: [...item, [name, value] as [string, PythonValue]],
      })),
    );
  }
  return combinations.map(({ parts, item }) => {
    const key = parts.join('-');
    return {
      key,
      values: new Map<string, PythonValue>([
        ['key', key],
        ['item', new Map(item)],
      ]),
    };
  });
}
