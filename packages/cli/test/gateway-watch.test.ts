import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bin, Scene } from './scene.ts';

const scene = new Scene('nothing', 'one');
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  scene.remove();
});

function started(words: readonly string[], cwd: string): { child: ChildProcess; said: () => string } {
  const child = spawn(process.execPath, [...words], { cwd, env: scene.environment() });
  running.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece: Buffer) => {
      text += piece.toString();
    });
  }
  return { child, said: () => text };
}

/** Takes alarms that are signed with the token. */
async function webhook(): Promise<{ address: string; told: unknown[] }> {
  const told: unknown[] = [];
  const listening = createServer((message, response) => {
    let body = '';
    message.on('data', (piece: Buffer) => {
      body += piece.toString();
    });
    message.on('end', () => {
      const [, time = '', shown] = /^t=(\d+),v1=(\w+)$/.exec(String(message.headers['x-holdfast-signature'])) ?? [];
      const isGood = createHmac('sha256', token).update(`${time}.${body}`).digest('hex') === shown;
      if (isGood) told.push(JSON.parse(body));
      response.writeHead(isGood ? 204 : 401).end();
    });
  }).listen(0, '127.0.0.1');
  listening.unref();
  await once(listening, 'listening');
  return { address: `http://127.0.0.1:${(listening.address() as AddressInfo).port}/`, told };
}

const server = join(import.meta.dirname, '../../../examples/gateway/server.ts');
const within = { timeout: 30_000 };
const token = 'k'.repeat(32);

test('a gateway that is watched counts what it serves on a port of its own, and never on that of callers', {
  timeout: 240_000,
}, async () => {
  const folder = await scene.project();
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const model = started([...flags, server, join(folder, 'logistic.onnx'), 'model', '0'], join(server, '..'));
  await expect.poll(model.said, within).toMatch(/model server on \d+/);
  const upstream = /server on (\d+)/.exec(model.said())?.[1];
  const secret = join(folder, '..', 'watch-token');
  writeFileSync(secret, token, { mode: 0o600 });
  const hook = await webhook();
  const alerts = `{ webhook: { address: "${hook.address}", secret: ${secret} } }`;
  const route = `{ model: model, environment: production, upstream: "http://127.0.0.1:${upstream}" }`;
  appendFileSync(
    join(folder, 'holdfast.yaml'),
    `gateway:\n  listen: { port: 0 }\n  watch: { port: 0, token: ${secret}, window: 50, alerts: ${alerts} }\n  routes: [${route}]\n`,
  );
  const gateway = started([bin, 'gateway'], folder);
  await expect.poll(gateway.said, within).toMatch(/gateway {2}http/);
  await expect.poll(gateway.said, within).toMatch(/serving {2}model in production/);
  const [, watch = ''] = /watch {4}(http:\S+)\//.exec(gateway.said()) ?? [];
  const [, origin = ''] = /gateway {2}(http:\S+)/.exec(gateway.said()) ?? [];
  // What is not shown to a person holds no secret.
  expect(gateway.said()).not.toContain('#');
  const bodyOf = (value: (at: number) => number): string =>
    JSON.stringify({
      inputs: [
        { name: 'x', shape: [50, 3], datatype: 'FP32', data: Array.from({ length: 150 }, (_, at) => value(at)) },
      ],
    });
  const ask = async (body = bodyOf((at) => at / 75 - 1)): Promise<number> => {
    const response = await fetch(`${origin}/v2/models/model/infer`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body },
    });
    return response.status;
  };
  // On a busy machine nothing is served for a moment after the gateway's own evidence has changed the ledger.
  for (let count = 0; count < 2; count += 1) await expect.poll(async () => ask(), within).toBe(200);
  const headers = { authorization: `Bearer ${token}` };
  const metrics = async (): Promise<string> => (await fetch(`${watch}/metrics`, { headers })).text();
  await expect.poll(metrics, within).toContain('requests_total{model="model",route="/",status="200"} 2');
  const text = await metrics();
  expect(text).toContain('holdfast_gateway_rows_total{model="model",route="/"} 100');
  // The second window holds what the first did.
  expect(text).toContain('holdfast_gateway_score_distance{model="model",route="/"} 0\n');
  for (const path of ['/metrics', '/state', '/events', '/session', '/page.js']) {
    expect((await fetch(origin + path, { headers })).status).toBe(404);
  }
  // Scores that all moved are an alarm: said, told, and evidence about the model.
  await expect.poll(async () => ask(bodyOf(() => 3)), within).toBe(200);
  await expect.poll(gateway.said, within).toContain('alarm    model: gateway.drift.scores raised at');
  await expect.poll(() => hook.told.length, within).toBe(1);
  expect(hook.told[0]).toMatchObject({ rule: 'gateway.drift.scores', state: 'raised', model: 'model', route: '/' });
  const exit = once(gateway.child, 'exit');
  gateway.child.kill('SIGINT');
  expect((await exit)[0]).toBe(0);
  const { stdout } = await scene.type('holdfast evidence list', folder);
  expect(stdout).toMatch(/gateway\.drift\.scores raised in production by gateway g-/);
});

test('a token that is not there is an error before anything listens', { timeout: 60_000 }, async () => {
  const folder = scene.pipeline();
  await scene.type('holdfast init --yes', folder);
  const route = '{ model: model, environment: production, upstream: "http://h" }';
  const watch = 'watch: { port: 0, token: /nowhere/token }';
  appendFileSync(join(folder, 'holdfast.yaml'), `gateway: { listen: { port: 0 }, ${watch}, routes: [${route}] }\n`);
  const { status, stderr } = await scene.type('holdfast gateway', folder);
  expect(status).toBe(2);
  expect(stderr).toContain('HF_GATEWAY_CONFIGURATION');
});
