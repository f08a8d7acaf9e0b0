import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type ConfigProblem, configProblems, type HoldfastConfig, holdfastYaml } from '@holdfast/contracts';
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { PipelineError } from './errors.ts';

export const configurationName = 'holdfast.yaml';
const maximumBytes = 1024 * 1024;

/** A loaded `holdfast.yaml`. */
export interface Configuration {
  readonly config: HoldfastConfig;
  /** Absolute path of the project folder. */
  readonly folder: string;
  readonly file: string;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
}

/**
 * Looks for `holdfast.yaml` here and in the folders above.
 *
 * @throws PipelineError HF_CONFIG_NOT_FOUND
 */
export async function findConfiguration(start: string): Promise<string> {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const candidate = join(folder, configurationName);
    if ((await stat(candidate).catch(() => undefined))?.isFile() === true) return candidate;
    if (folder === dirname(folder)) break;
  }
  throw new PipelineError('HF_CONFIG_NOT_FOUND', `there is no \`holdfast.yaml\` in \`${resolve(start)}\` or above`);
}

/**
 * Reads and checks `holdfast.yaml`; the first problem is thrown with its line and column, the others in the message.
 *
 * @throws PipelineError HF_CONFIG_NOT_FOUND, HF_CONFIG_YAML, HF_CONFIG_INVALID
 */
export async function loadConfiguration(file: string): Promise<Configuration> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new PipelineError('HF_CONFIG_NOT_FOUND', `\`${file}\` cannot be read`, { cause });
  });
  const config = parseConfiguration(decode(bytes, file), file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { config, folder: dirname(resolve(file)), file: resolve(file), sha256 };
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PipelineError('HF_CONFIG_YAML', `\`${file}\` is not UTF-8`, { where: file, cause });
  }
}

/** The same from a text; `file` is what problems are reported against. */
export function parseConfiguration(text: string, file = configurationName): HoldfastConfig {
  if (text.length > maximumBytes)
    throw new PipelineError('HF_CONFIG_YAML', `\`${file}\` is over 1 MiB`, { where: file });
  const source = readYaml(text, file);
  const parsed = holdfastYaml.safeParse(toPlain(source));
  if (parsed.success) return parsed.data;
  const problems = configProblems(parsed.error).map((problem) => ({ ...problem, where: place(source, problem.path) }));
  throw problemsError(problems, file);
}

/** A parsed text that remembers where everything was. */
interface Source {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly file: string;
}

/** A warning counts like an error: it is about something that was not understood, such as a tag. */
function readYaml(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    // looks at every pair of keys, which takes minutes for a mapping of 1 MiB: see requireUniqueKeys
    uniqueKeys: false,
    version: '1.2',
    schema: 'core',
    logLevel: 'error',
  });
  const source = { document, lines, file };
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem === undefined) return requireUniqueKeys(source);
  throw new PipelineError('HF_CONFIG_YAML', yamlMessage(problem), {
    where: at(source, problem.pos[0]),
    cause: problem,
  });
}

/** Keys are texts, each once in its mapping: they become the keys of a plain object. */
function requireUniqueKeys(source: Source): Source {
  const refuse = (message: string, node: unknown): never => {
    const offset = isNode(node) ? node.range?.[0] : undefined;
    throw new PipelineError('HF_CONFIG_YAML', message, { where: at(source, offset ?? 0) });
  };
  visit(source.document, {
    Map(_, map) {
      const keys = new Set<string>();
      for (const { key } of map.items) {
        const text = isScalar<string | number | boolean | null>(key)
          ? String(key.value)
          : refuse('a key is a text', key);
        if (keys.has(text)) refuse(`the key \`${text.slice(0, 80)}\` is there twice`, key);
        keys.add(text);
      }
    },
  });
  return source;
}

function yamlMessage(error: Error): string {
  const message = error.message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'not YAML';
  return plainer.find(([start]) => message.startsWith(start))?.[1] ?? lowerFirst(message);
}

/** What the parser says in words for programmers. */
const plainer = [
  ['Maximum call stack', 'the file is nested too deeply'],
  ['Excessive alias count', 'the file holds too many aliases'],
  ['Source contains multiple documents', 'the file holds more than one document'],
] as const;

/** Aliases are resolved within a bound, so that a billion laughs stay unlaughed. */
function toPlain(source: Source): unknown {
  try {
    return source.document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (cause) {
    const message = cause instanceof Error ? yamlMessage(cause) : 'the aliases cannot be resolved';
    throw new PipelineError('HF_CONFIG_YAML', message, { where: placeOfAlias(source), cause });
  }
}

/** Where the first alias is that no anchor stands before, or else the first of too many. */
function placeOfAlias(source: Source): string {
  const anchors = new Set<string>();
  let first: number | undefined;
  let broken: number | undefined;
  visit(source.document, (_, node) => {
    if (isAlias(node)) {
      const offset = node.range?.[0];
      first ??= offset;
      if (!anchors.has(node.source)) broken ??= offset;
    } else if (isNode(node) && node.anchor !== undefined) anchors.add(node.anchor);
  });
  return at(source, broken ?? first ?? 0);
}

function at({ lines, file }: Source, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`;
}

interface PlacedProblem extends ConfigProblem {
  readonly where: string;
}

function problemsError(problems: readonly PlacedProblem[], file: string): PipelineError {
  // The one that can be mended by its suggestion first: a misspelt key is also a missing one.
  const [first, ...more] = problems.toSorted((a, b) => Number(b.fix !== undefined) - Number(a.fix !== undefined));
  if (first === undefined) return new PipelineError('HF_CONFIG_INVALID', 'not a configuration', { where: file });
  const wording = ({ path, message }: ConfigProblem): string =>
    path.length === 0 ? message : `\`${path.join('.')}\` ${message}`;
  const rest = more.slice(0, 8).map((problem) => `\n  ${problem.where}  ${wording(problem)}`);
  return new PipelineError('HF_CONFIG_INVALID', `${wording(first)}${rest.join('')}`, {
    where: first.where,
    ...(first.fix === undefined ? {} : { fix: first.fix }),
  });
}

/**
 * `file:line:column` of the innermost node on a path that exists. A value that begins below its key is named by the
 * key, which is where a person looks for it.
 */
function place(source: Source, path: ConfigProblem['path']): string {
  let node: unknown = source.document.contents;
  let offset = isNode(node) ? node.range?.[0] : undefined;
  for (const part of path) {
    const { key, value } = step(node, part, source);
    const [keyAt, valueAt] = [key, value].map((found) => (isNode(found) ? found.range?.[0] : undefined));
    offset = startOf(keyAt, valueAt, source) ?? offset;
    if (value === undefined || value === null) break;
    node = value;
  }
  return at(source, offset ?? 0);
}

function startOf(key: number | undefined, value: number | undefined, { lines }: Source): number | undefined {
  if (key === undefined || value === undefined) return value ?? key;
  return lines.linePos(key).line === lines.linePos(value).line ? value : key;
}

/** One step down a path; a key is found by its text, as the plain tree has it. */
function step(node: unknown, part: string | number, { document }: Source): { key?: unknown; value?: unknown } {
  const target = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(target)) return { value: target.items[Number(part)] };
  if (!isMap(target)) return {};
  return (
    target.items.find(
      ({ key }) => isScalar<string | number | boolean | null>(key) && String(key.value ?? '') === String(part),
    ) ?? {}
  );
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
