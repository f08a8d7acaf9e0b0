import { artifactId } from '@holdfast/evidence/statement';
import { version } from '../version.ts';
import type { Execution, Lineage, LineageArtifact, LineageRun } from './lineage.ts';

type Facet = Readonly<Record<string, unknown>> & { readonly _producer: string; readonly _schemaURL: string };

/** A dataset of OpenLineage: bytes that a run read or wrote. */
export interface OpenLineageDataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets: Readonly<Record<string, Facet>>;
}

/** RunEvent of OpenLineage 2-0-2: https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent */
export interface OpenLineageRunEvent {
  readonly eventType: 'START' | 'COMPLETE';
  readonly eventTime: string;
  readonly run: { readonly runId: string; readonly facets: Readonly<Record<string, Facet>> };
  readonly job: {
    readonly namespace: string;
    readonly name: string;
    readonly facets: Readonly<Record<string, Facet>>;
  };
  readonly inputs: readonly OpenLineageDataset[];
  readonly outputs: readonly OpenLineageDataset[];
  readonly producer: string;
  readonly schemaURL: string;
}

export interface OpenLineageEvents {
  readonly events: readonly OpenLineageRunEvent[];
  /** Evidence ids of the runs that say no time which can be read: an event needs one. */
  readonly left: readonly string[];
}

const producer = `https://holdfast.dev/holdfast/${version}`;
const core = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent';
const facets = 'https://openlineage.io/spec/facets';

/** Versioned addresses of the facets' schemas, as OpenLineage publishes them; the last is ours, in spec/openlineage. */
const schemas = {
  jobType: `${facets}/2-0-3/JobTypeJobFacet.json#/$defs/JobTypeJobFacet`,
  processingEngine: `${facets}/1-1-1/ProcessingEngineRunFacet.json#/$defs/ProcessingEngineRunFacet`,
  version: `${facets}/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet`,
  type: `${facets}/1-0-0/DatasetTypeDatasetFacet.json#/$defs/DatasetTypeDatasetFacet`,
  dataSource: `${facets}/1-0-1/DatasourceDatasetFacet.json#/$defs/DatasourceDatasetFacet`,
  evidence: 'https://holdfast.dev/openlineage/1-0-0/HoldfastEvidenceRunFacet.json#/$defs/HoldfastEvidenceRunFacet',
} as const;

const facet = (schema: keyof typeof schemas, values: Readonly<Record<string, unknown>>): Facet => ({
  _producer: producer,
  _schemaURL: schemas[schema],
  ...values,
});

/**
 * The runs of a lineage as OpenLineage events: for every execution a START and a COMPLETE, which the specification asks
 * for (its `eventType`). Jobs are stages, in the namespace of the ledger; datasets are named by project and path, and
 * their version is their digest.
 */
export function openLineageEvents(lineage: Lineage): OpenLineageEvents {
  const artifacts = new Map(lineage.artifacts.map((artifact) => [artifact.id, artifact]));
  const events: OpenLineageRunEvent[] = [];
  const left: string[] = [];
  const ran = lineage.runs.flatMap((run) => run.executions.map((execution) => ({ run, execution })));
  for (const { run, execution } of ran.toSorted((a, b) => a.execution.index - b.execution.index)) {
    const finished = momentOf(execution.finishedOn) ?? momentOf(execution.startedOn);
    const started = momentOf(execution.startedOn) ?? finished;
    if (started === undefined || finished === undefined) left.push(execution.evidence);
    else events.push(...eventsOf(run, execution, { started, finished }, artifacts, lineage.ledger.origin));
  }
  return { events, left };
}

/** RFC 3339, whatever the run wrote that JavaScript reads as a time. */
function momentOf(text: string): string | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function eventsOf(
  run: LineageRun,
  execution: Execution,
  times: { readonly started: string; readonly finished: string },
  artifacts: ReadonlyMap<string, LineageArtifact>,
  origin: string,
): readonly OpenLineageRunEvent[] {
  const dataset = (id: string): OpenLineageDataset => datasetOf(run, id, artifacts.get(id), origin);
  const event = {
    run: { runId: runId(execution.evidence), facets: runFacets(run, execution, origin) },
    job: { namespace: origin, name: `${run.project}.${run.stage}`, facets: jobFacets(run) },
    inputs: run.inputs.map(dataset),
    outputs: run.outputs.map(dataset),
    producer,
    schemaURL: core,
  };
  return [
    { eventType: 'START', eventTime: times.started, ...event },
    { eventType: 'COMPLETE', eventTime: times.finished, ...event },
  ];
}

/** UUID version 8 (RFC 9562, section 5.8) of the evidence id, so that the same run has the same id everywhere. */
function runId(evidence: string): string {
  const variant = ((Number.parseInt(evidence.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  const hex = `${evidence.slice(0, 12)}8${evidence.slice(13, 16)}${variant}${evidence.slice(17, 32)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function runFacets(run: LineageRun, { evidence, index, invocation }: Execution, origin: string) {
  const { builder, isolation } = run;
  return {
    processing_engine: facet('processingEngine', { name: 'Holdfast', version }),
    holdfast_evidence: facet('evidence', {
      id: evidence,
      ledger: origin,
      index,
      invocation,
      signer: builder,
      isolation,
    }),
  };
}

const jobFacets = ({ isOperation }: LineageRun) => ({
  jobType: facet('jobType', {
    processingType: 'BATCH',
    integration: 'HOLDFAST',
    jobType: isOperation ? 'OPERATION' : 'STAGE',
  }),
});

function datasetOf(
  { project, paths }: LineageRun,
  id: string,
  artifact: LineageArtifact | undefined,
  origin: string,
): OpenLineageDataset {
  const uri = artifact?.sources.find((source) => URL.canParse(source));
  const kind = artifact?.kind;
  return {
    namespace: `holdfast://${origin}`,
    name: `${project}/${paths[id] ?? id}`,
    facets: {
      version: facet('version', { datasetVersion: artifact === undefined ? id : artifactId(artifact.digest) }),
      datasetType: facet('type', {
        datasetType: kind === 'model' ? 'MODEL' : 'FILE',
        ...(kind === undefined ? {} : { subType: kind.toUpperCase() }),
      }),
      ...(uri === undefined ? {} : { dataSource: facet('dataSource', { name: new URL(uri).origin, uri }) }),
    },
  };
}
