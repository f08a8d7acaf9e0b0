import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type ConfigProblem, configProblems, type HoldfastConfig, holdfastYaml } from '@holdfast/contracts';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
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
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PipelineError('HF_CONFIG_NOT_FOUND', `\`${file}\` cannot be read`, { cause });
  });
  const config = parseConfiguration(text, file);
  return { config, folder: dirname(resolve(file)), file: resolve(file), sha256: createHash('sha256').update(text).digest('hex') };
}

/** The same from a text; `file` is what problems are reported against. */
export function parseConfiguration(text: string, file = configurationName): HoldfastConfig {
  if (text.length > maximumBytes) throw new PipelineError('HF_CONFIG_YAML', `\`${file}\` is over 1 MiB`, { where: file });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, version: '1.2', schema: 'core' });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    const message = error.message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'not YAML';
    throw new PipelineError('HF_CONFIG_YAML', lowerFirst(message), { where: `${file}:${line}:${col}`, cause: error });
  }
  const parsed = holdfastYaml.safeParse(toPlain(document, file));
  if (parsed.success) return parsed.data;
  const problems = configProblems(parsed.error).map((problem) => ({ ...problem, where: place(document, lines, problem, file) }));
  throw problemsError(problems, file);
}

/** Aliases are resolved within a bound, so that a billion laughs stay unlaughed. */
function toPlain(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (cause) {
    throw new PipelineError('HF_CONFIG_YAML', 'the file holds too many aliases', { where: file, cause });
  }
}

interface PlacedProblem extends ConfigProblem {
  readonly where: string;
}

function problemsError(problems: readonly PlacedProblem[], file: string): PipelineError {
  const [first, ...more] = problems;
  if (first === undefined) return new PipelineError('HF_CONFIG_INVALID', 'not a configuration', { where: file });
  const wording = ({ path, message }: ConfigProblem): string => (path.length === 0 ? message : `\`${path.join('.')}\` ${message}`);
  const rest = more.slice(0, 8).map((problem) => `\n  ${problem.where}  ${wording(problem)}`);
  return new PipelineError('HF_CONFIG_INVALID', `${wording(first)}${rest.join('')}`, {
    where: first.where,
    ...(first.fix === undefined ? {} : { fix: first.fix }),
  });
}

/** `file:line:column` of the innermost node on the problem's path that exists. */
function place(document: Document, lines: LineCounter, problem: ConfigProblem, file: string): string {
  for (let length = problem.path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(problem.path.slice(0, length), true);
    if (isNode(node) && node.range) {
      const { line, col } = lines.linePos(node.range[0]);
      return `${file}:${line}:${col}`;
    }
  }
  return `${file}:1:1`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
