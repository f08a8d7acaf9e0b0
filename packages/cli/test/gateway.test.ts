import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bin, Scene } from './scene.ts';

const scene = new Scene('nothing', 'one');
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  scene.remove();
});

/** What a process has said so far, and a line of it once it is there. */
interface Speaker {
  readonly child: ChildProcess;
  said(): string;
  line(pattern: RegExp): Promise<RegExpExecArray>;
}

function speaker(child: ChildProcess): Speaker {
  running.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (piece: Buffer) => {
      text += piece.toString();
    });
  }
  const line = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (const until = performance.now() + 30_000; performance.now() < until; ) {
      const found = pattern.exec(text);
      if (found !== null) return found;
      await sleep(10);
    }
    throw new Error(`never said ${pattern}: ${text}`);
  };
  return { child, said: () => text, line };
}

const server = join(import.meta.dirname, '../../../examples/gateway/server.ts');

/** A real model server behind a real gateway, on a project whose gate is open. */
async function serving(folder: string, declared = ''): Promise<{ gateway: Speaker; origin: string; upstream: number }> {
  const words = [
    '--conditions=source',
    '--disable-warning=ExperimentalWarning',
    server,
    join(folder, 'logistic.onnx'),
    'model',
    '0',
  ];
  const model = speaker(spawn(process.execPath, words, { cwd: join(server, '..') }));
  const upstream = Number((await model.line(/model server on (\d+)/))[1]);
  appendFileSync(
    join(folder, 'holdfast.yaml'),
    `gateway:\n  listen: { port: 0 }\n${declared}  routes:\n    - { model: model, environment: production, upstream: "http://127.0.0.1:${upstream}" }\n`,
  );
  const gateway = speaker(spawn(process.execPath, [bin, 'gateway'], { cwd: folder, env: scene.environment() }));
  const [, origin = ''] = await gateway.line(/gateway {2}(http:\S+)/);
  return { gateway, origin, upstream };
}

async function ended({ child }: Speaker, signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = (await exit) as [number | null];
  return code;
}

const request = { inputs: [{ name: 'x', shape: [1, 3], datatype: 'FP32', data: [0.5, 1, -2] }] };

async function infer(
  origin: string,
  body: unknown = request,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const response = await fetch(`${origin}/v2/models/model/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

describe('a gateway before a model that passed its gate', { timeout: 120_000 }, () => {
  let folder = '';
  beforeAll(async () => {
    folder = await scene.project();
  }, 120_000);

  test('serves it, refuses what the model does not take, stops within a second of its withdrawal, and leaves evidence', async () => {
    const { gateway, origin, upstream } = await serving(folder);
    await gateway.line(/serving {2}model in production/);
    const direct = await (
      await fetch(`http://127.0.0.1:${upstream}/v2/models/model/infer`, {
        method: 'POST',
        body: JSON.stringify(request),
      })
    ).json();
    const { status, answer } = await infer(origin);
    expect({ status, answer }).toEqual({ status: 200, answer: direct });

    const refused = await infer(origin, { inputs: [{ ...request.inputs[0], name: 'y' }] });
    expect(refused).toMatchObject({ status: 422, answer: { title: 'HF_GATEWAY_REFUSED', status: 422 } });
    expect(await infer(origin, '{"inputs": [], "inputs": []}')).toMatchObject({
      status: 400,
      answer: { title: 'HF_GATEWAY_MALFORMED' },
    });

    await scene.type('holdfast revoke model --reason "it was a test"', folder);
    const since = performance.now();
    let last = await infer(origin);
    while (last.status === 200 && performance.now() - since < 5000) {
      await sleep(20);
      last = await infer(origin);
    }
    expect(last).toMatchObject({ status: 503, answer: { title: 'HF_GATEWAY_NOT_ADMITTED' } });
    expect(last.answer['detail']).toContain('withdrawn');
    expect(JSON.stringify(last.answer)).not.toContain(folder);
    await gateway.line(/stopped {2}model in production .*withdrawn/);

    expect(await ended(gateway)).toBe(0);
    const { stdout } = await scene.type('holdfast evidence list', folder);
    expect(stdout).toMatch(/served in production by gateway g-\S+: build\/model/);
    expect(stdout).toMatch(/stopped in production by gateway g-\S+: build\/model/);
    expect(stdout).toMatch(/\d+ requests to gateway g-\S+: requests\//);
    const [file = ''] = readdirSync(join(folder, '.holdfast/gateway'));
    const lines = readFileSync(join(folder, '.holdfast/gateway', file), 'utf8')
      .trim()
      .split('\n');
    const entries = lines.map((line) => JSON.parse(line) as { status: number; said: string[]; caller: string });
    expect(entries.map(({ status: code }) => code).slice(0, 3)).toEqual([200, 422, 400]);
    expect(entries.at(-1)).toMatchObject({ status: 503, said: ['HF_GATEWAY_NOT_ADMITTED'] });
  });
});

test('callers show keys, and get no more than their quota', { timeout: 120_000 }, async () => {
  const folder = await scene.project();
  const callers = '  callers: { keys: policy/callers.json, quotas: [{ per: caller, rate: 2/h, burst: 2 }] }\n';
  const early = `gateway:\n${callers}  routes: [{ model: model, environment: production, upstream: "http://127.0.0.1:1" }]\n`;
  const configuration = readFileSync(join(folder, 'holdfast.yaml'), 'utf8');
  writeFileSync(join(folder, 'holdfast.yaml'), configuration + early);
  const created = await scene.type(
    'holdfast caller create app --json && holdfast caller create other --json && holdfast caller create elsewhere --model other --json',
    folder,
  );
  const [key = '', other = '', elsewhere = ''] = created.stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as Created).result.text);
  expect(readFileSync(join(folder, 'policy/callers.json'), 'utf8')).not.toContain(key);
  writeFileSync(join(folder, 'holdfast.yaml'), configuration);

  const { gateway, origin } = await serving(folder, callers);
  await gateway.line(/serving {2}model in production/);
  const statusOf = async (headers: Record<string, string>): Promise<number> =>
    (await infer(origin, request, headers)).status;
  expect(await statusOf({})).toBe(401);
  expect(await statusOf({ authorization: `Bearer ${key.slice(0, -1)}x` })).toBe(401);
  expect(await statusOf({ authorization: `Bearer ${key}`, 'x-api-key': key })).toBe(401);
  expect([await statusOf({ authorization: `Bearer ${key}` }), await statusOf({ 'x-api-key': key })]).toEqual([
    200, 200,
  ]);
  const third = await infer(origin, request, { 'x-api-key': key });
  expect(third).toMatchObject({ status: 429, answer: { title: 'HF_GATEWAY_QUOTA' } });
  expect(await statusOf({ 'x-api-key': other })).toBe(200);
  const notForThis = await infer(origin, request, { 'x-api-key': elsewhere });
  expect(notForThis).toMatchObject({ status: 403, answer: { title: 'HF_GATEWAY_NOT_ALLOWED' } });

  await scene.type('holdfast caller revoke other', folder);
  await expect.poll(async () => statusOf({ 'x-api-key': other }), { timeout: 5000 }).toBe(401);
  expect(await ended(gateway)).toBe(0);
  const [file = ''] = readdirSync(join(folder, '.holdfast/gateway'));
  const log = readFileSync(join(folder, '.holdfast/gateway', file), 'utf8');
  expect(log).not.toContain(key);
  const logged = log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { caller: string; status: number });
  // Who is not known is not logged.
  expect(logged.slice(0, 4).map(({ caller, status }) => `${caller} ${status}`)).toEqual([
    ...['key:app 200', 'key:app 200', 'key:app 429', 'key:other 200'],
  ]);
});

interface Created {
  readonly result: { readonly text: string };
}

test('a gateway that may not serve answers 503 from the start, and not a byte from the model server', {
  timeout: 120_000,
}, async () => {
  const folder = await scene.project();
  writeFileSync(join(folder, 'build/model/extra.txt'), 'not what was approved');
  const { gateway, origin } = await serving(folder);
  await gateway.line(/stopped {2}model in production/);
  expect(await infer(origin)).toMatchObject({ status: 503, answer: { title: 'HF_GATEWAY_NOT_ADMITTED' } });
  expect(await ended(gateway, 'SIGTERM')).toBe(0);
});

test('what is asked for and cannot be made closes the route, and only here it is said why', {
  timeout: 120_000,
}, async () => {
  const folder = await scene.project();
  const route =
    'model: model, environment: production, upstream: "http://127.0.0.1:1", protections: { profile: applicants }';
  appendFileSync(join(folder, 'holdfast.yaml'), `gateway: { listen: { port: 0 }, routes: [{ ${route} }] }\n`);
  const checked = await scene.type('holdfast gateway check', folder);
  expect(checked.status).toBe(1);
  expect(checked.stdout).toContain('✗ stopped');
  expect(checked.stdout).toContain('there is no profile of `applicants`');
  const gateway = speaker(spawn(process.execPath, [bin, 'gateway'], { cwd: folder, env: scene.environment() }));
  const [, origin = ''] = await gateway.line(/gateway {2}(http:\S+)/);
  const { status, answer } = await infer(origin);
  expect([status, JSON.stringify(answer).includes('profile')]).toEqual([503, false]);
  expect(gateway.said()).toContain('there is no profile of `applicants`');
  expect(await ended(gateway)).toBe(0);
});

test.each([
  ['no routes', 'gateway: { routes: [] }\n', 'declares no `gateway.routes`'],
  [
    'an address of other machines without TLS',
    'gateway: { listen: { address: 0.0.0.0 }, routes: [{ model: model, environment: production, upstream: "http://h" }] }\n',
    'is not only this machine: it takes `tls`',
  ],
  [
    'certificates that nobody asks for',
    `gateway: { callers: { certificates: [{ name: a, publicKey: ${'a'.repeat(64)} }] }, routes: [{ model: model, environment: production, upstream: "http://h" }] }\n`,
    '`callers.certificates` count where `listen.tls.clients`',
  ],
])('%s is an error before anything listens', { timeout: 60_000 }, async (_, text, message) => {
  const folder = scene.pipeline();
  await scene.type('holdfast init --yes', folder);
  appendFileSync(join(folder, 'holdfast.yaml'), text);
  const { status, stderr } = await scene.type('holdfast gateway', folder);
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(message) as string });
});
