import { requireWritable, type Table, type WriteOptions, writeTable } from '@holdfast/dataset';
import type { ArtifactReader, Operation, OperationContext, Report } from '@holdfast/evidence/check';
import { digestArtifact } from '@holdfast/evidence/digest/artifact';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { coverageOf } from '../artifact-table.ts';
import { boundRule } from '../database/bound-rule.ts';
import { withCopiedTable } from '../database/bound-table.ts';
import { DataError } from '../errors.ts';
import { pictureFormat } from '../poison/pictures/read-pictures.ts';
import { isShown } from '../profile/profile-check.ts';
import { readOptions } from '../read-options.ts';
import { rowsText } from '../rows-text.ts';
import { dataVersion } from '../version.ts';
import { type QuarantineOptions, quarantineSchema } from './options.ts';
import { type DividedPictures, quarantinePictures } from './quarantine-pictures.ts';
import { quarantineRules } from './rules.ts';
import { type Chosen, chosenRows } from './suspects.ts';

/** The operation behind `quarantineOperation`. */
export const quarantineRun: Operation = {
  async run(artifact, outputs, given, context) {
    const options = readOptions(quarantineSchema, given) as unknown as QuarantineOptions;
    const { output: kept = '', setAside = '' } = outputs;
    const format = pictureFormat(artifact, options.format === undefined ? {} : { format: options.format });
    if (format !== undefined) {
      const paths = { kept, setAside };
      return pictureReport(artifact, await quarantinePictures(artifact, format, paths, options, context));
    }
    for (const path of [kept, setAside]) requireWritable(path, context.isForced);
    const bound = {
      ...{ signal: context.signal, rule: boundRule('data.quarantine') },
      labels: context.inputs['labels'],
    };
    return withCopiedTable(artifact, options, bound, async (tables) => {
      const table = oneTable(artifact, tables);
      const chosen = await chosenRows(artifact, options, context, { total: table.rows });
      const written = await writeBoth(table, chosen.rows, { kept, setAside }, options, context);
      return reportOf(artifact, table, chosen, written);
    });
  },
};

/** Numbers of rows name a row of one file. */
function oneTable({ name }: ArtifactReader, tables: readonly [Table, ...Table[]]): Table {
  if (tables.length === 1) return tables[0];
  throw new DataError(
    'HF_DATA_ARTIFACT',
    `\`${name}\` is more than one file, and the number of a row is one of a file`,
    {
      fix: 'quarantine each file for itself',
    },
  );
}

interface Written {
  readonly kept: Readonly<Record<string, string>>;
}

async function writeBoth(
  table: Table,
  rows: readonly number[],
  paths: { readonly kept: string; readonly setAside: string },
  { memory, threads }: QuarantineOptions,
  context: OperationContext,
): Promise<Written> {
  const isSuspect = rows.length === 0 ? 'FALSE' : `${table.rowNumber ?? 'NULL'} IN (${rows.join(', ')})`;
  const options = (where: string): WriteOptions => ({
    ...{ where: () => where, isForced: context.isForced, signal: context.signal },
    ...(memory === undefined ? {} : { memory }),
    ...(threads === undefined ? {} : { threads }),
  });
  const aside = await writeTable([table], paths.setAside, undefined, options(isSuspect));
  context.progress(0.3);
  const left = await writeTable([table], paths.kept, undefined, options(`NOT (${isSuspect})`));
  context.progress(1);
  if (aside === rows.length && left === table.rows - rows.length) {
    return { kept: { ...(await digestArtifact(paths.kept)).digests } };
  }
  const message = `${aside} and ${left} rows were written where ${rows.length} of ${table.rows} are set aside`;
  throw new DataError('HF_DATA_CHANGED', message);
}

function reportOf(artifact: ArtifactReader, table: Table, { rows, basis }: Chosen, { kept }: Written): Report {
  const said = rows.length === 0 ? 'no row is set aside' : `set aside: ${rowsText(rows)}`;
  return dividedReport(
    artifact,
    { said, kept, basis, setAside: rows.length, coverage: coverageOf([table]) },
    table.rows,
  );
}

/** Pictures that are named. */
const mostNamed = 12;

/** Folders may be labels, which are not shown of everything: then only how many there are is said. */
function pictureReport(artifact: ArtifactReader, { rows, chosen, names, kept }: DividedPictures): Report {
  const { rows: aside, basis } = chosen;
  const coverage = { examined: rows, total: rows, left: [] };
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  const files = names.slice(0, mostNamed).map((name) => `\`${name.slice(0, 200)}\``);
  const named = names.length === 0 ? rowsText(aside) : isShown(artifact) ? `${files.join(', ')}${more}` : undefined;
  const said = aside.length === 0 ? 'no picture is set aside' : `set aside: ${named ?? `${aside.length} pictures`}`;
  return dividedReport(artifact, { said, kept, basis, setAside: aside.length, coverage }, rows);
}

interface Done {
  /** What is said of it. */
  readonly said: string;
  readonly kept: Readonly<Record<string, string>>;
  readonly basis: readonly string[];
  readonly setAside: number;
  readonly coverage: Report['coverage'];
}

function dividedReport(
  artifact: ArtifactReader,
  { said, kept, basis, setAside, coverage }: Done,
  rows: number,
): Report {
  const { id: rule, severity } = quarantineRules.setAside;
  return {
    ...{ verdict: 'pass', origin: 'measured', coverage },
    metrics: { rows, kept: rows - setAside, set_aside: setAside },
    findings: [{ rule, severity, message: said.slice(0, 4000) }],
    statements: [
      {
        predicateType: predicateTypes.quarantine,
        output: 'setAside',
        predicate: {
          operation: { name: 'data.quarantine', version: dataVersion },
          from: { name: artifact.name, digest: artifact.digest, rows },
          kept: { digest: kept, rows: rows - setAside },
          setAside: { rows: setAside },
          ...(basis.length === 0 ? {} : { basis }),
        },
      },
    ],
  };
}
