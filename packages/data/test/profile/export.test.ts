import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { croissant, openLineageDataset, type Profile, type ProfileAbout } from '@holdfast/data';
import { beforeAll, describe, expect, test } from 'vitest';
import { profileOfText } from './scene.ts';

const peers = process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache', 'holdfast-peers');
const python = join(peers, 'data-profile', 'bin', 'python');
const sha256 = 'ab'.repeat(32);
const about: ProfileAbout = {
  ...{ name: 'members', description: 'Members of a society.', version: '1.0.0', datePublished: '2026-11-28' },
  ...{
    licence: 'https://spdx.org/licenses/CC-BY-4.0',
    source: 'https://data.example/tables/members.csv',
    creator: 'Society',
  },
  ...{ citation: 'Members, 2026', classification: 'internal', consent: 'given by every member', retention: '2y' },
  digest: { sha256 },
  files: [{ name: 'members.csv', size: 66, sha256 }],
  responsible: { dataBiases: ['only members who answered'], dataUseCases: ['tests'] },
};

let profile: Profile;
beforeAll(async () => {
  profile = await profileOfText(
    'id,joined,"odd ""name"" <é>",score\n1,2024-02-29,a,0.5\n2,2024-03-01,,\n3,2024-03-01,b,0.25\n',
  );
});

/** What a peer says of a document on its standard input. */
function said(script: string, document: unknown): unknown {
  const { status, stdout, stderr } = spawnSync(python, ['-c', script], {
    input: JSON.stringify(document),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

function needsPeer(skip: (why: string) => void): void {
  if (existsSync(python)) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${python}`);
  skip('needs tools/peers/requirements-data-profile.txt');
}

describe('Croissant', () => {
  const validate = `
import json, sys, mlcroissant as mlc
data = mlc.Dataset(jsonld=json.load(sys.stdin))
of = data.metadata
print(json.dumps({
  "errors": sorted(of.ctx.issues.errors), "warnings": sorted(of.ctx.issues.warnings), "name": of.name,
  "fields": [[field.name, [str(each) for each in field.data_types]] for field in of.record_sets[0].fields],
  "biases": of.data_biases, "personal": of.personal_sensitive_information,
  "missing": of.data_collection_missing_data, "plan": of.data_release_maintenance_plan,
  "version": of.ctx.conforms_to.value,
}))`;

  test('is read by mlcroissant 1.1.1 without an error or a warning, responsible-AI fields included', (context) => {
    needsPeer(context.skip);
    expect(said(validate, croissant(profile, about))).toEqual({
      ...{ errors: [], warnings: [], name: 'members', version: 'http://mlcommons.org/croissant/1.1' },
      fields: [
        ['id', ['https://schema.org/Integer']],
        ['joined', ['https://schema.org/Date']],
        ['odd "name" <é>', ['https://schema.org/Text']],
        ['score', ['https://schema.org/Float']],
      ],
      biases: ['only members who answered'],
      personal: ['classification: internal', 'consent: given by every member'],
      missing: 'Missing values, of 3 rows: odd "name" <é> 1, score 1.',
      plan: 'retention: 2y',
    });
  });

  test('of a folder names all its files', (context) => {
    needsPeer(context.skip);
    const files = ['a.csv', 'b.csv'].map((name) => ({ name, size: 10, sha256 }));
    expect(said(validate, croissant(profile, { ...about, files }))).toMatchObject({ errors: [], warnings: [] });
  });

  test('has no responsible-AI field that there is not', () => {
    expect(() => croissant(profile, { name: 'x', responsible: { dataBias: 'none' } })).toThrow(
      expect.objectContaining({ code: 'HF_DATA_OPTIONS' }),
    );
  });
});

describe('OpenLineage', () => {
  test('names the data set, its columns and their numbers', () => {
    expect(openLineageDataset(profile, about)).toMatchObject({
      ...{ namespace: 'https://data.example', name: '/tables/members.csv' },
      facets: {
        schema: { fields: [{ name: 'id', type: 'integer', ordinal_position: 1 }, {}, {}, { name: 'score' }] },
        version: { datasetVersion: `sha256:${sha256}` },
        dataQualityMetrics: {
          ...{ rowCount: 3, bytes: 66, fileCount: 1 },
          columnMetrics: { id: { nullCount: 0, count: 3, distinctCount: 3, min: 1, max: 3, quantiles: { '0.5': 2 } } },
        },
      },
    });
    expect(openLineageDataset(profile, { name: 'local.csv' })).toMatchObject({ namespace: 'file', name: 'local.csv' });
  });

  test('has the facets that openlineage-python 1.53.0 has', (context) => {
    needsPeer(context.skip);
    const read = `
import json, sys
from openlineage.client.generated import schema_dataset as s, data_quality_metrics_dataset as q, dataset_version_dataset as v
facets = json.load(sys.stdin)["facets"]
plain = lambda facet: {key: value for key, value in facet.items() if not key.startswith("_")}
schema = s.SchemaDatasetFacet(fields=[s.SchemaDatasetFacetFields(**field) for field in facets["schema"]["fields"]])
metrics = plain(facets["dataQualityMetrics"])
metrics["columnMetrics"] = {name: q.ColumnMetrics(**each) for name, each in metrics["columnMetrics"].items()}
quality = q.DataQualityMetricsDatasetFacet(**metrics)
version = v.DatasetVersionDatasetFacet(**plain(facets["version"]))
print(json.dumps([[mine["_schemaURL"], facet._schemaURL] for mine, facet in
  [(facets["schema"], schema), (facets["dataQualityMetrics"], quality), (facets["version"], version)]]))`;
    for (const [mine, theirs] of said(read, openLineageDataset(profile, about)) as [string, string][])
      expect(mine).toBe(theirs);
  });
});
