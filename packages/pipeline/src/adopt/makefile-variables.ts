import { shown } from './found.ts';

/** What a text becomes, or why that cannot be told. */
export interface Expansion {
  readonly text: string;
  readonly problem: string | undefined;
}

/** Values of `@`, `<`, `^` … while a recipe is expanded. */
export type AutomaticValues = ReadonlyMap<string, readonly string[]>;

interface Variable {
  /** `recursive`: expanded where it is used; `simple`: it is expanded already. */
  readonly flavor: 'recursive' | 'simple';
  readonly value: string;
  /** Why its value is not known. */
  readonly problem: string | undefined;
}

const functions = new Set(
  `abspath addprefix addsuffix and basename call dir error eval file filter filter-out findstring firstword flavor
  foreach guile if info intcmp join lastword let notdir or origin patsubst realpath shell sort strip subst suffix value
  warning wildcard word wordlist words`.split(/\s+/),
);
/** What make knows without being told, and a makefile rarely means (GNU make manual, "Implicit Variables"). */
const builtIn =
  /^(?:MAKE|MAKEFLAGS|MAKEFILES|MAKEFILE_LIST|MAKECMDGOALS|MAKELEVEL|CURDIR|VPATH|AR|AS|CC|CXX|CPP|FC|LD|[A-Z]+FLAGS|\..*)$/;

const maximumDepth = 40;
const maximumText = 64 * 1024;
/** References of a whole makefile: two that refer to two that refer to two … are many. */
const maximumReferences = 200_000;

/** The variables of a makefile (GNU make manual, "How to Use Variables"). Functions are not carried out. */
export class MakefileVariables {
  readonly #variables = new Map<string, Variable>([['RM', { flavor: 'simple', value: 'rm -f', problem: undefined }]]);
  /** Names that were used though nothing sets them. */
  readonly unset = new Set<string>();
  /** Set when other files could set variables. */
  isOpen = false;
  #references = 0;

  /** `NAME operator value`, with `operator` one of `=`, `:=`, `::=`, `:::=`, `?=`, `+=`, `!=`. */
  assign(name: string, operator: string, value: string): void {
    const before = this.#variables.get(name);
    if (operator === '?=' && before !== undefined) return;
    if (operator === '!=') this.fail(name, 'asks the shell');
    else if (operator === '+=' && before !== undefined) this.#append(name, before, value);
    else if (operator.includes(':')) {
      const { text, problem } = this.expand(value);
      this.#variables.set(name, { flavor: 'simple', value: text, problem });
    } else this.#variables.set(name, { flavor: 'recursive', value, problem: undefined });
  }

  #append(name: string, before: Variable, value: string): void {
    const added = before.flavor === 'simple' ? this.expand(value) : { text: value, problem: undefined };
    const text = before.value === '' ? added.text : `${before.value} ${added.text}`;
    this.#variables.set(name, { ...before, value: text, problem: before.problem ?? added.problem });
  }

  /** Notes that a variable has a value that is not known. */
  fail(name: string, why: string): void {
    this.#variables.set(name, { flavor: 'simple', value: '', problem: `${shown(name)} ${why}` });
  }

  has(name: string): boolean {
    return this.#variables.has(name);
  }

  /** A text with all references filled in (GNU make manual, "Basics of Variable References"). */
  expand(text: string, automatic: AutomaticValues = new Map()): Expansion {
    const problems: string[] = [];
    const expanded = this.#expand(text, automatic, problems, 0);
    return { text: expanded, problem: problems[0] };
  }

  #expand(text: string, automatic: AutomaticValues, problems: string[], depth: number): string {
    this.#references += 1;
    if (depth > maximumDepth) problems.push('variables are nested too deeply');
    if (this.#references > maximumReferences) problems.push('there are too many references');
    let result = '';
    for (let at = 0; at < text.length && problems.length === 0; ) {
      if (result.length > maximumText) problems.push('a text is over 64 KiB');
      const dollar = text.indexOf('$', at);
      const next = text[dollar + 1];
      if (dollar === -1 || next === undefined) return result + text.slice(at);
      result += text.slice(at, dollar);
      const close = next === '(' ? ')' : next === '{' ? '}' : undefined;
      const end = close === undefined ? dollar + 2 : closing(text, dollar + 1, next, close);
      if (end === undefined) problems.push('a reference is not closed');
      else if (next === '$') result += '$';
      else if (close === undefined) result += this.#value(next, automatic, problems, depth);
      else result += this.#reference(text.slice(dollar + 2, end - 1), automatic, problems, depth);
      at = end ?? text.length;
    }
    return result;
  }

  /** What stands between the brackets: a name, `name:a=b`, or a function. */
  #reference(content: string, automatic: AutomaticValues, problems: string[], depth: number): string {
    const word = /^([a-z-]{1,20})[\s,]/.exec(content)?.[1];
    if (word !== undefined && functions.has(word)) {
      problems.push(`the function ${shown(`$(${word} …)`)} is not understood`);
      return '';
    }
    const inner = content.includes('$') ? this.#expand(content, automatic, problems, depth + 1) : content;
    const [, name, from = '', to = ''] = /^([^:=]+):([^=]*)=(.*)$/s.exec(inner) ?? [];
    if (name === undefined) return this.#value(inner, automatic, problems, depth);
    return this.#value(name, automatic, problems, depth)
      .split(/\s+/)
      .filter((one) => one !== '')
      .map((one) => substituted(one, from, to))
      .join(' ');
  }

  #value(name: string, automatic: AutomaticValues, problems: string[], depth: number): string {
    const automaticText = automaticValue(name, automatic);
    if (automaticText !== undefined) return automaticText;
    const variable = this.#variables.get(name);
    if (variable?.problem !== undefined) problems.push(variable.problem);
    if (variable !== undefined) {
      return variable.flavor === 'simple'
        ? variable.value
        : this.#expand(variable.value, automatic, problems, depth + 1);
    }
    if (/^[@<^+*?%|]/.test(name)) problems.push(`${shown(`$${name}`)} is not understood here`);
    else if (builtIn.test(name)) problems.push(`${shown(`$(${name})`)} is built into make`);
    else if (this.isOpen) problems.push(`${shown(`$(${name})`)} may be set in a file that is included`);
    else this.unset.add(name);
    return '';
  }
}

function closing(text: string, start: number, open: string, close: string): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === open) depth += 1;
    if (text[at] === close) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

/** `$(x:.csv=.json)` and `$(x:%.csv=%.json)` (GNU make manual, "Substitution References"). */
function substituted(word: string, from: string, to: string): string {
  const pattern = from.includes('%') ? from : `%${from}`;
  const stem = stemOf(word, pattern);
  if (stem === undefined) return word;
  const target = from.includes('%') ? to : `%${to}`;
  return target.replace('%', () => stem);
}

/** What `%` stands for when a word matches a pattern; `undefined` when it does not match. */
export function stemOf(word: string, pattern: string): string | undefined {
  const at = pattern.indexOf('%');
  if (at === -1) return word === pattern ? '' : undefined;
  const [before, after] = [pattern.slice(0, at), pattern.slice(at + 1)];
  const matches = word.length >= before.length + after.length && word.startsWith(before) && word.endsWith(after);
  return matches ? word.slice(before.length, word.length - after.length) : undefined;
}

/** `@`, `<`, `@D`, `^F` … (GNU make manual, "Automatic Variables"). */
function automaticValue(name: string, automatic: AutomaticValues): string | undefined {
  const words = automatic.get(name[0] ?? '');
  if (words === undefined || !/^.[DF]?$/.test(name)) return undefined;
  const part = name[1];
  if (part === 'D')
    return words.map((word) => (word.includes('/') ? word.slice(0, word.lastIndexOf('/')) || '/' : '.')).join(' ');
  if (part === 'F') return words.map((word) => word.slice(word.lastIndexOf('/') + 1)).join(' ');
  return words.join(' ');
}
