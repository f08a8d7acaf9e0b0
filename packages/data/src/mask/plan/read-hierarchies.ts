import type { ArtifactReader } from '@holdfast/evidence/check';
import { DataError } from '../../errors.ts';

/** What values become, level by level. */
export interface Hierarchy {
  readonly levels: number;
  /** By value: what it becomes on level 1, 2 … */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** Bytes of a file with hierarchies. */
export const largestHierarchies = 16 * 2 ** 20;
const mostLevels = 32;
const longest = 1000;

/**
 * Hierarchies of JSON, by name: for each value a list of what it becomes, as long for every value.
 *
 * ```json
 * { "profession": { "nurse": ["health", "any"], "teacher": ["education", "any"] } }
 * ```
 *
 * @throws DataError HF_DATA_MASK_PLAN
 */
export function parseHierarchies(text: string): ReadonlyMap<string, Hierarchy> {
  const given = jsonOf(text);
  return new Map(
    entriesOf(given, 'the file with hierarchies').map(([name, values]) => [name, hierarchyOf(name, values)]),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused('the file with hierarchies is no JSON');
  }
}

/** @throws DataError HF_DATA_MASK_PLAN, EvidenceError HF_DIGEST_CHANGED */
export async function readHierarchies(reader: ArtifactReader | undefined): Promise<ReadonlyMap<string, Hierarchy>> {
  const file = reader?.files[0];
  if (reader === undefined || file === undefined) return new Map();
  if (file.size > largestHierarchies) throw refused(`\`${reader.name}\` has more than ${largestHierarchies} bytes`);
  return parseHierarchies(new TextDecoder().decode(await reader.read(file.name, largestHierarchies)));
}

function hierarchyOf(name: string, given: unknown): Hierarchy {
  const about = `the hierarchy \`${name.slice(0, 200)}\``;
  const values = new Map(
    entriesOf(given, about).map(([value, levels]): [string, readonly string[]] => [value, levelsOf(levels, about)]),
  );
  const [levels = 0] = [...values.values()].map(({ length }) => length);
  if (levels === 0) throw refused(`${about} has no level`);
  if ([...values.values()].some(({ length }) => length !== levels))
    throw refused(`${about} has values with more levels than others`);
  return { levels, values };
}

function levelsOf(given: unknown, about: string): readonly string[] {
  const isOne = Array.isArray(given) && given.length <= mostLevels && given.every(isLabel);
  if (isOne) return given as string[];
  throw refused(`${about} does not list what each value becomes, in at most ${mostLevels} texts`);
}

const isLabel = (label: unknown): boolean => typeof label === 'string' && label !== '' && label.length <= longest;

function entriesOf(given: unknown, about: string): [string, unknown][] {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return Object.entries(given);
  throw refused(`${about} holds no values by name`);
}

const refused = (message: string): DataError => new DataError('HF_DATA_MASK_PLAN', message);
