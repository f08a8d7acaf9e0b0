import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { maximumBytes, unreadable } from './project-folder.ts';
import type { PythonMap, PythonValue } from './python-value.ts';

const maximumValues = 100_000;
const maximumDepth = 50;
/** Python refuses longer integers as well (sys.int_info.default_max_str_digits). */
const maximumDigits = 4300;

/** How plain scalars are read: as ruamel.yaml does (YAML 1.2; DVC), or as PyYAML does (YAML 1.1; MLflow). */
export type YamlDialect = 'ruamel' | 'pyyaml';

/**
 * Reads YAML as a program in Python would, so that `1e-3`, `010` and `yes` become what that program takes them for.
 *
 * @param where what problems are reported against
 * @throws PipelineError HF_ADOPT_UNREADABLE for what is no YAML, or nested or repeated beyond bounds
 */
export function readPythonYaml(text: string, where: string, dialect: YamlDialect): PythonValue {
  if (text.length > maximumBytes) throw unreadable(where, 'is over 1 MiB');
  try {
    const lineCounter = new LineCounter();
    const document = parseDocument(text, { ...options, lineCounter });
    const [problem] = document.errors;
    if (problem !== undefined) {
      const { line, col } = lineCounter.linePos(problem.pos[0]);
      throw unreadable(where, `is not YAML: ${problem.message}`, { cause: problem, at: `${line}:${col}` });
    }
    const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
    return new Reader(where, dialect, resolve).value(document.contents, 0);
  } catch (error) {
    if (error instanceof RangeError) throw unreadable(where, 'is nested too deeply', { cause: error });
    throw error;
  }
}

/** Pretty errors would look for the line of each of them, which takes minutes for a text that is full of them. */
const options = {
  version: '1.2',
  schema: 'failsafe',
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'error',
} as const;

/** One pass over the tree; a branch that is reached twice counts twice, so that aliases cannot hide an explosion. */
class Reader {
  readonly #where: string;
  readonly #dialect: YamlDialect;
  readonly #resolve: (node: unknown) => unknown;
  #left = maximumValues;

  constructor(where: string, dialect: YamlDialect, resolve: (node: unknown) => unknown) {
    this.#where = where;
    this.#dialect = dialect;
    this.#resolve = resolve;
  }

  value(given: unknown, depth: number): PythonValue {
    const node = this.#resolve(given);
    this.#left -= 1;
    if (this.#left < 0) throw unreadable(this.#where, `holds over ${maximumValues} values`);
    if (depth > maximumDepth) throw unreadable(this.#where, `is nested over ${maximumDepth} levels deep`);
    if (isScalar<string>(node)) return this.#scalar(node);
    if (isSeq(node)) return node.items.map((item) => this.value(item, depth + 1));
    if (isMap(node)) return this.#map(node, depth);
    if (node === null || node === undefined) return null;
    throw unreadable(this.#where, 'holds an alias without its anchor');
  }

  #scalar(node: Scalar<string>): PythonValue {
    if (node.tag !== undefined && node.tag !== '!') throw unreadable(this.#where, `uses the tag \`${node.tag}\``);
    return node.type === 'PLAIN' ? plainScalar(node.value, this.#dialect) : node.value;
  }

  #map(node: YAMLMap, depth: number): PythonMap {
    const own = new Map<string, PythonValue>();
    const merged = new Map<string, PythonValue>();
    for (const pair of node.items) {
      const key = this.#key(pair);
      if (key === '<<') this.#merge(this.value(pair.value, depth + 1), merged);
      else if (own.has(key) && this.#dialect === 'ruamel') throw unreadable(this.#where, `has \`${key}\` twice`);
      else own.set(key, this.value(pair.value, depth + 1));
    }
    return new Map([...[...merged].filter(([key]) => !own.has(key)), ...own]);
  }

  #key({ key }: Pair): string {
    const node = this.#resolve(key) as Node | null;
    if (isScalar(node)) return String(node.value);
    throw unreadable(this.#where, 'has a key that is not a text');
  }

  /** The merge key `<<`: what comes first wins. */
  #merge(value: PythonValue, merged: Map<string, PythonValue>): void {
    for (const one of Array.isArray(value) ? (value as readonly PythonValue[]) : [value]) {
      if (!(one instanceof Map)) throw unreadable(this.#where, 'merges what is no mapping');
      for (const [key, item] of one as PythonMap) if (!merged.has(key)) merged.set(key, item);
    }
  }
}

interface Dialect {
  readonly yes: RegExp;
  readonly no: RegExp;
  readonly float: RegExp;
  readonly integer: RegExp;
  /** Whether a leading zero means octal. */
  readonly octalZero: boolean;
}

/** ruamel.yaml `resolver.py`, `implicit_resolvers` of (1, 2); PyYAML `resolver.py`. Sexagesimal numbers stay texts. */
const dialects: Readonly<Record<YamlDialect, Dialect>> = {
  ruamel: {
    yes: /^(?:true|True|TRUE)$/,
    no: /^(?:false|False|FALSE)$/,
    float:
      /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?)$/,
    integer: /^[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9_]+)$/,
    octalZero: false,
  },
  pyyaml: {
    yes: /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/,
    no: /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/,
    float: /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/,
    integer: /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+)$/,
    octalZero: true,
  },
};

function plainScalar(text: string, dialect: YamlDialect): PythonValue {
  const { yes, no, float, integer, octalZero } = dialects[dialect];
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return null;
  if (yes.test(text)) return true;
  if (no.test(text)) return false;
  if (text.length <= maximumDigits && /[0-9]/.test(text)) {
    if (integer.test(text)) return integerOf(text, octalZero) ?? text;
    if (float.test(text)) return Number(text.replaceAll('_', ''));
  }
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return /^\.(?:nan|NaN|NAN)$/.test(text) ? Number.NaN : text;
}

function integerOf(text: string, octalZero: boolean): bigint | undefined {
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  if (/^0[box]$/.test(digits)) return undefined;
  const isOctal = octalZero && /^0[0-7]+$/.test(digits);
  const value = BigInt(isOctal ? `0o${digits.slice(1)}` : digits.replace(/^0+(?=[0-9])/, ''));
  return text.startsWith('-') ? -value : value;
}
