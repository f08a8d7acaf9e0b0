import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Scene } from './scene.ts';
import { copied, declare, ended, infer, Processes, twoModels } from './switch-scene.ts';

const scene = new Scene('nothing', 'one');
const processes = new Processes(scene);
const servers: Server[] = [];
let prepared = '';
let stable = '';
let next = '';
/** What each of the models says. */
let [one, other] = ['', ''];

beforeAll(async () => {
  prepared = await twoModels(scene);
  stable = (await processes.server(join(prepared, 'logistic.onnx'))).origin;
  next = (await processes.server(join(prepared, 'next.onnx'))).origin;
  [one, other] = [await infer(stable), await infer(next)];
}, 120_000);
afterAll(() => {
  processes.stop();
  for (const server of servers) server.close().closeAllConnections();
  scene.remove();
});

const route = (canary: string, path = '/'): string =>
  `{ model: model, environment: production, path: ${path}, upstream: "${stable}", canary: { model: next, ${canary} } }`;

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

/** What the ledger says of switches, and how often anybody was asked. */
const evidenceOf = async (folder: string): Promise<string[]> => {
  const { stdout } = await scene.type('holdfast evidence list', folder);
  return [...stdout.matchAll(/(?:rolled back|promoted|% of callers) on .*$/gm)].map(([text]) => text);
};

const times = async <Result>(count: number, work: () => Promise<Result>): Promise<Result[]> => {
  const results: Result[] = [];
  for (let at = 0; at < count; at += 1) results.push(await work());
  return results;
};

describe('a candidate', { timeout: 120_000 }, () => {
  test('answers its share of the callers, each always by the same model', async () => {
    const folder = copied(scene, prepared);
    const quotas = 'quotas: [{ per: caller, model: model, rate: 3/h, burst: 3 }]';
    declare(
      folder,
      route(`upstream: "${next}", weight: 0.3, header: x-model`),
      `  callers: { keys: policy/callers.json, ${quotas} }\n`,
    );
    const keys = await keysOf(folder, 16);
    const { gateway, origin } = await processes.again(folder);
    await gateway.line(/serving[^]*serving/);
    const said = async (): Promise<string[]> =>
      Promise.all(keys.map(async (key) => infer(origin, { 'x-api-key': key })));
    const first = await said();
    expect(await said()).toEqual(first);
    expect(first.every((each) => each === one || each === other)).toBe(true);
    // Who stands where is a digest of names and bytes that do not change.
    const share = first.filter((each) => each === other).length;
    expect([share > 0, share < 12], String(share)).toEqual([true, true]);
    const chosen = async (at: number, model: string): Promise<string> =>
      infer(origin, { 'x-api-key': keys[at] ?? '', 'x-model': model });
    expect([await chosen(0, 'canary'), await chosen(1, 'stable')]).toEqual([other, one]);
    expect(await chosen(2, 'newest')).toContain('400 HF_GATEWAY_FRAMING');
    // A caller has one quota for the route, whichever model answers.
    expect([await chosen(0, 'canary'), await chosen(1, 'stable')].map((each) => each.slice(0, 3))).toEqual([
      '429',
      '429',
    ]);
    expect(await ended(gateway)).toBe(0);
  });

  test('is promoted and rolled back by hand, which a gateway hears of while it runs and after', async () => {
    const folder = copied(scene, prepared);
    const { gateway, origin } = await processes.gateway(
      folder,
      route(`upstream: "${next}", header: x-model`, '/credit'),
    );
    await gateway.line(/serving[^]*serving/);
    const said = async (): Promise<string> => infer(`${origin}/credit`);
    expect(await times(3, said)).toEqual([one, one, one]);
    const promoted = await scene.type('holdfast gateway promote /credit --reason "better figures" --json', folder);
    const told = { route: '/credit', model: 'next', weight: 1, reason: 'better figures', signer: 'approver' };
    expect(JSON.parse(promoted.stdout)).toMatchObject({ result: told });
    await expect.poll(said, { timeout: 20_000 }).toBe(other);
    expect(gateway.said()).toContain('switched next on /credit   answers everybody');
    expect(await infer(`${origin}/credit`, { 'x-model': 'stable' })).toBe(one);
    await scene.type('holdfast gateway rollback /credit', folder);
    await expect.poll(said, { timeout: 20_000 }).toBe(one);
    expect(await infer(`${origin}/credit`, { 'x-model': 'canary' })).toBe(one);
    expect(await ended(gateway)).toBe(0);

    const again = await processes.again(folder);
    await again.gateway.line(/serving[^]*serving/);
    expect(await infer(`${again.origin}/credit`, { 'x-model': 'canary' })).toBe(one);
    await scene.type('holdfast gateway promote /credit', folder);
    await expect.poll(async () => infer(`${again.origin}/credit`), { timeout: 20_000 }).toBe(other);
    // A candidate that is withdrawn gives way to the other model, and no caller notices.
    await scene.type('holdfast revoke next --reason "it was a test"', folder);
    await expect.poll(async () => infer(`${again.origin}/credit`), { timeout: 20_000 }).toBe(one);
    const denied = await scene.type('holdfast gateway promote /credit', folder);
    expect([denied.status, denied.stdout.includes('next is denied by its gate: withdrawn')]).toEqual([1, true]);
    expect(await ended(again.gateway)).toBe(0);
    expect(await evidenceOf(folder)).toEqual([
      'promoted on /credit by hand: build/next',
      'rolled back on /credit by hand: build/next',
      'promoted on /credit by hand: build/next',
    ]);
  });

  test('that fails more often than its rule allows is rolled back, and stays so', async () => {
    const folder = copied(scene, prepared);
    const failing = await counting(500);
    const { gateway, origin } = await processes.gateway(
      folder,
      route(`upstream: "${failing.origin}", weight: 0.5, header: x-model, rollback: { errors: 0.2, over: 10 }`),
    );
    await gateway.line(/serving[^]*serving/);
    // More than 2 of any 10 are the third.
    const statuses = await times(3, async () => infer(origin, { 'x-model': 'canary' }));
    expect(statuses.map((each) => each.slice(0, 3))).toEqual(['500', '500', '500']);
    expect(await times(10, async () => infer(origin, { 'x-model': 'canary' }))).toEqual(new Array(10).fill(one));
    expect(failing.asked()).toBe(3);
    await gateway.line(/rolled back next on \/ {3}3 errors in the last 3 answers are more than 0\.2/);
    expect(await ended(gateway)).toBe(0);
    expect(await evidenceOf(folder)).toEqual(['rolled back on / by rule: build/next']);
    const again = await processes.again(folder);
    await again.gateway.line(/serving[^]*serving/);
    expect(await times(3, async () => infer(again.origin, { 'x-model': 'canary' }))).toEqual([one, one, one]);
    expect(await ended(again.gateway)).toBe(0);
  });

  test('that is shadowed gets copies, and no caller an answer of its', async () => {
    const folder = copied(scene, prepared);
    const shadowed = await counting(200);
    declare(
      folder,
      route(`upstream: "${shadowed.origin}", shadow: true`),
      '  callers: { keys: policy/callers.json, quotas: [{ per: caller, rate: 5/h, burst: 5 }] }\n',
    );
    const [key = ''] = await keysOf(folder, 1);
    const { gateway, origin } = await processes.again(folder);
    await gateway.line(/serving[^]*serving/);
    const said = await times(5, async () => infer(origin, { 'x-api-key': key }));
    expect(said).toEqual(new Array(5).fill(one));
    await expect.poll(() => shadowed.asked(), { timeout: 10_000 }).toBe(5);
    expect(await infer(origin, { 'x-api-key': key })).toContain('429');
    expect(shadowed.asked()).toBe(5);
    expect(await ended(gateway)).toBe(0);
    const [file = ''] = readdirSync(join(folder, '.holdfast/gateway')).filter((name) => name.startsWith('g-'));
    expect(
      readFileSync(join(folder, '.holdfast/gateway', file), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(6);
  });
});

test.each([
  ['promote', '/', 'no route `/` has a `canary`'],
  ['rollback', '/nowhere', 'there is none'],
  ['promote', '/ --weight 1.5', '`--weight` is a share above 0 and up to 1'],
])('gateway %s %s is an error that says why', { timeout: 60_000 }, async (command, rest, message) => {
  const folder = copied(scene, prepared);
  declare(folder, `{ model: model, environment: production, upstream: "http://127.0.0.1:1" }`);
  const { status, stderr } = await scene.type(`holdfast gateway ${command} ${rest}`, folder);
  expect([status, stderr.includes(message)], stderr).toEqual([2, true]);
});
