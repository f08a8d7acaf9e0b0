import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  declare,
  ended,
  GatewayScene,
  infer,
  linesOf,
  mainOf,
  type Speaker,
  until,
  workersOf,
} from './gateway-scene.ts';
import { Scene } from './scene.ts';

const scene = new Scene('nothing', 'one');
const gateways = new GatewayScene(scene);
let model: Server;
let upstream = 0;
beforeAll(async () => {
  model = createServer((message, response) => {
    message.resume();
    message.on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end('{"model_name":"model","outputs":[]}');
    });
  }).listen(0, '127.0.0.1');
  await until(
    () => (model.listening ? true : undefined),
    () => 'listening',
  );
  upstream = (model.address() as AddressInfo).port;
});
afterAll(() => {
  gateways.stop();
  model.close();
  scene.remove();
});

async function serving(folder: string): Promise<{ gateway: Speaker; origin: string }> {
  const gateway = gateways.gateway(folder);
  const [, origin = ''] = await gateway.line(/gateway {2}(http:\S+)/);
  await gateway.line(/serving {2}model in production/);
  return { gateway, origin };
}

test('quotas that nobody counts together keep several processes from starting', async () => {
  const folder = await scene.project();
  declare(folder, upstream, '  workers: 2\n  callers: { quotas: [{ per: caller, rate: 5/s }] }\n');
  const { status, stderr } = await scene.type('holdfast gateway', folder);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringContaining('several `workers` count `callers.quotas` together') as string,
  });
});

describe('a gateway of several processes', { timeout: 120_000 }, () => {
  test('serves, starts again what died, stops everywhere at a withdrawal, and leaves evidence of each', async () => {
    const folder = await scene.project();
    declare(folder, upstream, '  workers: 2\n');
    const { gateway, origin } = await serving(folder);
    const ids: unknown[] = [];
    for (let at = 0; at < 10; at++) {
      const { status, headers } = await infer(origin);
      expect(status).toBe(200);
      ids.push(headers['x-holdfast-request']);
    }
    const first = workersOf(gateway);
    expect(first.length).toBe(2);
    // One that takes nothing any more, and then is gone: what waited for it goes to the other, but for what was with it already.
    process.kill(first[0] ?? 0, 'SIGSTOP');
    const state = { answered: 0 };
    const asked = Array.from({ length: 12 }, async () => {
      const status = await infer(origin).then(
        ({ status: code }) => code,
        () => 0,
      );
      state.answered += 1;
      return status;
    });
    await until(() => (state.answered >= 5 ? true : undefined), gateway.said);
    process.kill(first[0] ?? 0, 'SIGKILL');
    const statuses = await Promise.all(asked);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(10);
    await gateway.line(/ended {4}worker \S+ \(SIGKILL\)/);
    await until(
      () => (workersOf(gateway).filter((pid) => !first.includes(pid)).length === 1 ? true : undefined),
      gateway.said,
    );
    for (let at = 0; at < 6; at++) expect((await infer(origin)).status).toBe(200);

    const writer = await scene.type('holdfast revoke model --reason "it was a test"', folder);
    expect(writer.status).toBe(0);
    await gateway.line(/stopped {2}model in production .*withdrawn/);
    await until(async () => {
      const all = await Promise.all(Array.from({ length: 6 }, async () => infer(origin)));
      return all.every(({ status }) => status === 503) ? true : undefined;
    }, gateway.said);
    expect(await ended(gateway)).toBe(0);

    expect(linesOf(folder).map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    const { stdout } = await scene.type('holdfast evidence list', folder);
    const onRecord = [...stdout.matchAll(/(\d+) requests? to gateway/g)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
    expect(onRecord).toBe(linesOf(folder).length);
    expect(stdout.match(/served in production by gateway/g)?.length).toBe(1);
    expect(readdirSync(join(folder, '.holdfast/gateway-live'))).toEqual([]);
  });

  test('serves another configuration without losing a request, and not one that is wrong', async () => {
    const folder = await scene.project();
    declare(folder, upstream, '  workers: 2\n');
    const { gateway, origin } = await serving(folder);
    const state = { isOver: false, answered: 0, slow: 0, failed: [] as string[] };
    const load = Array.from({ length: 2 }, async (_, at) => {
      const agent = at % 2 === 0 ? new Agent({ keepAlive: true, maxSockets: 1 }) : undefined;
      while (!state.isOver) {
        await sleep(5);
        try {
          const { status, body } = await infer(origin, {}, agent);
          if (status === 200) state.answered += 1;
          // A machine that does much else verifies slower than an old answer counts: that is said, and nothing is lost.
          else if (body.includes('evidence-changed')) state.slow += 1;
          else state.failed.push(`${status} ${body.slice(0, 300)}`);
        } catch (error) {
          state.failed.push(String(error));
        }
      }
      agent?.destroy();
    });
    const file = join(folder, 'holdfast.yaml');
    const good = readFileSync(file, 'utf8');
    const before = workersOf(gateway);
    writeFileSync(file, `${good}  nonsense: true\n`);
    await gateway.line(/not reloaded, what was served goes on: HF_CONFIG_INVALID/);
    writeFileSync(file, `${good}  callers: { keys: policy/none.json }\n`);
    await gateway.line(/not reloaded, what was served goes on: .*policy\/none.json|not reloaded.*cannot be read/);
    writeFileSync(file, good.replace('workers: 2', 'workers: 1\n  recheck: 30s'));
    await gateway.line(/reloaded \S+holdfast.yaml/);
    await until(() => (workersOf(gateway).length === 1 ? true : undefined), gateway.said);
    gateway.child.kill('SIGHUP');
    await gateway.line(/reloaded [\s\S]*reloaded /);
    await until(() => (workersOf(gateway).length === 1 ? true : undefined), gateway.said);
    const since = state.answered;
    await until(() => (state.answered > since + 20 ? true : undefined), gateway.said);
    state.isOver = true;
    await Promise.all(load);
    expect([...new Set(state.failed.map((each) => each.replace(/urn:uuid:[-\w]+/, '')))]).toEqual([]);
    expect(workersOf(gateway).some((pid) => before.includes(pid))).toBe(false);
    expect(await ended(gateway)).toBe(0);
    expect(linesOf(folder).length).toBe(state.answered + state.slow);
  });

  test('leaves what it was killed with to the next one, which cuts off what is torn', async () => {
    const folder = await scene.project();
    declare(folder, upstream, '');
    const first = await serving(folder);
    const other = await serving(folder);
    for (const { origin } of [first, first, first, other]) expect((await infer(origin)).status).toBe(200);
    process.kill(mainOf(first.gateway), 'SIGKILL');
    const names = readdirSync(join(folder, '.holdfast/gateway'));
    const torn = names.find(
      (name) => readFileSync(join(folder, '.holdfast/gateway', name), 'utf8').split('\n').length === 4,
    );
    writeFileSync(join(folder, '.holdfast/gateway', torn ?? ''), '{"sequence":3,"befo', { flag: 'a' });
    await until(
      () => ((first.gateway.child.exitCode ?? first.gateway.child.signalCode) ? true : undefined),
      () => 'gone',
    );
    const next = await serving(folder);
    await next.gateway.line(/left {5}3 requests by g-\S+, which was killed; a torn last line is cut off/);
    const listed = async (): Promise<string[]> =>
      [...(await scene.type('holdfast evidence list', folder)).stdout.matchAll(/(\d+) requests? to gateway/g)].map(
        ([, count]) => count ?? '',
      );
    expect(await listed()).toEqual(['3']);
    expect((await infer(other.origin)).status).toBe(200);
    expect(await ended(other.gateway)).toBe(0);
    expect(await ended(next.gateway)).toBe(0);
    expect(await listed()).toEqual(['3', '2']);
  });
});
