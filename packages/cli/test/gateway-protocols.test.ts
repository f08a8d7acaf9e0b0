import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Route } from '@holdfast/contracts';
import { afterAll, describe, expect, test } from 'vitest';
import { peerLimits, routeProtocol } from '../src/gateway/declared-protocol.ts';
import { bin, Scene } from './scene.ts';

const scene = new Scene('nothing', 'one');
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  scene.remove();
});

const route = { model: 'm', environment: 'production', upstream: 'http://h' } as const satisfies Route;
const bodies = { elements: 1000, depth: 8, count: 64 };
const json = (body: unknown) => ({
  body: Buffer.from(JSON.stringify(body)),
  headers: { 'content-type': 'application/json' },
});

describe('what a route says of its protocol', () => {
  test('is the version that may be named, and the signature that is asked for', () => {
    const plain = routeProtocol({ ...route, protocol: 'tensorflow-serving' });
    const named = routeProtocol({ ...route, protocol: 'tensorflow-serving', version: '3', signature: 'score' });
    const path = '/v1/models/m/versions/3:predict';
    expect([plain.operation('POST', path), named.operation('POST', path)]).toEqual([undefined, 'infer']);
    expect(named.operation('POST', '/v1/models/m/versions/4:predict')).toBeUndefined();
    const asked = json({ signature_name: 'score', instances: [1] });
    expect(named.readRequest(asked, bodies).rows).toBe(1);
    expect(() => plain.readRequest(asked, bodies)).toThrow('this signature is not served here');
    const versioned = routeProtocol({ ...route, served: 's', version: '2' });
    expect(versioned.operation('POST', '/v2/models/s/versions/2/infer')).toBe('infer');
  });

  test('is what the only input and the only output are called', () => {
    const protocol = routeProtocol({ ...route, protocol: 'mlflow', input: 'x', output: 'p' });
    expect(protocol.readRequest(json({ inputs: [[1, 2]] }), bodies).inputs.map(({ name }) => name)).toEqual(['x']);
    expect(protocol.readResponse(json({ predictions: [1] }), bodies).outputs.map(({ name }) => name)).toEqual(['p']);
  });

  test('is where rows stand, each an object or a value', () => {
    const rows = { path: '/p', rows: '/data/rows', outputs: { y: '/y' } };
    const protocol = routeProtocol({ ...route, protocol: 'json', input: 'x', json: rows });
    const named = [
      { age: 3, income: 1.5 },
      { income: 2.5, age: 4 },
    ];
    const read = protocol.readRequest(json({ data: { rows: named }, more: [{}] }), bodies);
    expect(read.rows).toBe(2);
    expect(read.inputs.map(({ name, shape, data }) => [name, shape, Array.from(data as Float64Array)])).toEqual([
      ['age', [2], [3, 4]],
      ['income', [2], [1.5, 2.5]],
    ]);
    const values = protocol.readRequest(
      json({
        data: {
          rows: [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        },
      }),
      bodies,
    );
    expect(values.inputs.map(({ name, shape }) => [name, shape])).toEqual([['x', [3, 2]]]);
    for (const body of [{}, { data: {} }, { data: [] }]) {
      expect(() => protocol.readRequest(json(body), bodies)).toThrow('there is nothing at a declared place');
    }
    for (const [body, message] of [
      [{ data: { rows: [] } }, 'there is no row'],
      [{ data: { rows: [{ age: 1 }, { age: 1, more: 2 }] } }, 'rows differ'],
      [{ data: { rows: [{ age: 1 }, 2] } }, 'rows differ'],
    ] as const) {
      expect(() => protocol.readRequest(json(body), bodies)).toThrow(message);
    }
  });

  test('is how many tokens a chat may ask for', () => {
    const protocol = routeProtocol({ ...route, protocol: 'openai-chat', limits: { tokens: 10 } });
    const chat = { model: 'm', messages: [{ role: 'user', content: 'x' }] };
    expect(protocol.readRequest(json({ ...chat, max_tokens: 10 }), bodies).cost).toBe(10);
    expect(() => protocol.readRequest(json({ ...chat, max_tokens: 11 }), bodies)).toThrow('at most 10 tokens');
  });

  test('is how long its callers and its streams may take', () => {
    const limits = { readTime: 5000, stream: { frames: 7, between: 1000, total: 9000 } };
    expect(peerLimits({ ...route, limits })).toMatchObject({
      ...{ readMs: 5000, stream: { frames: 7, betweenMs: 1000, totalMs: 9000 } },
    });
    expect(peerLimits(route)).toMatchObject({ stream: { betweenMs: 30_000, totalMs: 600_000 } });
    expect(peerLimits(route).readMs).toBeUndefined();
  });
});

test('a caller is known by the whole subject of a certificate, over TLS 1.3', { timeout: 120_000 }, async () => {
  const folder = await scene.project();
  const openssl = (...words: readonly string[]): void => {
    execFileSync('openssl', words, { cwd: folder, stdio: 'ignore' });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const made = (name: string, subject: string, ...more: readonly string[]): void => {
    openssl('req', '-x509', ...key, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', subject, ...more);
  };
  made('server', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost');
  made('authority', '/CN=authority');
  const by = ['-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial', '-days', '2'];
  for (const [name, subject] of [
    ['batch', '/C=DE/O=Bank/CN=batch'],
    ['other', '/C=DE/O=Bank/CN=other'],
    ['reversed', '/CN=batch/O=Bank/C=DE'],
  ] as const) {
    openssl('req', '-new', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject);
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`);
  }
  const pem = (name: string): string => readFileSync(join(folder, name), 'utf8');
  appendFileSync(
    join(folder, 'holdfast.yaml'),
    `gateway:
  listen: { port: 0, tls: { certificate: server.pem, key: ${folder}/server.key, clients: authority.pem } }
  callers: { certificates: [{ name: batch, subject: [C=DE, O=Bank, CN=batch], roles: [caller] }] }
  routes: [{ model: model, environment: production, upstream: "http://127.0.0.1:1" }]
`,
  );
  const child = spawn(process.execPath, [bin, 'gateway'], { cwd: folder, env: scene.environment() });
  running.push(child);
  let said = '';
  child.stderr.on('data', (piece: Buffer) => {
    said += piece.toString();
  });
  const until = performance.now() + 60_000;
  const isUp = (): boolean => /serving {2}model/.test(said) && /gateway {2}https/.test(said);
  while (!isUp() && performance.now() < until) await sleep(10);
  const port = Number(/https:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1]);
  const statusFor = async (name: string): Promise<number | undefined> => {
    const shown = { cert: pem(`${name}.pem`), key: pem(`${name}.key`), ca: pem('server.pem'), servername: 'localhost' };
    const agent = new Agent(shown);
    const asked = request({ port, host: '127.0.0.1', path: '/v2/models/model', agent }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    agent.destroy();
    return response.statusCode;
  };
  // Nobody listens behind: who is known gets that far.
  expect([await statusFor('batch'), await statusFor('other'), await statusFor('reversed')]).toEqual([502, 401, 401]);
  const exit = once(child, 'exit');
  child.kill('SIGINT');
  expect((await exit)[0]).toBe(0);
});
