import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Scene } from './scene.ts';

const scene = new Scene('nothing', 'one');
afterAll(() => {
  scene.remove();
});

const rows = Array.from(
  { length: 240 },
  (_, at) => `${7000 + at},${(at * 37) % 240},${['mauve', 'ochre'][at % 2] ?? ''}`,
);
const table = `id,income,paint\n${rows.join('\n')}\n`;

test('a suite is written whole, over no other file, and is met', { timeout: 60_000 }, async () => {
  const folder = scene.folder();
  writeFileSync(join(folder, 'people.csv'), table);
  const first = await scene.type('holdfast data suggest people.csv --output suite.json', folder);
  expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: '' });
  const written = readFileSync(join(folder, 'suite.json'), 'utf8');
  expect(written).toContain('"mauve"');
  const again = await scene.type('holdfast data suggest people.csv --output suite.json', folder);
  expect(again.status).toBe(2);
  expect(again.stderr).toContain('HF_CLI_EXISTS');
  expect(readFileSync(join(folder, 'suite.json'), 'utf8')).toBe(written);
  const forced = await scene.type('holdfast data suggest people.csv --output suite.json --force --hide-values', folder);
  expect(forced.status).toBe(0);
  expect(readFileSync(join(folder, 'suite.json'), 'utf8')).not.toContain('mauve');
  expect(readdirSync(folder).sort()).toEqual(['people.csv', 'suite.json']);
  const shown = await scene.type('holdfast data suggest people.csv', folder);
  expect(JSON.parse(shown.stdout)).toMatchObject({ name: 'people', id: null, notes: null });
  const checked = await scene.type('holdfast data validate people.csv --suite suite.json', folder);
  expect(checked.status).toBe(0);
});

test('what a project calls confidential gives a suite without values', { timeout: 60_000 }, async () => {
  const folder = scene.pipeline();
  await scene.type('holdfast init --yes', folder);
  const file = join(folder, 'holdfast.yaml');
  writeFileSync(join(folder, 'secret.csv'), table);
  const config = readFileSync(file, 'utf8');
  expect(config).toMatch(/^artifacts:/m);
  writeFileSync(
    file,
    config.replace(
      /^artifacts:/m,
      'artifacts:\n  secret: {kind: dataset, path: secret.csv, classification: confidential}',
    ),
  );
  const { status, stderr } = await scene.type('holdfast data suggest secret.csv --output suite.json', folder);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const suite = readFileSync(join(folder, 'suite.json'), 'utf8');
  expect(suite).not.toMatch(/mauve|ochre|7000|7239/);
  const listed = await scene.type('holdfast evidence list', folder);
  expect(listed.stdout).toMatch(/secret/);
});

test('a folder that cannot be written is an error, and nothing is left there', async () => {
  const folder = scene.folder();
  writeFileSync(join(folder, 'people.csv'), table);
  const { status, stderr } = await scene.type('holdfast data suggest people.csv --output no/such/suite.json', folder);
  expect(status).toBe(3);
  expect(stderr).toContain('HF_CLI_NOT_FOUND');
  expect(existsSync(join(folder, 'no'))).toBe(false);
});

test('without a table and without a schema there is nothing to suggest', async () => {
  const { status, stderr } = await scene.type('holdfast data suggest', scene.folder());
  expect(status).toBe(2);
  expect(stderr).toContain('HF_CLI_USAGE');
});

test('a schema becomes a suite; what has no counterpart ends with 3 unless that is allowed', {
  timeout: 60_000,
}, async () => {
  const folder = scene.folder();
  const fields = [{ name: 'id', type: 'integer', constraints: { unique: true } }];
  writeFileSync(join(folder, 'whole.json'), JSON.stringify({ fields }));
  writeFileSync(join(folder, 'partly.json'), JSON.stringify({ fields, foreignKeys: [] }));
  writeFileSync(join(folder, 'schema.py'), 'import pandera\n');
  writeFileSync(join(folder, 'ids.csv'), 'id\n1\n2\n2\n');
  const whole = await scene.type('holdfast data suggest --from whole.json --output suite.json', folder);
  expect(whole.status).toBe(0);
  expect((await scene.type('holdfast data validate ids.csv --suite suite.json', folder)).status).toBe(1);
  const partly = await scene.type('holdfast data suggest --from partly.json --output partly-suite.json', folder);
  expect(partly.status).toBe(3);
  expect(partly.stdout).toContain('foreignKeys');
  expect((await scene.type('holdfast data suggest --from partly.json --allow-partial', folder)).status).toBe(0);
  const code = await scene.type('holdfast data suggest --from schema.py', folder);
  expect(code.status).toBe(2);
  expect(code.stderr).toContain('HF_DATA_SCHEMA');
});
