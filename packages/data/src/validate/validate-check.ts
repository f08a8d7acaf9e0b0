import { parse } from 'node:path';
import type { Table, TableOptions } from '@holdfast/dataset';
import type { ArtifactReader, Check, Finding, Report, Severity } from '@holdfast/evidence/check';
import { coverageOf } from '../artifact-table.ts';
import { withBoundTable } from '../database/bound-table.ts';
import { DataError } from '../errors.ts';
import { readOptions } from '../read-options.ts';
import { validateSchema } from './options-schema.ts';
import { outcomeText, rowsText } from './outcome-text.ts';
import { validateRules } from './rules.ts';
import { type Judged, runSuite } from './run-suite.ts';
import { parseSuite, type SuiteSeverity } from './suite.ts';

interface ValidateOptions extends TableOptions {
  readonly suite: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly keys?: readonly string[];
  readonly rows: number;
}

/** Bytes of a suite. */
const largestSuite = 64 * 2 ** 20;

/** The check behind `validateCheck`. */
export const validateCheckRun: Check = {
  async run(artifact, given, { inputs, signal }) {
    const { parameters, keys, rows, ...options } = readOptions(validateSchema, given) as unknown as ValidateOptions;
    const file = inputs['suite'];
    const [only] = file?.files ?? [];
    if (file === undefined || only === undefined) {
      throw new DataError('HF_DATA_SUITE', `there is no suite \`${options.suite}\``, { where: options.suite });
    }
    const suite = parseSuite(
      new TextDecoder('utf-8', { fatal: true }).decode(await file.read(only.name, largestSuite)),
    );
    const bound = {
      ...{ signal, rule: validateRules.rows, labels: inputs['labels'] },
      others: [artifact, inputs['other']],
    };
    const isHidden = artifact.classification === 'confidential' || artifact.classification === 'restricted';
    return withOther(inputs['other'], options, bound, async (others) =>
      withBoundTable(artifact, options, bound, async (tables) => {
        const judged = await runSuite(tables, suite, {
          ...{ rows, signal, others, name: stemOf(artifact) },
          ...(parameters === undefined ? {} : { parameters }),
          ...(keys === undefined ? {} : { keys }),
        });
        return { ...reportOf(judged, isHidden), coverage: withUnanswered(coverageOf(tables), judged) };
      }),
    );
  },
};

/** `orders` of `data/orders.csv`: what queries call a table. */
const stemOf = ({ path }: ArtifactReader): string => parse(path).name.replace(/\.table$/, '');

async function withOther(
  other: ArtifactReader | undefined,
  options: TableOptions,
  bound: Parameters<typeof withBoundTable>[2],
  work: (others: ReadonlyMap<string, Table>) => Promise<Report>,
): Promise<Report> {
  if (other === undefined) return work(new Map());
  // labels are those of the artifact
  const context = { ...bound, role: 'other table', labels: undefined };
  return withBoundTable(other, { ...options, labels: undefined }, context, async ([table]) =>
    work(new Map([[stemOf(other), table]])),
  );
}

const severities: Readonly<Record<SuiteSeverity, Severity>> = { critical: 'high', warning: 'medium', info: 'info' };

function reportOf(judged: readonly Judged[], isHidden: boolean): Omit<Report, 'coverage'> {
  const missed = judged.filter(({ outcome }) => outcome?.success === false);
  const isCritical = missed.some(({ request }) => request.severity === 'critical');
  const isWarned = missed.some(({ request }) => request.severity === 'warning');
  return {
    verdict: isCritical ? 'fail' : isWarned ? 'warn' : 'pass',
    origin: 'measured',
    metrics: {
      expectations: judged.length,
      met: judged.filter(({ outcome }) => outcome?.success === true).length,
      missed: missed.length,
      unanswered: judged.filter(({ outcome }) => outcome === undefined).length,
    },
    findings: judged.flatMap((each) => findingOf(each, isHidden)),
  };
}

function findingOf({ request, outcome, reason, rows }: Judged, isHidden: boolean): Finding[] {
  const where = `expectation ${request.position}`;
  if (outcome === undefined) {
    const message = `${request.type}: ${reason ?? 'not judged'}`;
    return [{ rule: validateRules.unanswered.id, severity: validateRules.unanswered.severity, message, where }];
  }
  if (outcome.success) return [];
  const message = outcomeText(request, outcome, rows, isHidden);
  const { id, fix } = validateRules.missed;
  return [{ rule: id, severity: severities[request.severity], message, where: rowsText(rows) ?? where, fix }];
}

function withUnanswered(coverage: Report['coverage'], judged: readonly Judged[]): Report['coverage'] {
  const open = judged.filter(({ outcome }) => outcome === undefined);
  const left = open.map(({ request, reason }) => `expectation ${request.position}: ${reason ?? 'not judged'}`);
  return { ...coverage, left: [...coverage.left, ...left].slice(0, 10_000) };
}
