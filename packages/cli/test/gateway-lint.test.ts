import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { DeclaredGateway } from '../src/gateway/declared-gateway.ts';
import { lintCertificates } from '../src/gateway/lint/lint-certificates.ts';
import { Scene } from './scene.ts';

const scene = new Scene('nothing', 'one');
afterAll(() => {
  scene.remove();
});

interface Checked {
  readonly exit: number;
  readonly result: { readonly notes: readonly { where: string; says: string; stops: boolean }[] };
}

async function checked(folder: string, options = ''): Promise<Checked> {
  const { stdout } = await scene.type(`holdfast gateway check --json ${options}`, folder);
  return JSON.parse(stdout) as Checked;
}

test('what is allowed and hardly meant is said, and what lets nobody in is an error', {
  timeout: 120_000,
}, async () => {
  const folder = await scene.project();
  const server = createServer().listen(0, '127.0.0.1');
  await expect.poll(() => server.listening).toBe(true);
  const { port } = server.address() as AddressInfo;
  const file = join(folder, 'holdfast.yaml');
  const bare = readFileSync(file, 'utf8');
  const route = (path: string, at: number) =>
    `    - { model: model, environment: production, upstream: "http://127.0.0.1:${at}", path: ${path} }\n`;
  const quotas = 'quotas: [{ per: caller, role: batch, rate: 5/s }, { per: caller, role: caller, rate: 5/s }]';
  const declare = (policy: string): void => {
    const own = `  callers: { keys: policy/callers.json, ${quotas} }\n${policy}`;
    writeFileSync(file, `${bare}gateway:\n${own}  routes:\n${route('/credit', port)}${route('/credit/next', 1)}`);
  };
  declare('');
  const first = await checked(folder);
  expect(first).toMatchObject({ exit: 0 });
  expect(first.result.notes.map(({ says }) => says)).toEqual([
    '`/credit/next` lies below `/credit`: what begins with it goes to `model`, not to `model`',
    'there is no file `policy/callers.json` yet: `holdfast caller create NAME` makes it',
  ]);
  await scene.type('holdfast caller create app && holdfast caller create old --expires 1s', folder);
  await expect
    .poll(async () => (await checked(folder)).result.notes.map(({ where }) => where), { timeout: 20_000 })
    .toEqual(['gateway.routes  /credit', 'gateway.callers.keys', 'gateway.callers.quotas']);
  const { notes } = (await checked(folder)).result;
  expect(notes[1]?.says).toMatch(/^the key of `old` has ended on /);
  expect(notes[2]?.says).toBe('no caller has the role `batch`: its quota holds nobody');

  const probed = await checked(folder, '--probe');
  expect(probed.exit).toBe(1);
  expect(probed.result.notes.filter(({ stops }) => stops)).toEqual([
    {
      where: 'gateway.routes  http://127.0.0.1:1',
      says: 'nobody can connect to this model server: ECONNREFUSED',
      stops: true,
    },
  ]);

  writeFileSync(
    join(folder, 'policy/nobody.cedar'),
    '@id("somebody")\npermit (principal, action == Holdfast::Action::"invoke", resource) when { principal.roles.contains("somebody") };\n',
  );
  declare('  policy: policy/nobody.cedar\n');
  const shut = await checked(folder);
  expect(shut.exit).toBe(1);
  expect(shut.result.notes.filter(({ stops }) => stops).map(({ says }) => says)).toEqual([
    'no caller may invoke `model` at `/credit`',
    'no caller may invoke `model` at `/credit/next`',
  ]);
  const said = await scene.type('holdfast gateway check', folder);
  expect(said.stdout).toContain('✗ wrong     gateway.policy  policy/nobody.cedar');
  await scene.type('holdfast caller revoke app && holdfast caller revoke old', folder);
  expect((await checked(folder)).result.notes.at(-1)?.says).toBe('nobody has a key: `holdfast caller create NAME`');
  server.close();
});

test('certificates that end soon, or have ended, are told of', () => {
  const made = execFileSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '90'],
    ...['-subj', '/CN=gateway.example', '-keyout', '/dev/null', '-out', '-'],
  ]).toString();
  const day = 24 * 60 * 60 * 1000;
  const lint = (certificate: string, inDays: number) =>
    lintCertificates(
      { listen: { tls: { certificate, key: '' } } } as unknown as DeclaredGateway,
      Date.now() + inDays * day,
    );
  expect(lint(made, 0)).toEqual([]);
  expect(lint(made, 75)).toMatchObject([
    { stops: false, says: expect.stringMatching(/^the certificate of CN=gateway.example ends on /) as string },
  ]);
  expect(lint(made, 91)).toMatchObject([{ stops: true, says: expect.stringContaining('has ended on') as string }]);
  expect(lint('nothing', 0)).toMatchObject([{ stops: true }]);
  expect(lint('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 0)).toMatchObject([
    { stops: true, says: 'a certificate in this file cannot be read' },
  ]);
});
