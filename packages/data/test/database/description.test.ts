import type { ArtifactReader } from '@holdfast/evidence/check';
import { afterEach, expect, test, vi } from 'vitest';
import { isDescription, readDescription } from '../../src/database/description.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

function artifact(text: string, name = 'a.table.yaml'): ArtifactReader {
  const bytes = Buffer.from(text);
  return {
    ...{ name, kind: 'dataset', path: `/nowhere/${name}`, digest: {} },
    files: [{ name, size: bytes.length, sha256: '' }],
    read: async () => Promise.resolve(bytes),
  };
}

const where = 'host: db.example, database: credit, user: auditor, table: applicants';

test.each([
  ['db.example', '', true],
  ['localhost', '', false],
  ['127.0.0.1', '', false],
  ['/run/postgresql', '', false],
  ['localhost.example', '', true],
  ['127.0.0.1.example', '', true],
  ['localhost', ', sslmode: verify-full', true],
  ['db.example', ', sslmode: disable', false],
])('%s%s: TLS %s', async (host, more, ssl) => {
  const options = await readDescription(
    artifact(`{postgres: {host: "${host}", database: d, user: u, table: t${more}}, keys: [id]}`),
  );
  expect(options).toEqual({
    host,
    port: 5432,
    database: 'd',
    user: 'u',
    schema: 'public',
    table: 't',
    ssl,
    keys: ['id'],
  });
});

test('authorities and the password of the environment are taken', async () => {
  vi.stubEnv('CREDIT_PASSWORD', 'opensesame');
  const ca = '-----BEGIN CERTIFICATE-----\\nMII\\n-----END CERTIFICATE-----';
  const text = `{postgres: {${where}, passwordEnvironment: CREDIT_PASSWORD, ca: "${ca}"}}`;
  expect(await readDescription(artifact(text))).toMatchObject({
    password: 'opensesame',
    ssl: { ca: ca.replaceAll('\\n', '\n') },
  });
});

test.each([
  ['', 'is not understood: `the file` must be object'],
  ['postgres: {host: h', 'is no YAML from line 1 on'],
  ['postgres: {host: h}', 'does not say `database`'],
  [`postgres: {${where}, password: opensesame}`, 'says `password`, which is not known'],
  [`postgres: {${where}, port: opensesame}`, '`postgres.port` must be integer'],
  [`postgres: {${where}, passwordEnvironment: AWS_SECRET_ACCESS_KEY}`, '`postgres.passwordEnvironment` must match'],
  [`postgres: {${where}, passwordEnvironment: NOBODY_SET_PASSWORD}`, '`NOBODY_SET_PASSWORD`, which is not set'],
  [`postgres: {${where}, sslmode: prefer}`, '`postgres.sslmode` must be equal'],
  [`postgres: {${where}, sslmode: disable, ca: "-----BEGIN CERTIFICATE-----"}`, 'says `ca`, and that'],
  [`{postgres: {${where}}, keys: []}`, '`keys` must NOT have fewer'],
  [`postgres: &a {${where}}\nkeys: *a`, 'refers to a part of itself'],
  ['x'.repeat(70_000), 'has more than 65536 bytes'],
])('%# is refused: %s', async (text, why) => {
  await expect(readDescription(artifact(text))).rejects.toMatchObject({
    code: 'HF_DATA_DESCRIPTION',
    message: expect.stringContaining(why) as unknown,
  });
  await expect(readDescription(artifact(text))).rejects.not.toThrow('opensesame');
});

test('only one file of such a name is a description', () => {
  const named = (...names: string[]): boolean =>
    isDescription({ files: names.map((name) => ({ name, size: 1, sha256: '' })) });
  expect(['a.table.yaml', 'a.table.yml', 'A.TABLE.JSON'].map((name) => named(name))).toEqual([true, true, true]);
  expect([named('a.yaml'), named('table.json'), named('a.table.csv'), named('a.table.yaml', 'b.csv')]).toEqual([
    ...[false, false, false, false],
  ]);
});
