import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Scene } from './scene.ts';
import { copied, declare, ended, exampleServer, infer, Processes, serverFlags, twoModels } from './switch-scene.ts';

const scene = new Scene('nothing', 'one');
const processes = new Processes(scene);
const servers: Server[] = [];
let prepared = '';
let [stable, next] = ['', ''];
/** What each of the models says. */
let [one, other] = ['', ''];

beforeAll(async () => {
  prepared = await twoModels(scene);
  const file = (name: string): string => join(prepared, name);
  const started = await Promise.all([processes.server(file('logistic.onnx')), processes.server(file('next.onnx'))]);
  [stable, next] = started.map(({ origin }) => origin) as [string, string];
  [one, other] = [await infer(stable), await infer(next)];
}, 120_000);
afterAll(() => {
  processes.stop();
  for (const server of servers) server.close().closeAllConnections();
  scene.remove();
});

/** Processes that run on a copy of a project's model; on Linux, where they are launched. */
const serversOf = (folder: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        const isRunning = !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
        return (
          isRunning && words[0] === process.execPath && words.join(' ').includes(`${folder}/.holdfast/gateway/launched`)
        );
      } catch {
        return false;
      }
    });

/** What the ledger says of a kind, in order. */
async function evidenceOf(folder: string, pattern: RegExp): Promise<string[]> {
  const { stdout } = await scene.type('holdfast evidence list', folder);
  return [...stdout.matchAll(pattern)].map(([text]) => text);
}

async function bindingsOf(folder: string): Promise<string[]> {
  const { stdout } = await scene.type('holdfast evidence list', folder);
  const ids = [...stdout.matchAll(/^ *\d+ {2}(\S+) .*(?:served|stopped) in production/gm)].map(([, id = '']) => id);
  const shown = ids.map((id) => `holdfast evidence show ${id} --json`).join(' && ');
  const { stdout: texts } = await scene.type(shown, folder);
  return texts
    .trim()
    .split('\n')
    .map((text) => /"binding":"(\w+)"/.exec(text)?.[1] ?? text);
}

const launching = (...words: string[]): string =>
  `launch: { command: ${JSON.stringify([process.execPath, ...words])} }`;

describe.skipIf(process.platform !== 'linux')('a model server that is launched', { timeout: 120_000 }, () => {
  test('runs on a copy that nobody writes, is started again when it dies, and ends with the gateway however that ends', async () => {
    const folder = copied(scene, prepared);
    const launched = join(folder, '.holdfast/gateway/launched');
    const serving = launching(...serverFlags, exampleServer, '{model}/model.onnx', 'model', '{port}');
    const look = `try { console.error('keys:', require('fs').readdirSync(${JSON.stringify(join(folder, '.holdfast/keys'))})) } catch ({ code }) { console.error('keys:', code) }`;
    const never = launching('-e', `${look}; process.exit(1)`, '{port}');
    declare(
      folder,
      `{ model: model, environment: production, ${serving} }\n    - { model: next, environment: production, path: /never, ${never} }`,
    );
    const isConfined = existsSync('/usr/bin/bwrap');
    const env = isConfined ? { HOLDFAST_BWRAP: '/usr/bin/bwrap' } : {};
    const { gateway, origin } = await processes.again(folder, env);
    await gateway.line(/serving {2}model/);
    expect(await infer(origin)).toBe(one);
    const [pid = 0] = serversOf(folder);
    const [own = ''] = readdirSync(launched).filter((name) => name.endsWith('-0'));
    const copy = join(launched, own, 'model/model');
    expect([statSync(copy).mode & 0o777, statSync(join(copy, 'model.onnx')).mode & 0o777]).toEqual([0o500, 0o400]);
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .map((each) => each.split('=')[0] ?? '');
    expect(variables.filter((name) => !['', 'HOME', 'LANG', 'PATH', 'PWD', 'TMPDIR', 'TZ'].includes(name))).toEqual([]);
    await gateway.line(isConfined ? /cannot be started: it ended: keys: ENOENT/ : /it ended: keys: \[/);
    await gateway.line(/stopped {2}next in production .*launch/);
    const refused = await infer(`${origin}/never`);
    expect([refused.slice(0, 3), refused.includes('ENOENT')]).toEqual(['503', false]);

    for (const each of serversOf(folder)) process.kill(each, 'SIGKILL');
    await gateway.line(/the model server ended, and is started again/);
    await expect.poll(async () => infer(origin), { timeout: 60_000 }).toBe(one);
    expect(serversOf(folder)).not.toContain(pid);
    process.kill(Number(own.split('-')[0]), 'SIGKILL');
    await expect.poll(() => serversOf(folder), { timeout: 60_000 }).toEqual([]);
    expect(readdirSync(launched)).toContain(own);

    const again = await processes.again(folder, env);
    await again.gateway.line(/serving {2}model/);
    expect(readdirSync(launched)).not.toContain(own);
    await scene.type('holdfast revoke model --reason "it was a test"', folder);
    await again.gateway.line(/stopped {2}model in production .*withdrawn/);
    await expect.poll(() => serversOf(folder), { timeout: 60_000 }).toEqual([]);
    expect(await ended(again.gateway)).toBe(0);
    expect(readdirSync(launched)).toEqual([]);
    expect(await bindingsOf(folder)).toEqual(expect.arrayContaining(['launched', 'asserted']));
  });
});

test('a model server that is challenged is served while it answers as the file does', {
  timeout: 120_000,
}, async () => {
  const folder = copied(scene, prepared);
  writeFileSync(
    join(folder, 'policy/invoke.cedar'),
    `@id("known") permit (principal, action == Holdfast::Action::"invoke", resource)
     when { context has bindingLevel && context.bindingLevel >= 1 };\n`,
  );
  const right = await processes.server(join(folder, 'logistic.onnx'));
  const route = (path: string, origin: string, more = 'challenge: { data: rows.csv, rows: 8, every: 1s }'): string =>
    `{ model: model, environment: production, path: ${path}, upstream: "${origin}", ${more} }`;
  const routes = [route('/right', right.origin), route('/wrong', next), route('/asserted', stable, '')];
  const { gateway, origin } = await processes.gateway(
    folder,
    routes.join('\n    - '),
    '  policy: policy/invoke.cedar\n',
  );
  await gateway.line(/serving[^]*serving/);
  await gateway.line(/model on \/wrong {3}challenge: [1-8] of 8 rows are answered unlike by the file/);
  await gateway.line(/stopped {2}model in production .*challenge/);
  expect(await infer(`${origin}/right`)).toBe(one);
  expect(await infer(`${origin}/wrong`)).toContain('503 HF_GATEWAY_NOT_ADMITTED the model is not admitted: challenge');
  // The policy asks for more than the word of whoever configured the route.
  expect(await infer(`${origin}/asserted`)).toContain('403 HF_GATEWAY_NOT_ALLOWED');

  // The server goes away: nothing is known of what comes in its place.
  await ended(right.server, 'SIGKILL');
  await expect.poll(async () => infer(`${origin}/right`), { timeout: 60_000 }).toContain('challenge-unanswered');
  expect(gateway.said()).toMatch(/model on \/right {3}challenge-unanswered: /);
  expect(await ended(gateway)).toBe(0);
  expect(new Set(await bindingsOf(folder))).toEqual(new Set(['challenged', 'asserted']));
});

const canary = (path: string, declared: string): string =>
  `{ model: model, environment: production, path: ${path}, upstream: "${stable}", canary: { model: next, ${declared} } }`;

/** Keys of so many callers. */
async function keysOf(folder: string, count: number): Promise<string[]> {
  const commands = Array.from({ length: count }, (_, at) => `holdfast caller create app-${at} --json`);
  const { stdout } = await scene.type(commands.join(' && '), folder);
  const lines = stdout.trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { result: { text: string } }).result.text);
}

/** Counts what comes to it, and answers with a status. */
async function counting(status: number): Promise<{ readonly origin: string; readonly asked: () => number }> {
  let asked = 0;
  const server = createServer((message, response) => {
    message.resume().on('end', () => {
      asked += 1;
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { asked: () => asked, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function times(count: number, work: () => Promise<string>): Promise<string[]> {
  const results: string[] = [];
  for (let at = 0; at < count; at += 1) results.push(await work());
  return results;
}

const switches = /(?:rolled back|promoted|% of callers) on .*$/gm;

describe('a candidate', { timeout: 120_000 }, () => {
  test('answers its share of callers, each always by one model; one that fails is rolled back by rule; one that is shadowed answers nobody', async () => {
    const folder = copied(scene, prepared);
    const [failing, shadowed] = [await counting(500), await counting(200)];
    const routes = [
      canary('/', `upstream: "${next}", weight: 0.3, header: x-model`),
      canary('/failing', `upstream: "${failing.origin}", header: x-model, rollback: { errors: 0.2, over: 10 }`),
      canary('/shadowed', `upstream: "${shadowed.origin}", shadow: true`),
    ];
    const quotas = 'quotas: [{ per: caller, model: model, rate: 4/h, burst: 4 }]';
    declare(folder, routes.join('\n    - '), `  callers: { keys: policy/callers.json, ${quotas} }\n`);
    const keys = await keysOf(folder, 16);
    const { gateway, origin } = await processes.again(folder);
    await gateway.line(/serving(?:[^]*serving){5}/);
    const said = async (): Promise<string[]> =>
      Promise.all(keys.slice(0, 12).map(async (key) => infer(origin, { 'x-api-key': key })));
    const first = await said();
    expect(await said()).toEqual(first);
    expect(first.every((each) => each === one || each === other)).toBe(true);
    // Who stands where is a digest of names and bytes that are the same in every run.
    expect([first.includes(one), first.includes(other)]).toEqual([true, true]);
    const asks = (at: number, path: string, model?: string) => async (): Promise<string> =>
      infer(`${origin}${path}`, { 'x-api-key': keys[at] ?? '', ...(model === undefined ? {} : { 'x-model': model }) });
    expect([await asks(0, '', 'canary')(), await asks(1, '', 'stable')()]).toEqual([other, one]);
    expect(await asks(2, '', 'newest')()).toContain('400 HF_GATEWAY_FRAMING');
    // A caller has one quota for the model that is asked, whichever answers.
    await asks(0, '', 'canary')();
    expect((await asks(0, '', 'stable')()).slice(0, 3)).toBe('429');

    // More than 2 of any 10 are the third.
    const failed = await times(4, asks(12, '/failing', 'canary'));
    expect(failed.map((each) => each.trim())).toEqual(['500', '500', '500', one]);
    expect(failing.asked()).toBe(3);
    await gateway.line(/rolled back next on \/failing {3}3 errors in the last 3 answers are more than 0\.2/);

    expect(await times(4, asks(13, '/shadowed'))).toEqual([one, one, one, one]);
    await expect.poll(() => shadowed.asked(), { timeout: 20_000 }).toBe(4);
    expect((await asks(13, '/shadowed')()).slice(0, 3)).toBe('429');
    expect(await ended(gateway)).toBe(0);
    expect(await evidenceOf(folder, switches)).toEqual(['rolled back on /failing by rule: build/next']);
  });

  test('is promoted and rolled back by hand, which a gateway hears of while it runs', async () => {
    const folder = copied(scene, prepared);
    const { gateway, origin } = await processes.gateway(
      folder,
      canary('/credit', `upstream: "${next}", header: x-model`),
    );
    await gateway.line(/serving[^]*serving/);
    const said = async (): Promise<string> => infer(`${origin}/credit`);
    expect(await said()).toBe(one);
    const promoted = await scene.type('holdfast gateway promote /credit --reason "better figures" --json', folder);
    const told = { route: '/credit', model: 'next', weight: 1, reason: 'better figures', signer: 'approver' };
    expect(JSON.parse(promoted.stdout)).toMatchObject({ result: told });
    await expect.poll(said, { timeout: 60_000 }).toBe(other);
    expect(gateway.said()).toContain('switched next on /credit   answers everybody');
    expect(await infer(`${origin}/credit`, { 'x-model': 'stable' })).toBe(one);
    await scene.type('holdfast gateway rollback /credit', folder);
    await expect.poll(said, { timeout: 60_000 }).toBe(one);
    expect(await infer(`${origin}/credit`, { 'x-model': 'canary' })).toBe(one);
    await scene.type('holdfast gateway promote /credit', folder);
    await expect.poll(said, { timeout: 60_000 }).toBe(other);
    // A candidate that is withdrawn gives way to the other model, and no caller notices.
    await scene.type('holdfast revoke next --reason "it was a test"', folder);
    await expect.poll(said, { timeout: 60_000 }).toBe(one);
    const denied = await scene.type('holdfast gateway promote /credit', folder);
    expect([denied.status, denied.stdout.includes('next is denied by its gate: withdrawn')]).toEqual([1, true]);
    expect(await ended(gateway)).toBe(0);
    expect(await evidenceOf(folder, switches)).toEqual(
      ['promoted', 'rolled back', 'promoted'].map((what) => `${what} on /credit by hand: build/next`),
    );
  });
});

test.each([
  ['gateway promote /', '', 'no route `/` has a `canary`'],
  ['gateway rollback /nowhere', '', 'there is none'],
  ['gateway promote / --weight 1.5', '', '`--weight` is a share above 0 and up to 1'],
  ['gateway', 'challenge: { data: nowhere.csv }', 'the data of `challenge` cannot be read'],
  ['gateway', 'launch: { command: ["x", "{port}"] }', 'either `upstream` or `launch`'],
])('%s with {%s} is an error before anything listens', { timeout: 60_000 }, async (command, more, message) => {
  const folder = scene.pipeline();
  await scene.type('holdfast init --yes', folder);
  declare(folder, `{ model: model, environment: production, upstream: "http://127.0.0.1:1", ${more} }`);
  const { status, stderr } = await scene.type(`holdfast ${command}`, folder);
  expect([status, stderr.includes(message)], stderr).toEqual([2, true]);
});
