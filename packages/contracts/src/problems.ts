import { z } from 'zod';
import { holdfastKeys } from './holdfast-yaml.ts';
import { nearest, shown } from './wording.ts';

/** One thing that is wrong with a configuration, and where: keys and indices from the top. */
export interface ConfigProblem {
  readonly path: readonly (string | number)[];
  /** A lower-case sentence, the input in backticks; the path is not repeated in it. */
  readonly message: string;
  /** What to do, where that is known. */
  readonly fix?: string;
}

/** More than this is not read by anybody. */
const mostProblems = 100;

/**
 * What is wrong, in the words of the file: what is missing or misfits first, then unknown keys; at most 100.
 * @param error what `holdfastYaml.safeParse` returned
 */
export function configProblems(error: z.ZodError): ConfigProblem[] {
  return error.issues.flatMap((issue) => problemsOf(issue, [])).slice(0, mostProblems);
}

type Path = ConfigProblem['path'];
type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, base: Path): ConfigProblem[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path));
  if (issue.code === 'invalid_key') return [{ path, message: issue.issues[0]?.message ?? issue.message }];
  if (issue.code === 'invalid_union') return problemsOfUnion(issue.errors, issue.message, path);
  const fix = fixOf(issue);
  return [{ path, message: issue.message, ...(fix === undefined ? {} : { fix }) }];
}

/** The branch that was meant is the one whose complaint is not about the type of the whole value. */
function problemsOfUnion(branches: readonly Issue[][], message: string, path: Path): ConfigProblem[] {
  const meant = branches.find(([first]) => first && !isAboutTheWhole(first));
  return meant ? meant.flatMap((issue) => problemsOf(issue, path)) : [{ path, message }];
}

function isAboutTheWhole(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

function fixOf(issue: Issue): string | undefined {
  if (issue.code === 'custom') {
    const fix: unknown = issue.params?.['fix'];
    return typeof fix === 'string' ? fix : undefined;
  }
  // YAML reads `12`, `1e9` and `true` as other than text, even where a name or a digest was meant.
  if (issue.code !== 'invalid_type' || !/found the (number|boolean)/.test(issue.message)) return undefined;
  if (/^expected a (duration|size)/.test(issue.message)) return 'add a unit';
  return issue.expected === 'string' ? 'put the value in quotes' : undefined;
}

function unknownKey(key: string, path: Path): ConfigProblem {
  const known = knownKeys(holdfastKeys, path);
  const meant = nearest(key, known);
  const fix =
    meant === undefined ? `the keys here are ${known.map(shown).join(', ')}` : `did you mean ${shown(meant)}?`;
  return { path: [...path, key], message: `unknown key ${shown(key)}`, ...(known.length === 0 ? {} : { fix }) };
}

/** The keys that the schema knows at `path`. */
function knownKeys(schema: z.core.$ZodType, path: Path): readonly string[] {
  const [part, ...rest] = path;
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodExactOptional) {
    return knownKeys(schema.unwrap(), path);
  }
  if (schema instanceof z.ZodPipe) return knownKeys(schema.in, path); // what is written, before it is normalised
  if (schema instanceof z.ZodRecord) return part === undefined ? [] : knownKeys(schema.valueType, rest);
  if (schema instanceof z.ZodArray) return part === undefined ? [] : knownKeys(schema.element, rest);
  if (schema instanceof z.ZodPipe) return knownKeys(schema.in, path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => knownKeys(option, path));
  if (!(schema instanceof z.ZodObject)) return [];
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
  if (part === undefined) return Object.keys(shape);
  const inner = Object.hasOwn(shape, part) ? shape[part] : undefined;
  return inner === undefined ? [] : knownKeys(inner, rest);
}
