import type { ArtifactReader, OperationContext } from '@holdfast/evidence/check';
import { type SuspectRows, suspectRowsSchema } from '@holdfast/evidence/predicates/suspect-rows';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { sameDigests } from '@holdfast/evidence/statement';
import { z } from 'zod';
import { DataError } from '../errors.ts';
import type { QuarantineOptions } from './options.ts';
import { rowNumbers } from './row-numbers.ts';

/** Which rows are set aside, and who said so. */
export interface Chosen {
  /** From 1, in ascending order. */
  readonly rows: readonly number[];
  /** Evidence that named them. */
  readonly basis: readonly string[];
}

/** What rows there are to choose from. */
export interface RowsThere {
  readonly total: number;
  /** Of a folder of pictures: the file of each row, in their order. */
  readonly pictures?: readonly string[];
}

/**
 * The rows that were named, or those that `data poison` found: in a file, or in evidence about exactly these bytes.
 *
 * @throws DataError HF_DATA_OPTIONS, HF_DATA_SUSPECTS
 */
export async function chosenRows(
  artifact: ArtifactReader,
  { rows, suspects, minScore }: QuarantineOptions,
  { inputs, basis }: OperationContext,
  there: RowsThere,
): Promise<Chosen> {
  if (rows !== undefined && suspects !== undefined) {
    throw new DataError(
      'HF_DATA_OPTIONS',
      '`rows` and `suspects` both say which rows are set aside: one of them is enough',
    );
  }
  if (rows !== undefined) return { rows: rowNumbers(rows, there.total), basis: [] };
  const said = basis.find(({ predicateType }) => predicateType === predicateTypes.suspectRows);
  if (suspects !== undefined)
    return { rows: rowsOf(await printed(artifact, inputs['suspects']), minScore, there), basis: [] };
  if (said !== undefined) return { rows: rowsOf(parsed(said.predicate), minScore, there), basis: [said.id] };
  throw new DataError('HF_DATA_SUSPECTS', `no evidence says which rows of \`${artifact.name}\` are suspect`);
}

/** Bytes of a file with suspects. */
const largestFile = 256 * 2 ** 20;

const printedSchema = z.object({ result: z.object({ beside: z.array(z.unknown()).max(64) }) });
const statementSchema = z.object({
  predicateType: z.literal(predicateTypes.suspectRows),
  subject: z.array(z.object({ digest: z.record(z.string(), z.string()) })).max(16),
  predicate: z.unknown(),
});

/** What `holdfast data poison --json` printed, where it is about the same bytes. */
async function printed(artifact: ArtifactReader, file: ArtifactReader | undefined): Promise<SuspectRows> {
  if (file === undefined) throw malformed('the file with suspects is not there');
  const [listed] = file.files;
  const text = new TextDecoder().decode(await file.read(listed?.name ?? '', largestFile));
  const output = printedSchema.safeParse(json(text));
  if (!output.success) throw malformed(`\`${file.name}\` is not what \`data poison --json\` prints`);
  const statements = output.data.result.beside.flatMap((each) => statementSchema.safeParse(each).data ?? []);
  const [statement] = statements;
  if (statement === undefined) throw malformed(`\`${file.name}\` names no suspect rows`);
  if (!statement.subject.some(({ digest }) => sameDigests(digest, artifact.digest))) {
    throw malformed(`\`${file.name}\` is about other bytes than \`${artifact.name}\` has now`);
  }
  return parsed(statement.predicate);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsed(predicate: unknown): SuspectRows {
  const read = suspectRowsSchema.safeParse(predicate);
  if (read.success) return read.data;
  throw malformed(`what names the suspect rows is malformed: ${z.prettifyError(read.error).split('\n')[0] ?? ''}`);
}

/** All of them, or none: a list that was cut short would leave planted rows among those that are kept. */
function rowsOf(
  { rows, suspects, files }: SuspectRows,
  minScore: number,
  { total, pictures }: RowsThere,
): readonly number[] {
  if (files.length > 1 && pictures === undefined)
    throw malformed('the suspect rows are of several files, and one is set aside at a time');
  if (rows.length < suspects) {
    throw malformed(
      `of ${suspects} suspect rows only ${rows.length} are named: the source that they came from has to go`,
    );
  }
  const chosen = rows.filter(({ score }) => score >= minScore);
  if (pictures === undefined)
    return rowNumbers(
      chosen.map(({ row }) => String(row)),
      total,
    );
  const numbers = new Map(pictures.map((name, at) => [name, at + 1]));
  return chosen
    .map(({ file = 0, row }) => {
      const number = numbers.get(files[file] ?? '');
      if (number !== undefined && row === 1) return number;
      throw malformed('what names the suspect rows names one that is no picture of the folder');
    })
    .toSorted((one, other) => one - other);
}

const malformed = (message: string): DataError => new DataError('HF_DATA_SUSPECTS', message, { where: 'suspects' });
