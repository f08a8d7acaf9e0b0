import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { bin, Scene } from './scene.ts';

const scene = new Scene('nothing', 'one');
const running: ChildProcess[] = [];
const servers: Server[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  scene.remove();
});

/** What a process says on both of its streams, until a line of it is there. */
function speaker(child: ChildProcess) {
  running.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (piece: Buffer) => {
      text += piece.toString();
    });
  }
  return async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (const until = performance.now() + 30_000; performance.now() < until; ) {
      const found = pattern.exec(text);
      if (found !== null) return found;
      await sleep(10);
    }
    throw new Error(`never said ${pattern}: ${text}`);
  };
}

async function serverOf(answer: (response: ServerResponse, body: string) => void | Promise<void>): Promise<number> {
  const server = createServer((message, response) => {
    const pieces: Buffer[] = [];
    message.on('data', (piece: Buffer) => pieces.push(piece));
    message.on('end', () => void answer(response, Buffer.concat(pieces).toString()));
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

interface Entry {
  readonly id: string;
  readonly status: number;
  readonly answer: string;
  readonly said: readonly string[];
  readonly stream?: Readonly<Record<string, unknown>>;
}

/** A gateway of the command line on a project whose gate is open. */
async function gatewayOn(folder: string, route: string, more = '') {
  appendFileSync(
    join(folder, 'holdfast.yaml'),
    `gateway:\n  listen: { port: 0 }\n${more}  routes:\n    - { model: model, environment: production, ${route} }\n`,
  );
  const child = spawn(process.execPath, [bin, 'gateway'], { cwd: folder, env: scene.environment() });
  const line = speaker(child);
  const [, origin = ''] = await line(/gateway {2}(http:\S+)/);
  await line(/serving {2}model in production/);
  const ended = async (): Promise<unknown> => {
    const exit = once(child, 'exit');
    child.kill('SIGINT');
    return (await exit)[0];
  };
  const entries = (): Entry[] => {
    const [file = ''] = readdirSync(join(folder, '.holdfast/gateway'));
    const lines = readFileSync(join(folder, '.holdfast/gateway', file), 'utf8')
      .trim()
      .split('\n');
    return lines.map((entry) => JSON.parse(entry) as Entry);
  };
  return { origin, line, ended, entries };
}

const post = async (url: string, body: unknown): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const chat = { model: 'model', stream: true, max_tokens: 8, messages: [{ role: 'user', content: 'x' }] };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('a chat is streamed, logged with its end, and cut within a second of the withdrawal', {
  timeout: 120_000,
}, async () => {
  const folder = await scene.project();
  const frame = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n';
  const end = 'data: {"choices":[],"usage":{"completion_tokens":2}}\n\ndata: [DONE]\n\n';
  const upstream = await serverOf((response, body) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (body.includes('"max_tokens":2,')) response.end(frame + end);
    else {
      const timer = setInterval(() => response.write(frame), 20);
      response.on('close', () => {
        clearInterval(timer);
      });
    }
  });
  const route = `upstream: "http://127.0.0.1:${upstream}", protocol: openai-chat, limits: { tokens: 100, stream: { total: 1m } }`;
  const quotas = '  callers: { quotas: [{ per: model, of: cost, rate: 10/h, burst: 20 }] }\n';
  const { origin, line, ended, entries } = await gatewayOn(folder, route, quotas);
  const url = `${origin}/v1/chat/completions`;
  const short = await post(url, { ...chat, max_tokens: 2 });
  const text = await short.text();
  expect([short.status, text]).toEqual([200, frame + end]);
  // 2 of 20 are gone; a request that does not say how much, and one for more than there is.
  expect((await post(url, { ...chat, max_tokens: undefined })).status).toBe(400);
  expect((await post(url, { ...chat, max_tokens: 19 })).status).toBe(429);

  const long = await post(url, chat);
  const reader = (long.body as ReadableStream<Uint8Array>).getReader();
  let got = Buffer.from((await reader.read()).value ?? []).toString();
  expect(got).toContain('data: ');
  await scene.type('holdfast revoke model --reason "it was a test"', folder);
  const failed = await (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      got += Buffer.from(value).toString();
    }
  })().catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(Error);
  expect(got).toMatch(
    /event: error\ndata: {"error":{"message":"[^"]*withdrawn[^"]*",.*"code":"HF_GATEWAY_NOT_ADMITTED"/,
  );
  await line(/stopped {2}model in production .*withdrawn/);
  expect(await ended()).toBe(0);
  const streams = entries().filter(({ stream }) => stream !== undefined);
  expect(streams.map(({ stream, status }) => `${status} ${String(stream?.['state'])}`)).toEqual([
    ...['0 begun', '200 whole', '0 begun', '200 cut'],
  ]);
  expect(streams[1]).toMatchObject({ id: streams[0]?.id, answer: sha256(text), stream: { frames: 3, tokens: 2 } });
  expect(streams[3]).toMatchObject({ answer: sha256(got), said: ['HF_GATEWAY_NOT_ADMITTED'] });
  const { stdout } = await scene.type('holdfast evidence list', folder);
  expect(stdout).toMatch(/\d+ requests to gateway g-\S+: requests\//);
});

test('a server with JSON of its own is served by pointers: checked, hardened, everything else as it was', {
  timeout: 120_000,
}, async () => {
  const folder = await scene.project();
  const server = join(import.meta.dirname, '../../../examples/gateway/server.ts');
  const words = ['--conditions=source', '--disable-warning=ExperimentalWarning', server];
  const model = speaker(
    spawn(process.execPath, [...words, join(folder, 'logistic.onnx'), 'model', '0'], { cwd: join(server, '..') }),
  );
  const real = Number((await model(/model server on (\d+)/))[1]);
  // The same model behind a form that nobody has a standard for.
  const upstream = await serverOf(async (response, body) => {
    const { batch } = JSON.parse(body) as { batch: { x: number[][] } };
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [batch.x.length, 3], data: batch.x.flat() }];
    const answer = await post(`http://127.0.0.1:${real}/v2/models/model/infer`, { inputs });
    const { outputs } = (await answer.json()) as { outputs: { name: string; data: number[] }[] };
    response.writeHead(200, { 'content-type': 'application/json' });
    const scores = outputs.map(({ data }) => data);
    response.end(JSON.stringify({ took: 3, result: { scores: scores[0] }, names: outputs.map(({ name }) => name) }));
  });
  const json = 'json: { path: /score, inputs: { x: /batch/x }, outputs: { p: /result/scores } }';
  const { origin, ended } = await gatewayOn(
    folder,
    `upstream: "http://127.0.0.1:${upstream}", path: /own, protocol: json, ${json}, protections: { output: { digits: 2 } }`,
  );
  const direct = (await (
    await post(`http://127.0.0.1:${upstream}/score`, { batch: { x: [[0.5, 1, -2]] } })
  ).json()) as {
    readonly result: { readonly scores: readonly number[] };
  };
  const through = await post(`${origin}/own/score`, { note: 'kept', batch: { x: [[0.5, 1, -2]] } });
  const scores = direct.result.scores.map((score) => Number(score.toFixed(2)));
  expect(scores).not.toEqual(direct.result.scores);
  expect([through.status, await through.json()]).toEqual([200, { ...direct, result: { scores } }]);
  for (const [body, status] of [
    [{ batch: { x: [[0.5, 1]] } }, 422],
    [{ batch: { x: [['a', 'b', 'c']] } }, 422],
    [{ batch: {} }, 400],
  ] as const) {
    expect((await post(`${origin}/own/score`, body)).status).toBe(status);
  }
  expect((await post(`${origin}/own/other`, {})).status).toBe(404);
  expect(await ended()).toBe(0);
});

describe('a configuration', () => {
  const chatRoute = 'protocol: openai-chat';
  const json = 'json: { path: /p, inputs: { x: /x }, outputs: { y: /y } }';
  test.each([
    [
      'a chat whose answers are to be hardened',
      `${chatRoute}, protections: { output: { digits: 2 } }`,
      'a chat has none',
    ],
    ['a chat with a schema', `${chatRoute}, protections: { schema: observe }`, '`protections.schema` looks at tensors'],
    ['a chat with extraction', `${chatRoute}, protections: { extraction: enforce }`, 'looks at tensors'],
    ['a version of what has none', 'protocol: mlflow, version: "1"', '`protocol: mlflow` has no `version`'],
    ['a signature of what has none', 'signature: x', '`protocol: open-inference` has no `signature`'],
    ['an input of what names its inputs', 'input: x', 'has no `input`'],
    ['an output of what names its outputs', `protocol: json, output: x, ${json}`, 'has no `output`'],
    ['pointers of what has none', json, 'has no `json`'],
    ['plain JSON without pointers', 'protocol: json', 'declares its tensors'],
    [
      'pointers that lead into each other',
      'protocol: json, json: { path: /p, inputs: { x: /x, y: /x/0 }, outputs: { y: /y } }',
      'leads into another',
    ],
    [
      'pointers and rows',
      'protocol: json, json: { path: /p, rows: /r, inputs: { x: /x }, outputs: { y: /y } }',
      'either `inputs` or `rows`',
    ],
    [
      'a pointer that is none',
      'protocol: json, json: { path: /p, inputs: { x: x }, outputs: { y: /y } }',
      'is no JSON pointer',
    ],
    ['tokens of what has none', 'limits: { tokens: 5 }', 'has no `limits.tokens`'],
    ['times of streams of what has none', 'limits: { stream: { frames: 5 } }', 'has no `limits.stream`'],
    ['a time that is none', 'limits: { readTime: 5 }', 'readTime'],
  ])('with %s is an error before anything listens', { timeout: 60_000 }, async (_, route, message) => {
    const folder = scene.pipeline();
    await scene.type('holdfast init --yes', folder);
    const text = `gateway: { routes: [{ model: model, environment: production, upstream: "http://h", ${route} }] }\n`;
    appendFileSync(join(folder, 'holdfast.yaml'), text);
    const { status, stderr } = await scene.type('holdfast gateway', folder);
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(message) as string });
  });

  test.each([
    [
      'a quota of tokens that nobody has to say',
      'callers: { quotas: [{ per: caller, of: cost, rate: 10/h }] }, routes: [{ model: model, environment: production, upstream: "http://h", protocol: openai-chat }]',
      '`limits.tokens` has callers say them',
    ],
    [
      'a certificate by both',
      `callers: { certificates: [{ name: a, publicKey: ${'a'.repeat(64)}, subject: [CN=a] }] }, routes: []`,
      'one of both',
    ],
    ['a certificate by nothing', 'callers: { certificates: [{ name: a }] }, routes: []', 'one of both'],
    [
      'a certificate by a part that is none',
      'callers: { certificates: [{ name: a, subject: [batch] }] }, routes: []',
      '`batch` is not a part such',
    ],
  ])('with %s is an error before anything listens', { timeout: 60_000 }, async (_, gateway, message) => {
    const folder = scene.pipeline();
    await scene.type('holdfast init --yes', folder);
    appendFileSync(join(folder, 'holdfast.yaml'), `gateway: { ${gateway} }\n`);
    const { status, stderr } = await scene.type('holdfast gateway', folder);
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(message) as string });
  });
});
