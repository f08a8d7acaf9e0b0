import type { MakefileLine } from './makefile-lines.ts';
import type { Makefile, MakefileRule } from './makefile-parser.ts';
import { stemOf } from './makefile-variables.ts';

/** What make would do to make files: all rules that speak of them put together. */
export interface MakefileTarget {
  /** More than one when a single run of the recipe makes them all. */
  readonly targets: readonly string[];
  readonly prerequisites: readonly string[];
  readonly orderOnly: readonly string[];
  readonly recipe: readonly MakefileLine[];
  /** What `%` stood for, for `$*`. */
  readonly stem: string | undefined;
  readonly line: number;
  /** There were several recipes; make takes the last. */
  readonly isRedefined: boolean;
}

const maximumTargets = 5000;
/** Pattern rules that may follow one another to make one file. */
const maximumChain = 6;

/**
 * The files that a makefile knows how to make, each with its recipe: explicit and static pattern rules, and plain
 * pattern rules for the files that they name (GNU make manual, "Multiple Rules for One Target", "Implicit Rule Search
 * Algorithm").
 *
 * @param exists whether a file is there
 */
export function makefileTargets(makefile: Makefile, exists: (path: string) => boolean): readonly MakefileTarget[] {
  const explicit = explicitTargets(makefile.rules);
  const search = new PatternSearch(makefile, explicit, exists);
  const found = new Map<string, MakefileTarget>();
  const waiting = [...explicit.keys()];
  for (let name = waiting.shift(); name !== undefined && found.size < maximumTargets; name = waiting.shift()) {
    if (found.has(name)) continue;
    const own = explicit.get(name);
    const target = own !== undefined && own.recipe.length > 0 ? own : (search.find(name) ?? own);
    if (target === undefined) continue;
    for (const made of target.targets) found.set(made, target);
    waiting.push(...[...target.prerequisites, ...target.orderOnly].filter((path) => !found.has(path)));
  }
  return [...new Set(found.values())];
}

interface Draft {
  targets: readonly string[];
  prerequisites: string[];
  orderOnly: string[];
  recipe: readonly MakefileLine[];
  stem: string | undefined;
  line: number;
  isRedefined: boolean;
}

/** By target; prerequisites of the rule with the recipe come first, so that `$<` is the first of them. */
function explicitTargets(rules: readonly MakefileRule[]): ReadonlyMap<string, MakefileTarget> {
  const found = new Map<string, Draft>();
  for (const rule of rules.filter(({ targets }) => targets.every((target) => !target.includes('%')))) {
    for (const [index, target] of rule.targets.entries()) {
      if (rule.isGrouped && index > 0) continue;
      const stem = rule.targetPattern === undefined ? undefined : stemOf(target, rule.targetPattern);
      if (rule.targetPattern !== undefined && stem === undefined) continue;
      add(found, target, rule, stem);
    }
  }
  for (const draft of [...found.values()]) for (const target of draft.targets) found.set(target, draft);
  return found;
}

function add(found: Map<string, Draft>, target: string, rule: MakefileRule, stem: string | undefined): void {
  const fill = (words: readonly string[]): string[] =>
    stem === undefined ? [...words] : words.map((word) => word.replace('%', () => stem));
  const [needs, order] = [fill(rule.prerequisites), fill(rule.orderOnly)];
  const there = found.get(target);
  const hasRecipe = rule.recipe.length > 0;
  if (there === undefined) {
    const targets = rule.isGrouped ? rule.targets : [target];
    const draft = { targets, prerequisites: needs, orderOnly: order, recipe: rule.recipe, stem, line: rule.line };
    found.set(target, { ...draft, isRedefined: false });
    return;
  }
  there.prerequisites = hasRecipe ? [...needs, ...there.prerequisites] : [...there.prerequisites, ...needs];
  there.orderOnly = [...there.orderOnly, ...order];
  if (!hasRecipe) return;
  there.isRedefined = there.recipe.length > 0;
  there.recipe = rule.recipe;
  there.stem = stem;
  there.line = rule.line;
}

/** Finds the pattern rule that makes a file. */
class PatternSearch {
  readonly #patterns: readonly MakefileRule[];
  readonly #explicit: ReadonlyMap<string, MakefileTarget>;
  readonly #mentioned: ReadonlySet<string>;
  readonly #exists: (path: string) => boolean;
  #steps = 0;

  constructor({ rules }: Makefile, explicit: ReadonlyMap<string, MakefileTarget>, exists: (path: string) => boolean) {
    this.#patterns = rules.filter(
      ({ targets, recipe }) => recipe.length > 0 && targets.every((target) => target.includes('%')),
    );
    this.#explicit = explicit;
    this.#mentioned = new Set([...explicit].flatMap(([name, { prerequisites }]) => [name, ...prerequisites]));
    this.#exists = exists;
  }

  /** The rule with the shortest stem whose prerequisites are there, named, or made by other pattern rules. */
  find(name: string, used: readonly MakefileRule[] = []): MakefileTarget | undefined {
    const candidates = this.#patterns
      .filter((rule) => !used.includes(rule))
      .flatMap((rule) => matchOf(rule, name) ?? [])
      .toSorted((a, b) => a.length - b.length);
    const direct = candidates.find((one) => this.#needs(one).every((path) => this.#isKnown(path)));
    const chosen =
      direct ?? candidates.find((one) => this.#needs(one).every((path) => this.#canMake(path, [...used, one.rule])));
    return chosen === undefined ? undefined : this.#targetOf(chosen, name);
  }

  #needs({ prerequisites, orderOnly }: Match): readonly string[] {
    return [...prerequisites, ...orderOnly];
  }

  #isKnown(path: string): boolean {
    return this.#exists(path) || this.#mentioned.has(path);
  }

  #canMake(path: string, used: readonly MakefileRule[]): boolean {
    this.#steps += 1;
    if (this.#isKnown(path)) return true;
    return used.length < maximumChain && this.#steps < 20_000 && this.find(path, used) !== undefined;
  }

  /** What explicit rules without a recipe say of the file counts as well. */
  #targetOf({ rule, prerequisites, orderOnly, targets, stem }: Match, name: string): MakefileTarget {
    const own = this.#explicit.get(name);
    return {
      targets,
      prerequisites: [...prerequisites, ...(own?.prerequisites ?? [])],
      orderOnly: [...orderOnly, ...(own?.orderOnly ?? [])],
      recipe: rule.recipe,
      stem,
      line: rule.line,
      isRedefined: false,
    };
  }
}

interface Match {
  readonly rule: MakefileRule;
  readonly targets: readonly string[];
  readonly prerequisites: readonly string[];
  readonly orderOnly: readonly string[];
  readonly stem: string;
  /** Of the stem, the folder not counted. */
  readonly length: number;
}

/** A pattern without a slash is matched against the last part of the name; the folder is put before the rest again. */
function matchOf(rule: MakefileRule, name: string): Match | undefined {
  for (const pattern of rule.targets) {
    const slash = pattern.includes('/') ? 0 : name.lastIndexOf('/') + 1;
    const stem = stemOf(name.slice(slash), pattern);
    if (stem === undefined || stem === '' || pattern === '%') continue;
    const folder = name.slice(0, slash);
    const fill = (word: string): string => (word.includes('%') ? `${folder}${word.replace('%', () => stem)}` : word);
    return {
      rule,
      targets: [name, ...rule.targets.map(fill).filter((target) => target !== name)],
      prerequisites: rule.prerequisites.map(fill),
      orderOnly: rule.orderOnly.map(fill),
      stem: `${folder}${stem}`,
      length: stem.length,
    };
  }
  return undefined;
}
