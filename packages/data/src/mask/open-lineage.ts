import { randomUUID } from 'node:crypto';
import type { ColumnLineage } from '@holdfast/evidence/predicates/column-lineage';

const specification = 'https://openlineage.io/spec/facets';

interface Named {
  readonly name: string;
  readonly sha256?: string | undefined;
}

/** What the event is about, beside the columns. */
export interface LineageAbout {
  readonly from: Named;
  readonly made: Named;
  readonly finishedOn: Date;
}

/**
 * A run event of OpenLineage 2-0-2 of what was done: its output has the facets `schema` and `columnLineage` (1-2-0), which says of every
 * column what it was made from, and that it was masked. Local files are in the namespace `file`. No parameter is a value or a key.
 */
export function openLineageEvent(lineage: ColumnLineage, { from, made, finishedOn }: LineageAbout): object {
  const { name, version } = lineage.operation;
  const producer = `https://holdfast.dev/${name}/${version}`;
  const facet = (kind: string, at: string): object => ({
    _producer: producer,
    _schemaURL: `${specification}/${at}/${kind}.json#/$defs/${kind}`,
  });
  const versionOf = ({ sha256 }: Named): object =>
    sha256 === undefined
      ? {}
      : { version: { ...facet('DatasetVersionDatasetFacet', '1-0-1'), datasetVersion: `sha256:${sha256}` } };
  return {
    ...{ eventType: 'COMPLETE', eventTime: finishedOn.toISOString(), producer },
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: { runId: randomUUID() },
    job: { namespace: 'holdfast', name },
    inputs: [{ namespace: 'file', name: from.name, facets: versionOf(from) }],
    outputs: [
      {
        ...{ namespace: 'file', name: made.name },
        facets: {
          ...versionOf(made),
          schema: {
            ...facet('SchemaDatasetFacet', '1-2-0'),
            fields: lineage.columns.map((column, at) => ({ name: column.name, ordinal_position: at + 1 })),
          },
          columnLineage: {
            ...facet('ColumnLineageDatasetFacet', '1-2-0'),
            fields: Object.fromEntries(lineage.columns.map((column) => [column.name, fieldOf(column, from.name)])),
          },
        },
      },
    ],
  };
}

function fieldOf({ from, method, parameters }: ColumnLineage['columns'][0], dataset: string): object {
  const isSame = method === 'keep';
  const transformation = {
    ...{ type: 'DIRECT', subtype: isSame ? 'IDENTITY' : 'TRANSFORMATION', masking: !isSame },
    description: `${method} ${JSON.stringify(parameters)}`,
  };
  return {
    inputFields: from.map((field) => ({ namespace: 'file', name: dataset, field, transformations: [transformation] })),
  };
}
