import {
  type CheckPredicate,
  type DigestSet,
  predicateSchemas,
  predicateTypes,
  type Role,
  runBuildType,
  type Statement,
  statementOf,
} from '@holdfast/evidence';
import { rootDigest } from '@holdfast/evidence/digest/index';
import type { Thing } from './digests.ts';

/** When everything was made that does not say otherwise. */
export const defaultTime = '2026-11-20T10:00:00.000Z';

export interface RunInput {
  readonly thing: Thing;
  readonly kind?: string;
  /** The stage that is said to have made it. */
  readonly stage?: string;
}

export interface RunOutput {
  readonly thing: Thing;
  readonly kind?: string;
  readonly risk?: string;
}

export interface RunDescription {
  readonly stage: string;
  readonly inputs?: readonly RunInput[];
  readonly outputs: readonly RunOutput[];
  readonly invocation?: string;
  readonly finishedOn?: string;
  readonly anomalies?: readonly string[];
  readonly isolation?: 'none' | 'sandbox' | 'container' | 'vm';
}

/** Provenance of a run, as `runSchema` reads it. */
export function runOf(run: RunDescription): Statement {
  const { stage, inputs = [], outputs, finishedOn = defaultTime } = run;
  const subject = outputs.map(({ thing }) => ({ name: thing.path, digest: thing.digest }));
  return statementOf(
    predicateTypes.run,
    subject,
    predicateSchemas.run.parse({
      buildDefinition: {
        buildType: runBuildType,
        externalParameters: {
          project: 'tiny',
          stage,
          command: `sh ${stage}.sh`,
          parameters: {},
          outputs: outputs.map(({ thing, kind = 'dataset', risk }) => ({ ...thing, kind, risk })),
        },
        internalParameters: { isolation: { level: run.isolation ?? 'none' } },
        resolvedDependencies: inputs.map(({ thing: { path, digest, files }, kind = 'dataset', stage: producer }) => ({
          name: path,
          digest,
          annotations: { kind, files, stage: producer },
        })),
      },
      runDetails: {
        builder: { id: 'https://holdfast.dev/builder/local' },
        metadata: { invocationId: run.invocation ?? `${stage}-1`, startedOn: finishedOn, finishedOn },
        byproducts: [],
        holdfast_outcome: {
          exitCode: 0,
          deleted: [],
          unchanged: [],
          trace: { wallMs: 1 },
          anomalies: run.anomalies ?? [],
        },
      },
    }),
  );
}

export interface ReportDescription
  extends Partial<Pick<CheckPredicate, 'verdict' | 'origin' | 'metrics' | 'finishedOn'>> {
  readonly check: string;
  readonly options?: Record<string, unknown>;
}

/** The report of a check on a thing. */
export function reportOn(digest: DigestSet, report: ReportDescription): Statement {
  const { check, options = {}, verdict = 'pass', origin = 'measured', metrics = {}, finishedOn = defaultTime } = report;
  const predicate = {
    check: { name: check, version: '1', options },
    ...{ verdict, origin, metrics, findings: [], coverage: { examined: 1, total: 1, left: [] } },
    ...{ startedOn: finishedOn, finishedOn },
  };
  return statementOf(predicateTypes.check, [{ digest }], predicateSchemas.check.parse(predicate));
}

/** The metrics that a stage reported about a thing. */
export function metricsOn(
  digest: DigestSet,
  metrics: Record<string, number>,
  {
    stage = 'evaluate',
    invocation = `${stage}-1`,
    ...more
  }: { stage?: string; invocation?: string } & Partial<ReportDescription> = {},
): Statement {
  return reportOn(digest, { check: 'metrics', origin: 'reported', options: { stage, invocation }, metrics, ...more });
}

export function approvalOf(digest: DigestSet, more: { environment?: string; approvedOn?: string } = {}): Statement {
  const predicate = predicateSchemas.approval.parse({ approvedOn: defaultTime, ...more });
  return statementOf(predicateTypes.approval, [{ digest }], predicate);
}

export function withdrawalOf(digest: DigestSet, reason = 'it is wrong'): Statement {
  const predicate = predicateSchemas.withdrawal.parse({ reason, withdrawnOn: defaultTime });
  return statementOf(predicateTypes.withdrawal, [{ digest }], predicate);
}

/** An OpenSSF Model Signing v1 statement over a thing; its subject is the root digest of its manifest. */
export function modelSignatureOn({ digest, files }: Thing): Statement {
  const listed = files ?? [{ name: '.', sha256: digest['sha256'] ?? '' }];
  return statementOf(
    predicateTypes.modelSignature,
    [{ name: 'model', digest: { sha256: rootDigest(listed.map(({ sha256 }) => sha256)) } }],
    {
      serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false },
      resources: listed.map(({ name, sha256 }) => ({ name, algorithm: 'sha256', digest: sha256 })),
    },
  );
}

/** The role in which the statements above count. */
export const roleOf: Readonly<Record<string, Role>> = {
  [predicateTypes.run]: 'builder',
  [predicateTypes.check]: 'checker',
  [predicateTypes.datasetProfile]: 'checker',
  [predicateTypes.columnLineage]: 'checker',
  [predicateTypes.suspectRows]: 'checker',
  [predicateTypes.modelSignature]: 'builder',
  [predicateTypes.approval]: 'approver',
  [predicateTypes.withdrawal]: 'approver',
  [predicateTypes.decision]: 'builder',
};
