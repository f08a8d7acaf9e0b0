import { shown } from './found.ts';
import { type PythonMap, type PythonValue, pythonFloat, pythonText, shellQuoted } from './python-value.ts';

/** How a dictionary becomes flags of a command: `parsing.bool` and `parsing.list` of DVC's configuration. */
export interface Parsing {
  readonly bool: string | undefined;
  readonly list: string | undefined;
}

const maximumTemplate = 16 * 1024;
const maximumText = 64 * 1024;
/** `(?<!\\)\${(.*?)}` of dvc/parsing/interpolate.py, with a bound. */
const expressionPattern = /(?<!\\)\$\{([^}\n]{0,1000})\}/g;

/**
 * The values that `${…}` of a `dvc.yaml` can name, and what becomes of a text with them (DVC, Templating; the rules of
 * dvc/parsing/context.py and interpolate.py). Problems are collected: a stage that has one is left out.
 */
export class DvcContext {
  readonly #values: PythonMap;
  readonly #parsing: Parsing;

  constructor(values: PythonMap, parsing: Parsing) {
    this.#values = values;
    this.#parsing = parsing;
  }

  /** The same with further values, which come first. */
  with(values: PythonMap): DvcContext {
    return new DvcContext(new Map([...this.#values, ...values]), this.#parsing);
  }

  /** The same with values that may add to what is there, but not redefine it. */
  merged(values: PythonMap, problems: string[]): DvcContext {
    return new DvcContext(mergeMaps(this.#values, values, '', problems), this.#parsing);
  }

  /**
   * A value with all `${…}` in it filled in. A text that is nothing but one expression becomes what that is worth.
   *
   * @param key key of the stage that it stands under; without one, lists and mappings may be put in as a whole
   */
  resolve(value: PythonValue, problems: string[], key?: string): PythonValue {
    if (typeof value === 'string') return this.#text(value, problems, key);
    if (Array.isArray(value)) {
      return (value as readonly PythonValue[]).map((item) => this.resolve(item, problems, key));
    }
    if (!(value instanceof Map)) return value;
    return new Map(
      [...(value as PythonMap)].map(([name, item]) => [
        asText(this.#text(name, problems, key)) ?? name,
        this.resolve(item, problems, key),
      ]),
    );
  }

  #text(text: string, problems: string[], key: string | undefined): PythonValue {
    if (text.length > maximumTemplate) {
      problems.push('a text is over 16 KiB');
      return '';
    }
    const matches = [...text.matchAll(expressionPattern)];
    const [only] = matches;
    if (matches.length === 1 && only?.[0] === text) return this.#single(only[1] ?? '', problems, key);
    let result = '';
    let from = 0;
    for (const match of matches) {
      const value = this.#single(match[1] ?? '', problems, key);
      result += text.slice(from, match.index) + (this.#inText(value, problems) ?? '');
      from = match.index + match[0].length;
      if (result.length > maximumText) {
        problems.push('a text is over 64 KiB');
        return '';
      }
    }
    return (result + text.slice(from)).replaceAll('\\${', '${');
  }

  /** What one expression is worth; lists and mappings cannot be put into a text, but for a mapping in a command. */
  #single(expression: string, problems: string[], key: string | undefined): PythonValue {
    const value = this.select(expression);
    if (value === undefined) {
      problems.push(`${shown(`\${${expression}}`)} is not defined`);
      return '';
    }
    const isComposite = Array.isArray(value) || value instanceof Map;
    if (isComposite && key !== undefined && !(key === 'cmd' && value instanceof Map)) {
      problems.push(`${shown(`\${${expression}}`)} is a list or a mapping`);
      return '';
    }
    return value;
  }

  #inText(value: PythonValue, problems: string[]): string | undefined {
    if (value instanceof Map) return flagsOf(value as PythonMap, this.#parsing, problems);
    return asText(value);
  }

  /** `a.b[0].c`: keys of mappings, and indexes of lists, which count from the end when negative. */
  select(expression: string): PythonValue | undefined {
    let value: PythonValue | undefined = this.#values;
    for (const part of expression.replaceAll('[', '.').replaceAll(']', '').split('.')) {
      const key = part.trim();
      if (value instanceof Map) value = (value as PythonMap).get(key);
      else if (Array.isArray(value) && /^-?[0-9]{1,9}$/.test(key)) {
        value = (value as readonly PythonValue[]).at(Number(key));
      } else return undefined;
    }
    return value;
  }
}

/** `to_str` of DVC: Python's `str`, but `true` and `false`. */
export function asText(value: PythonValue): string | undefined {
  return typeof value === 'boolean' ? String(value) : pythonText(value);
}

function mergeMaps(into: PythonMap, from: PythonMap, path: string, problems: string[]): PythonMap {
  const merged = new Map(into);
  for (const [key, value] of from) {
    const there = merged.get(key);
    const name = path === '' ? key : `${path}.${key}`;
    if (there instanceof Map && value instanceof Map) {
      merged.set(key, mergeMaps(there as PythonMap, value as PythonMap, name, problems));
    } else if (merged.has(key)) problems.push(`${shown(name)} is defined twice`);
    else merged.set(key, value);
  }
  return merged;
}

/** A mapping as flags: `--lr 0.1 --name 'a b' --verbose`. */
function flagsOf(map: PythonMap, parsing: Parsing, problems: string[]): string {
  const flags: string[] = [];
  for (const [key, value] of flattened(map, '')) {
    if (typeof value === 'boolean') {
      if (value) flags.push(`--${key}`);
      else if (parsing.bool === 'boolean_optional') flags.push(`--no-${key}`);
    } else if (Array.isArray(value)) {
      const items = (value as readonly PythonValue[]).map(flagValue);
      if (items.includes(undefined)) problems.push(`${shown(key)} holds a list of lists`);
      if (parsing.list === 'append') flags.push(...items.map((item) => `--${key} ${item ?? ''}`));
      else if (items.length > 0) flags.push(`--${key} ${items.join(' ')}`);
    } else flags.push(`--${key} ${flagValue(value) ?? ''}`);
  }
  return flags.join(' ');
}

function flagValue(value: PythonValue): string | undefined {
  if (typeof value === 'string') return shellQuoted(value);
  return typeof value === 'number' ? pythonFloat(value) : pythonText(value);
}

function flattened(map: PythonMap, prefix: string): [string, PythonValue][] {
  return [...map].flatMap(([key, value]): [string, PythonValue][] => {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    return value instanceof Map ? flattened(value as PythonMap, name) : [[name, value]];
  });
}
