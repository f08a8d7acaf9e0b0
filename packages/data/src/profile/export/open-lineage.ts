import type { ProfileAbout } from '../about.ts';
import type { ColumnProfile } from '../column-profile.ts';
import type { Profile } from '../profile-of.ts';

const specification = 'https://openlineage.io/spec/facets';

/** A data set of an OpenLineage 2-0-2 event, with its facets. */
export interface OpenLineageDataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets: Readonly<Record<string, object>>;
}

/**
 * A profile as a data set of OpenLineage: the facets `schema`, `dataQualityMetrics` and, where a digest is known, `version`.
 * It goes into `inputs` or `outputs` of a run event, or into a dataset event.
 *
 * @param about `source` gives namespace and name; without it the namespace is `file`, as OpenLineage names local files
 */
export function openLineageDataset(profile: Profile, about: ProfileAbout): OpenLineageDataset {
  const version = about.digest?.['sha256'];
  const facet = (name: string, at: string): object => ({
    _producer: `https://holdfast.dev/${profile.check.name}/${profile.check.version}`,
    _schemaURL: `${specification}/${at}/${name}.json#/$defs/${name}`,
  });
  return {
    ...named(about),
    facets: {
      schema: { ...facet('SchemaDatasetFacet', '1-2-0'), fields: profile.columns.map(schemaField) },
      dataQualityMetrics: {
        ...facet('DataQualityMetricsDatasetFacet', '1-0-0'),
        rowCount: profile.rows,
        ...(about.files === undefined ? {} : sizeOf(about.files)),
        columnMetrics: Object.fromEntries(profile.columns.map((column) => [column.name, metricsOf(column)])),
      },
      ...(version === undefined
        ? {}
        : { version: { ...facet('DatasetVersionDatasetFacet', '1-0-1'), datasetVersion: `sha256:${version}` } }),
      ...(about.description === undefined
        ? {}
        : { documentation: { ...facet('DocumentationDatasetFacet', '1-1-0'), description: about.description } }),
    },
  };
}

/** As OpenLineage names data sets: scheme and host, then the path. */
function named({ name, source }: ProfileAbout): { namespace: string; name: string } {
  const url = source === undefined ? null : URL.parse(source);
  return url === null ? { namespace: 'file', name } : { namespace: `${url.protocol}//${url.host}`, name: url.pathname };
}

const sizeOf = (files: NonNullable<ProfileAbout['files']>): object => ({
  fileCount: files.length,
  bytes: files.reduce((sum, { size }) => sum + size, 0),
});

const schemaField = ({ name, type, semantic }: ColumnProfile, index: number): object => ({
  ...{ name, type, ordinal_position: index + 1 },
  ...(semantic === undefined ? {} : { description: semantic.type }),
});

function metricsOf({ missing, present, distinct, numbers }: ColumnProfile): object {
  return {
    nullCount: missing,
    count: present,
    ...(distinct === undefined ? {} : { distinctCount: distinct.count }),
    ...(numbers?.least === undefined ? {} : { min: numbers.least }),
    ...(numbers?.greatest === undefined ? {} : { max: numbers.greatest }),
    ...(numbers === undefined || numbers.quantiles === undefined || numbers.quantiles.length === 0
      ? {}
      : {
          quantiles: Object.fromEntries(
            numbers.quantiles.map(({ probability, value }) => [String(probability), value]),
          ),
        }),
  };
}
