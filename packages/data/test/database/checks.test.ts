import { coverageCheck } from '@holdfast/data/coverage/check';
import { driftCheck } from '@holdfast/data/drift/check';
import { profileCheck } from '@holdfast/data/profile/check';
import { suggestCheck } from '@holdfast/data/suggest/suggest-check';
import { needsPostgres } from '@holdfast/testkit/postgres';
import { expect, test } from 'vitest';
import { agree, fileOptions } from './agree.ts';
import { asked, both, describeTable, parted, sql } from './scene.ts';

test('checks say of a table of PostgreSQL what they say of a file of the same rows, and name its root', {
  timeout: 120_000,
}, async (context) => {
  needsPostgres(context);
  await agree(300, context, true);
});

test('a file is compared with a table of PostgreSQL', { timeout: 120_000 }, async (context) => {
  needsPostgres(context);
  const { file, described } = await both('census_reference', [0, 60], context);
  const { metrics, findings } = await asked(
    driftCheck,
    file,
    { ...fileOptions, multivariate: false },
    { reference: described },
  );
  expect({ verdict: metrics['drifted'], compared: metrics['compared'] }).toEqual({ verdict: 0, compared: 16 });
  expect(findings.filter(({ rule }) => rule === 'data.drift.rows')).toMatchObject([
    {
      message: expect.stringMatching(
        /^the 60 rows of the reference, in the order of `id`, have the Merkle root sha256:/,
      ) as unknown,
    },
  ]);
});

test('a suite is made of a table of PostgreSQL as of a file, and says of which rows', {
  timeout: 120_000,
}, async (context) => {
  needsPostgres(context);
  const { file, described } = await both('census_suite', [0, 300], context);
  const suites: { text: string }[] = [];
  const check = suggestCheck((suite) => suites.push(suite));
  await asked(check, file, fileOptions);
  const { roots } = parted(await asked(check, described, {}));
  const [ofFile, ofTable] = suites.map(({ text }) => JSON.parse(text) as { meta: unknown; expectations: unknown[] });
  expect(ofTable?.expectations).toEqual(ofFile?.expectations);
  expect(ofFile?.expectations.length).toBeGreaterThan(20);
  expect(roots).toHaveLength(1);
  expect(JSON.stringify(ofTable?.meta)).toContain(`sha256:${roots[0] ?? ''}`);
});

test('rows without keys, options of files and an infinite decimal are not passed over', {
  timeout: 120_000,
}, async (context) => {
  needsPostgres(context);
  await sql(`CREATE TABLE keyless (n int); CREATE TABLE endless (id int PRIMARY KEY, n numeric);
    INSERT INTO endless VALUES (1, 1.5), (2, 'Infinity'), (3, 'NaN')`);
  const ranges = { ranges: { n: [0, 1] }, min: 0 };
  const refused = async (name: string, options: Record<string, unknown>, code: string): Promise<void> => {
    await expect(asked(coverageCheck, describeTable(name), options)).rejects.toMatchObject({ code });
  };
  await refused('keyless', ranges, 'HF_DATA_DESCRIPTION');
  await refused('endless', { ...ranges, trim: true }, 'HF_DATA_OPTIONS');
  const { coverage } = await asked(coverageCheck, describeTable('endless'), ranges);
  expect(coverage.left).toEqual(['row 2: 1 values of the column `n` are beyond what DuckDB holds as DECIMAL(2,1)']);
});

test('rows are in the order of their keys, whatever the keys are called', { timeout: 120_000 }, async (context) => {
  needsPostgres(context);
  await sql(`CREATE TABLE plain (id int PRIMARY KEY, n int); INSERT INTO plain VALUES (-5, 1), (3, 2);
    CREATE TABLE odd (concat int PRIMARY KEY, n int); INSERT INTO odd SELECT * FROM plain`);
  const ranges = { ranges: { n: [0, 1] }, min: 0 };
  const roots = [
    await asked(profileCheck, describeTable('plain'), {}),
    await asked(profileCheck, describeTable('odd'), {}),
    await asked(coverageCheck, describeTable('odd'), ranges),
  ].map((report) => parted(report).roots);
  // RFC 9162: SHA-256 of 1 and the hashes of 0 and each row's text
  const root = '2ad68bb0d7d8bdd4e6fe22d966a03d3069187214914235ee91e2d4dc75126cb6';
  expect(roots).toEqual([[root], [root], [root]]);
});
