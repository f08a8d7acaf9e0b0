import { readFileSync } from 'node:fs';
import { fileThing, memoryView, type Piece, runOf, sha256Of } from '@holdfast/testkit';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { computeLineage } from '../src/lineage/compute-lineage.ts';
import { type OpenLineageEvents, openLineageEvents } from '../src/lineage/open-lineage.ts';
import { complete, evidence, things } from './gate-scene.ts';

/** RFC 3339 section 5.6, RFC 9562 section 4, RFC 3986 section 3 as far as a URI has to begin. */
const formats = {
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  uri: /^[a-z][a-z0-9+.-]*:\S+$/i,
};

const text = { type: 'string' };
const facets = {
  type: 'object',
  additionalProperties: {
    type: 'object',
    required: ['_producer', '_schemaURL'],
    properties: { _producer: { type: 'string', format: 'uri' }, _schemaURL: { type: 'string', format: 'uri' } },
  },
};
const dataset = {
  type: 'object',
  required: ['namespace', 'name'],
  properties: { namespace: text, name: text, facets },
};

/**
 * The fields of OpenLineage 2-0-2 that a RunEvent must have, and of which type they are, after its specification
 * (https://openlineage.io/spec/2-0-2/OpenLineage.json); that nothing else is written is our own demand.
 */
const runEvent = {
  type: 'object',
  required: ['eventTime', 'producer', 'schemaURL', 'run', 'job', 'eventType', 'inputs', 'outputs'],
  additionalProperties: false,
  properties: {
    eventType: { enum: ['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER'] },
    eventTime: { type: 'string', format: 'date-time' },
    producer: { type: 'string', format: 'uri' },
    schemaURL: { const: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent' },
    run: {
      type: 'object',
      required: ['runId'],
      properties: { runId: { type: 'string', format: 'uuid' }, facets },
    },
    job: { type: 'object', required: ['namespace', 'name'], properties: { namespace: text, name: text, facets } },
    inputs: { type: 'array', items: dataset },
    outputs: { type: 'array', items: dataset },
  },
};

const ajv = new Ajv2020({ formats, allErrors: true });
const isRunEvent = ajv.compile(runEvent);
const ownFacet = JSON.parse(
  readFileSync(new URL('../../../spec/openlineage/HoldfastEvidenceRunFacet.json', import.meta.url), 'utf8'),
) as { $id: string };
ajv.addSchema(ownFacet);
const isOwnFacet = ajv.getSchema(`${ownFacet.$id}#/$defs/HoldfastEvidenceRunFacet`);

const eventsOf = (pieces: readonly Piece[]): OpenLineageEvents =>
  openLineageEvents(computeLineage(memoryView(pieces), 'tiny'));

describe('OpenLineage events of a pipeline', () => {
  const { events, left } = eventsOf(evidence());

  test('have the fields of the specification; our facet is as its schema says', () => {
    expect(left).toEqual([]);
    for (const event of events) {
      expect(isRunEvent(event), JSON.stringify(isRunEvent.errors)).toBe(true);
      expect(isOwnFacet?.(event.run.facets['holdfast_evidence']), JSON.stringify(isOwnFacet?.errors)).toBe(true);
      expect(event.run.facets['holdfast_evidence']?._schemaURL).toBe(`${ownFacet.$id}#/$defs/HoldfastEvidenceRunFacet`);
    }
  });

  test('begin and end every run, under one id', () => {
    expect(events.map(({ eventType, job }) => [eventType, job.namespace, job.name])).toEqual([
      ['START', 'tiny.example', 'tiny.prepare'],
      ['COMPLETE', 'tiny.example', 'tiny.prepare'],
      ['START', 'tiny.example', 'tiny.train'],
      ['COMPLETE', 'tiny.example', 'tiny.train'],
      ['START', 'tiny.example', 'tiny.evaluate'],
      ['COMPLETE', 'tiny.example', 'tiny.evaluate'],
    ]);
    expect(new Set(events.map(({ run }) => run.runId)).size).toBe(3);
    const view = memoryView(evidence());
    // RFC 9562, section 5.8: the 128 bits of the evidence id, with version 8 and variant 10 in their places
    const bits = BigInt(`0x${view.evidence[0]?.id.slice(0, 32) ?? ''}`);
    const kept = bits & ~(0xfn << 76n) & ~(0x3n << 62n);
    const expected = (kept | (0x8n << 76n) | (0x2n << 62n)).toString(16).padStart(32, '0');
    expect(events[0]?.run.runId.replaceAll('-', '')).toBe(expected);
  });

  test('name what was read and written, with its digest as its version', () => {
    const [, , , train] = events;
    const shown = (side: 'inputs' | 'outputs') =>
      train?.[side].map(({ namespace, name, facets: given }) => [
        namespace,
        name,
        given['version']?.['datasetVersion'],
      ]);
    expect(shown('inputs')).toEqual([
      ['holdfast://tiny.example', 'tiny/build/train.csv', `sha256:${sha256Of('train')}`],
      ['holdfast://tiny.example', 'tiny/train.sh', `sha256:${sha256Of('trainer')}`],
    ]);
    expect(shown('outputs')).toEqual([
      ['holdfast://tiny.example', 'tiny/build/model', `dirHash:${things.model.digest['dirHash'] ?? ''}`],
    ]);
    expect(train?.outputs[0]?.facets['datasetType']).toMatchObject({ datasetType: 'MODEL', subType: 'MODEL' });
  });
});

test('a run that says no time is left out and named; one that says its end alone is told', () => {
  const run = (moment: string) =>
    runOf({ stage: 'a', finishedOn: moment, outputs: [{ thing: fileThing('x', moment) }] });
  const half = structuredClone(run('2026-11-20T10:00:00Z'));
  const details = (half.predicate as { runDetails: { metadata: { startedOn: string } } }).runDetails;
  details.metadata.startedOn = 'yesterday';
  const { events, left } = eventsOf([
    { signer: 'builder', statement: run('whenever') },
    { signer: 'builder', statement: half },
  ]);
  expect(left).toHaveLength(1);
  expect(events.map(({ eventTime }) => eventTime)).toEqual(['2026-11-20T10:00:00.000Z', '2026-11-20T10:00:00.000Z']);
  expect(events.every((event) => isRunEvent(event))).toBe(true);
});

test('a source is told where it is a URI', () => {
  const statement = structuredClone(complete.prepare.statement);
  const { buildDefinition } = statement.predicate as { buildDefinition: { resolvedDependencies: object[] } };
  Object.assign(buildDefinition.resolvedDependencies[0] ?? {}, { uri: 'https://data.example/raw.csv?year=2026' });
  Object.assign(buildDefinition.resolvedDependencies[1] ?? {}, { uri: 'not a uri' });
  const [event] = eventsOf([{ signer: 'builder', statement }]).events;
  expect(event?.inputs.map(({ facets: given }) => given['dataSource'])).toMatchObject([
    { name: 'https://data.example', uri: 'https://data.example/raw.csv?year=2026' },
    undefined,
  ]);
});
