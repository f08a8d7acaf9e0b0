// The gateway before model servers that others wrote, unchanged: MLflow's scoring server and MLServer, on real measurements.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { bin, Scene } from './scene.ts';

const peers = process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache', 'holdfast-peers');
const root = join(import.meta.dirname, '../../..');
const data = process.env['HOLDFAST_ADULT_DATA'] ?? join(root, '..', 'shared', 'data');
const table = join(data, 'pima-indians-diabetes.csv');

const scene = new Scene('nothing', 'one');
const running: ChildProcess[] = [];

/** With what they started: both servers are several processes. */
function kill({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  process.kill(-pid, 'SIGKILL');
}
afterAll(() => {
  for (const child of running) kill(child);
  scene.remove();
});

interface ServerKind {
  readonly name: 'mlflow' | 'mlserver';
  readonly protocol: string;
  readonly served: string;
  readonly path: string;
  readonly ready: string;
  readonly command: (model: string, port: number) => readonly string[];
  readonly environment: (ports: readonly number[]) => Record<string, string>;
  readonly good: readonly unknown[];
  readonly refused: readonly (readonly [unknown, string])[];
}

const names = ['pregnancies', 'glucose', 'pressure', 'skin', 'insulin', 'bmi', 'pedigree', 'age'];
const rows = [
  [6, 148, 72, 35, 0, 33.6, 0.627, 50],
  [1, 85, 66, 29, 0, 26.6, 0.351, 31],
];
const records = rows.map((row) => Object.fromEntries<unknown>(row.map((value, at) => [names[at] ?? '', value])));
const columns = Object.fromEntries<unknown>(names.map((name, at) => [name, rows.map((row) => row[at])]));
const features = { name: 'features', datatype: 'FP64', shape: [2, 8], data: rows.flat() };

const servers: readonly ServerKind[] = [
  {
    ...{ name: 'mlflow', protocol: 'mlflow', served: 'diabetes', path: '/invocations', ready: '/health' },
    command: (model, port) => [
      ...['mlflow', 'models', 'serve', '--model-uri', model, '--port', String(port), '--host', '127.0.0.1'],
      ...['--env-manager', 'local', '--workers', '1'],
    ],
    environment: () => ({}),
    good: [
      { dataframe_split: { columns: names, data: rows } },
      { dataframe_split: { index: [0, 1], columns: names, data: rows } },
      { dataframe_records: records },
      { inputs: columns },
    ],
    refused: [
      [{ dataframe_split: { columns: [...names.slice(1), 'weight'], data: rows } }, 'HF_GATEWAY_REFUSED'],
      [{ dataframe_records: records.map((record) => ({ ...record, age: 'fifty' })) }, 'HF_GATEWAY_REFUSED'],
      [{ dataframe_split: { columns: names, data: [rows[0], rows[1]?.slice(1)] } }, 'HF_GATEWAY_MALFORMED'],
    ],
  },
  {
    ...{ name: 'mlserver', protocol: 'open-inference', served: 'diabetes', path: '/v2/models/diabetes/infer' },
    ready: '/v2/models/diabetes/ready',
    command: (model) => ['mlserver', 'start', model],
    environment: ([http, grpc, metrics]) => ({
      ...{ MLSERVER_HOST: '127.0.0.1', MLSERVER_HTTP_PORT: String(http), MLSERVER_GRPC_PORT: String(grpc) },
      ...{ MLSERVER_METRICS_PORT: String(metrics), MLSERVER_PARALLEL_WORKERS: '0' },
    }),
    good: [
      { id: 'one', inputs: [features], outputs: [{ name: 'predict_proba' }] },
      { id: 'two', inputs: [features] },
    ],
    refused: [
      [{ inputs: [{ ...features, name: 'age' }] }, 'HF_GATEWAY_REFUSED'],
      [{ inputs: [{ ...features, shape: [4, 4] }] }, 'HF_GATEWAY_REFUSED'],
      [{ inputs: [{ ...features, datatype: 'FP32' }] }, 'HF_GATEWAY_REFUSED'],
      [{ inputs: [{ ...features, data: [1] }] }, 'HF_GATEWAY_MALFORMED'],
    ],
  },
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

async function typed(line: string, folder: string): Promise<void> {
  const { status, stdout, stderr } = await scene.type(line, folder);
  if (status !== 0) throw new Error(`the project cannot be prepared:\n${stdout}${stderr}`);
}

/** The scan does not know the file `MLmodel`, and says so: whoever serves one has decided on it without the scan. */
function leaveScanOut(folder: string): void {
  const file = join(folder, 'policy/production.cedar');
  const policy = readFileSync(file, 'utf8');
  const from = policy.indexOf('@id("scanned")');
  const to = policy.indexOf('};', from) + 2;
  if (from < 0 || to < 2) throw new Error('the policy has no rule `scanned`');
  writeFileSync(file, policy.slice(0, from) + policy.slice(to));
  const configuration = join(folder, 'holdfast.yaml');
  writeFileSync(configuration, readFileSync(configuration, 'utf8').replace('checks:\n  model: [scan]\n', ''));
}

/** A project that trained its model for this server, and whose gate is open. */
async function project(name: ServerKind['name']): Promise<string> {
  const folder = scene.pipeline();
  copyFileSync(join(root, 'tools/peers/serving/train.py'), join(folder, 'train.py'));
  copyFileSync(table, join(folder, 'diabetes.csv'));
  const python = join(peers, `serving-${name}`, 'bin/python');
  writeFileSync(join(folder, 'train.sh'), `${python} train.py ${name} diabetes.csv build/model\n`);
  const file = join(folder, 'holdfast.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('logistic.onnx', 'train.py, diabetes.csv'));
  await typed('holdfast init --yes --roles authority,builder', folder);
  if (name === 'mlflow') leaveScanOut(folder);
  const commands = [
    'holdfast key create checker --roles checker',
    'holdfast key create approver --roles approver',
    'holdfast run && holdfast sign model && holdfast approve model',
  ];
  await typed(commands.join(' && '), folder);
  return folder;
}

function started(
  words: readonly string[],
  cwd: string,
  env: Record<string, string>,
): { child: ChildProcess; readonly said: () => string } {
  const [program = '', ...rest] = words;
  const child = spawn(program, rest, { cwd, env, detached: true });
  running.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece: Buffer) => {
      text += piece.toString();
    });
  }
  return { child, said: () => text };
}

async function until<Value>(
  what: () => string,
  look: () => Promise<Value | undefined> | Value | undefined,
): Promise<Value> {
  for (const last = performance.now() + 240_000; performance.now() < last; ) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error(`it never came: ${what()}`);
}

async function ask(origin: string, path: string, body: unknown): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

const codeOf = ({ text }: { readonly text: string }): unknown => (JSON.parse(text) as { title?: unknown }).title;

describe.each(servers)('a gateway before a real $name', { timeout: 600_000 }, (server) => {
  test('passes on what is good byte for byte, refuses the rest, and stops when the model is withdrawn', async (context) => {
    const programs = join(peers, `serving-${server.name}`, 'bin');
    if (!existsSync(programs) || !existsSync(table)) {
      if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${programs} and ${table}`);
      context.skip(`needs ${programs} and ${table}`);
    }
    const folder = await project(server.name);
    const model = join(folder, 'build/model');
    const ports = [await freePort(), await freePort(), await freePort()];
    const env = { ...scene.environment(server.environment(ports)), PATH: `${programs}:${process.env['PATH'] ?? ''}` };
    const { said: serverSaid } = started(server.command(model, ports[0] as number), join(folder, '..'), env);
    const direct = `http://127.0.0.1:${ports[0]}`;
    await until(serverSaid, async () => {
      const answer = await fetch(`${direct}${server.ready}`).catch(() => undefined);
      return answer?.ok === true ? answer : undefined;
    });
    const route = `{ model: model, environment: production, upstream: "${direct}", protocol: ${server.protocol}, served: ${server.served} }`;
    appendFileSync(join(folder, 'holdfast.yaml'), `gateway:\n  listen: { port: 0 }\n  routes:\n    - ${route}\n`);
    const gateway = started([process.execPath, bin, 'gateway'], folder, scene.environment());
    const origin = await until(gateway.said, () => /gateway {2}(http:\S+)/.exec(gateway.said())?.[1]);
    await until(gateway.said, () => /serving {2}model in production/.exec(gateway.said()) ?? undefined);

    expect((await fetch(`${origin}${server.ready}`)).status).toBe(200);
    for (const body of server.good) {
      const expected = await ask(direct, server.path, body);
      expect(expected.status, expected.text).toBe(200);
      expect(await ask(origin, server.path, body)).toEqual(expected);
    }
    for (const [body, code] of server.refused) {
      const answer = await ask(origin, server.path, body);
      expect(codeOf(answer), JSON.stringify(body)).toBe(code);
    }
    expect((await ask(origin, '/elsewhere', {})).status).toBe(404);

    await scene.type('holdfast revoke model --reason "it was a test"', folder);
    const last = await until(gateway.said, async () => {
      const answer = await ask(origin, server.path, server.good[0]);
      return answer.status === 200 ? undefined : answer;
    });
    expect([last.status, codeOf(last)]).toEqual([503, 'HF_GATEWAY_NOT_ADMITTED']);
    expect((await ask(direct, server.path, server.good[0])).status).toBe(200);
    const exit = once(gateway.child, 'exit');
    gateway.child.kill('SIGINT');
    expect((await exit)[0]).toBe(0);
  });
});
