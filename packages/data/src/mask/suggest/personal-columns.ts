import type { ArtifactReader } from '@holdfast/evidence/check';
import { z } from 'zod';
import { DataError } from '../../errors.ts';

/** Bytes of a report. */
const largest = 64 * 2 ** 20;

const finding = z.object({
  rule: z.string().max(200),
  message: z.string().max(100_000),
  where: z.string().max(100_000).optional(),
});
const report = z.object({ check: z.object({ name: z.literal('data.pii') }), findings: z.array(finding).max(100_000) });
const printed = z.object({ result: z.object({ report }) });

/** What `data.pii` found in each place that it names: the names of the types of entities. */
export type PersonalColumns = ReadonlyMap<string, readonly string[]>;

// `PLACE`: TITLE (TYPE) in N cells of …
const named = /\(([a-z0-9]+(?:-[a-z0-9]+)*)\) in \d+ cells? of /;

/**
 * What `holdfast data pii --json` printed: which types of entities it found in which columns.
 *
 * @throws DataError HF_DATA_MASK_PLAN
 */
export function personalColumns(text: string): PersonalColumns {
  const read = printed.safeParse(json(text));
  if (!read.success) throw refused('the file is not what `holdfast data pii --json` prints');
  const found = new Map<string, string[]>();
  for (const { message, where } of read.data.result.report.findings) {
    // What stands before the title is the name of a column, which could hold anything.
    const said = where !== undefined && message.startsWith(`\`${where}\`: `) ? message.slice(where.length + 4) : '';
    const type = named.exec(said)?.[1];
    if (where === undefined || type === undefined) continue;
    found.set(where, [...(found.get(where) ?? []), type]);
  }
  return found;
}

/** @throws DataError HF_DATA_MASK_PLAN, EvidenceError HF_DIGEST_CHANGED */
export async function readPersonalColumns(reader: ArtifactReader | undefined): Promise<PersonalColumns> {
  const file = reader?.files[0];
  if (reader === undefined || file === undefined) throw refused('there is no such report');
  if (file.size > largest) throw refused(`the report has more than ${largest} bytes`);
  return personalColumns(new TextDecoder().decode(await reader.read(file.name, largest)));
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const refused = (message: string): DataError =>
  new DataError('HF_DATA_MASK_PLAN', message, {
    where: 'personalData',
    fix: 'write what `holdfast data pii PATH --json` says of the data into a file, and name it',
  });
