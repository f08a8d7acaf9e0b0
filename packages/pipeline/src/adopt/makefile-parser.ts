import { type Doubt, shown } from './found.ts';
import { type MakefileLine, makefileLines, withoutComment } from './makefile-lines.ts';
import { MakefileVariables } from './makefile-variables.ts';

/** A rule as it is written, its targets and prerequisites expanded. */
export interface MakefileRule {
  readonly targets: readonly string[];
  readonly prerequisites: readonly string[];
  readonly orderOnly: readonly string[];
  /** `targets: %.o: %.c` */
  readonly targetPattern: string | undefined;
  /** `a b &: c`: one run makes all targets. */
  readonly isGrouped: boolean;
  readonly recipe: MakefileLine[];
  readonly line: number;
}

/** A makefile that was read, not run. */
export interface Makefile {
  readonly rules: readonly MakefileRule[];
  readonly phony: ReadonlySet<string>;
  readonly variables: MakefileVariables;
  /** Variables that recipes get in their environment. */
  readonly exported: ReadonlySet<string>;
  /** Targets that stand in a condition. */
  readonly conditional: ReadonlySet<string>;
  readonly ignoresErrors: boolean;
  /** Why no recipe of it is understood. */
  readonly refusal: string | undefined;
  readonly doubts: readonly Doubt[];
}

const maximumRules = 5000;
const assignment = /^([^\s:#=]+?)\s*(\?=|\+=|!=|:{1,3}=|=)\s*(.*)$/s;

/**
 * Reads a makefile (GNU make manual, "How make Parses a Makefile"): variables, explicit rules, static and plain pattern
 * rules. Nothing is run: `$(shell …)` would be code. Conditions, functions and included files are told with their line,
 * and what hangs on them is left out.
 *
 * @param file what doubts are told against
 */
export function parseMakefile(text: string, file: string): Makefile {
  const parser = new Parser(file);
  for (const line of makefileLines(text)) parser.line(line);
  return parser.result();
}

class Parser {
  readonly #file: string;
  readonly #rules: MakefileRule[] = [];
  readonly #phony = new Set<string>();
  readonly #variables = new MakefileVariables();
  readonly #exported = new Set<string>();
  readonly #conditional = new Set<string>();
  readonly #doubts: Doubt[] = [];
  /** Conditions that are open, and the variable that `define` sets. */
  #conditions = 0;
  #defines: string | undefined;
  #current: MakefileRule | undefined;
  #ignoresErrors = false;
  #refusal: string | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  result(): Makefile {
    return {
      rules: this.#rules,
      phony: this.#phony,
      variables: this.#variables,
      exported: this.#exported,
      conditional: this.#conditional,
      ignoresErrors: this.#ignoresErrors,
      refusal: this.#refusal,
      doubts: this.#doubts,
    };
  }

  #tell(line: number, what: string): void {
    if (this.#doubts.length < 100) this.#doubts.push({ where: `${this.#file}:${line}`, what });
  }

  line(line: MakefileLine): void {
    const { isRecipe, text, number } = line;
    if (this.#defines !== undefined) {
      if (/^\s*endef\b/.test(text)) this.#defines = undefined;
      return;
    }
    if (isRecipe && this.#current !== undefined) {
      this.#current.recipe.push(line);
      return;
    }
    const plain = withoutComment(text).trim();
    if (plain === '' || this.#directive(plain, number)) return;
    const assigned = assignment.exec(plain);
    if (assigned === null) this.#rule(plain, line);
    else this.#assign(assigned[1] ?? '', assigned[2] ?? '', assigned[3] ?? '', number);
  }

  /** Whether a line is one of the words that make itself understands; what they do is noted. */
  #directive(text: string, line: number): boolean {
    const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
    if (/^if(?:n?eq|n?def)$/.test(word)) this.#condition(text, line);
    else if (word === 'else') return true;
    else if (word === 'endif') this.#conditions = Math.max(0, this.#conditions - 1);
    else if (word === 'define') this.#define(rest, line);
    else if (/^[-s]?include$/.test(word)) {
      this.#variables.isOpen = true;
      this.#tell(line, `includes ${shown(rest)}, which is not read`);
    } else if (word === 'vpath' || word === 'load') this.#tell(line, `${shown(text)} is not understood`);
    else if (word === 'undefine' || word === 'unexport')
      this.#variables.fail(rest.trim(), `is taken back in line ${line}`);
    else if (/^(?:export|override|private)$/.test(word)) this.#modified(word, rest, line);
    else return false;
    if (!/^(?:export|override|private)$/.test(word)) this.#current = undefined;
    return true;
  }

  #condition(text: string, line: number): void {
    if (this.#conditions === 0)
      this.#tell(line, `the condition ${shown(text)} is not understood: what is in it is left out`);
    this.#conditions += 1;
  }

  #define(rest: string, line: number): void {
    const name = rest.split(/\s/)[0] ?? '';
    this.#variables.fail(name, `is a \`define\` of line ${line}`);
    this.#defines = name;
  }

  /** `export NAME`, `export NAME = value`, `override NAME = value` */
  #modified(word: string, rest: string, line: number): void {
    const assigned = assignment.exec(rest.trim());
    const names = assigned === null ? rest.split(/\s+/).filter((name) => name !== '') : [assigned[1] ?? ''];
    if (assigned !== null) this.#assign(assigned[1] ?? '', assigned[2] ?? '', assigned[3] ?? '', line);
    if (word !== 'export') return;
    if (names.length === 0) this.#tell(line, 'exports every variable, which is not carried over');
    for (const name of names) this.#exported.add(name);
  }

  #assign(name: string, operator: string, value: string, line: number): void {
    this.#current = undefined;
    if (name === '.RECIPEPREFIX') this.#refusal = 'its recipes do not begin with tabs';
    if (name.includes('$')) this.#tell(line, `sets ${shown(name)}, whose name is computed`);
    else if (this.#conditions > 0) this.#variables.fail(name, `is set in a condition (line ${line})`);
    else this.#variables.assign(name, operator, value);
    if (name === 'VPATH') this.#tell(line, '`VPATH` is not understood: prerequisites are searched in the project only');
  }

  #rule(text: string, line: MakefileLine): void {
    this.#current = undefined;
    const [head, inline] = splitRecipe(text);
    const { text: expanded, problem } = this.#variables.expand(head);
    const colon = expanded.indexOf(':');
    const isOpen = this.#rules.length < maximumRules;
    if (problem !== undefined || colon === -1 || !isOpen) {
      const why = problem ?? (isOpen ? 'it is no rule' : `there are over ${maximumRules} rules`);
      this.#tell(line.number, `${shown(head)} is left out: ${why}`);
      this.#current = unusable(line.number); // its recipe goes with it
      return;
    }
    const rule = ruleOf(expanded, colon, line.number);
    if (typeof rule === 'string') {
      this.#tell(line.number, `${shown(head)} is left out: ${rule}`);
      this.#current = unusable(line.number);
      return;
    }
    if (inline !== undefined) rule.recipe.push({ number: line.number, isRecipe: true, text: inline });
    this.#current = rule;
    this.#keep(rule, head);
  }

  #keep(rule: MakefileRule, head: string): void {
    const { targets, prerequisites, line } = rule;
    const [first = ''] = targets;
    if (this.#conditions > 0) {
      for (const target of targets) this.#conditional.add(target);
    } else if (first === '.PHONY') for (const name of prerequisites) this.#phony.add(name);
    else if (first === '.IGNORE' && prerequisites.length === 0) this.#ignoresErrors = true;
    else if (/^\.(?:ONESHELL|SECONDEXPANSION|POSIX|EXPORT_ALL_VARIABLES|IGNORE)$/.test(first)) {
      this.#tell(line, `${shown(first)} is not understood`);
      if (first === '.ONESHELL' || first === '.SECONDEXPANSION') this.#refusal = `it says ${shown(first)}`;
    } else if (/^\.[A-Z_]+$/.test(first)) return;
    else if (/^\.[a-z0-9]+(?:\.[a-z0-9]+)?$/.test(first))
      this.#tell(line, `the suffix rule ${shown(head)} is not understood`);
    else this.#rules.push(rule);
  }
}

const unusable = (line: number): MakefileRule => ({
  targets: [],
  prerequisites: [],
  orderOnly: [],
  targetPattern: undefined,
  isGrouped: false,
  recipe: [],
  line,
});

/** `a: b ; recipe`: the first semicolon that no reference holds. */
function splitRecipe(text: string): [head: string, recipe: string | undefined] {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (/[({]/.test(text[at] ?? '')) depth += 1;
    if (/[)}]/.test(text[at] ?? '')) depth -= 1;
    if (text[at] === ';' && depth <= 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  }
  return [text, undefined];
}

const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** A rule from its first line, or why it is none that is understood. */
function ruleOf(text: string, colon: number, line: number): MakefileRule | string {
  const isGrouped = text[colon - 1] === '&';
  const targets = wordsOf(text.slice(0, isGrouped ? colon - 1 : colon));
  const rest = text.slice(colon + 1);
  if (rest.startsWith(':')) return 'a double colon is not understood';
  if (targets.length === 0) return 'it has no target';
  if (assignment.test(rest.trim())) return 'it sets a variable for one target';
  const second = rest.indexOf(':');
  const pattern = second === -1 ? [] : wordsOf(rest.slice(0, second));
  if (second !== -1 && (pattern.length !== 1 || pattern[0]?.includes('%') !== true)) return 'it has several colons';
  const [needs = '', order, ...more] = rest.slice(second + 1).split('|');
  if (more.length > 0) return 'it has several bars';
  return {
    targets,
    prerequisites: wordsOf(needs),
    orderOnly: wordsOf(order ?? ''),
    targetPattern: pattern[0],
    isGrouped,
    recipe: [],
    line,
  };
}
