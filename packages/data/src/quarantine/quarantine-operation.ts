import { requireWritable, type Table, type WriteOptions, writeTable } from '@holdfast/dataset';
import type { ArtifactReader, Operation, OperationContext, Report } from '@holdfast/evidence/check';
import { digestArtifact } from '@holdfast/evidence/digest/artifact';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { coverageOf } from '../artifact-table.ts';
import { boundRule } from '../database/bound-rule.ts';
import { withCopiedTable } from '../database/bound-table.ts';
import { DataError } from '../errors.ts';
import { readOptions } from '../read-options.ts';
import { rowsText } from '../rows-text.ts';
import { dataVersion } from '../version.ts';
import { type QuarantineOptions, quarantineSchema } from './options.ts';
import { quarantineRules } from './rules.ts';
import { type Chosen, chosenRows } from './suspects.ts';

/** The operation behind `quarantineOperation`. */
export const quarantineRun: Operation = {
  async run(artifact, outputs, given, context) {
    const options = readOptions(quarantineSchema, given) as unknown as QuarantineOptions;
    const { output: kept = '', setAside = '' } = outputs;
    for (const path of [kept, setAside]) requireWritable(path, context.isForced);
    const bound = {
      ...{ signal: context.signal, rule: boundRule('data.quarantine') },
      labels: context.inputs['labels'],
    };
    return withCopiedTable(artifact, options, bound, async (tables) => {
      const table = oneTable(artifact, tables);
      const chosen = await chosenRows(artifact, options, context, table.rows);
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
  const left = table.rows - rows.length;
  const { setAside } = quarantineRules;
  return {
    verdict: 'pass',
    origin: 'measured',
    metrics: { rows: table.rows, kept: left, set_aside: rows.length },
    findings: [
      {
        rule: setAside.id,
        severity: setAside.severity,
        message: rows.length === 0 ? 'no row is set aside' : `set aside: ${rowsText(rows)}`,
      },
    ],
    coverage: coverageOf([table]),
    statements: [
      {
        predicateType: predicateTypes.quarantine,
        output: 'setAside',
        predicate: {
          operation: { name: 'data.quarantine', version: dataVersion },
          from: { name: artifact.name, digest: artifact.digest, rows: table.rows },
          kept: { digest: kept, rows: left },
          setAside: { rows: rows.length },
          ...(basis.length === 0 ? {} : { basis }),
        },
      },
    ],
  };
}
