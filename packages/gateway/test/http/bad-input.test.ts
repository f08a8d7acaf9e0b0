import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '@holdfast/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Upstream } from '../../src/http/upstream.ts';
import { type ProtocolName, protocolOf } from '../../src/protocols/protocols.ts';
import { type StreamGateway, streamGateway } from '../serve/stream-scene.ts';

const json = { path: '/predict', inputs: [{ name: 'x', pointer: '/x' }], outputs: [{ name: 'y', pointer: '/y' }] };
/** Where each protocol is asked for a prediction, and the beginning and end of a body that something is wrong in. */
const protocols = {
  'open-inference': ['/v2/models/m/infer', '{"inputs":', '}'],
  'tensorflow-serving': ['/v1/models/m:predict', '{"instances":', '}'],
  torchserve: ['/predictions/m', '', ''],
  mlflow: ['/invocations', '{"inputs":', '}'],
  sagemaker: ['/invocations', '{"instances":', '}'],
  'openai-chat': ['/v1/chat/completions', '{"model":"m","messages":[{"role":"user"}],"more":', '}'],
  json: ['/predict', '{"more":', ',"x":[1]}'],
} as const satisfies Record<ProtocolName, readonly [string, string, string]>;

/** Values that cost a reader more than they cost whoever sends them, or that two readers take for two things. */
const bombs: readonly (readonly [string, Buffer])[] = [
  ['arrays in arrays', Buffer.from('['.repeat(200_000))],
  ['arrays in arrays that end', Buffer.from('['.repeat(100_000) + ']'.repeat(100_000))],
  ['objects in objects', Buffer.from('{"a":'.repeat(100_000))],
  ['keys without end', Buffer.from(`{${Array.from({ length: 50_000 }, (_, at) => `"k${at}":1`).join()}}`)],
  ['a key twice', Buffer.from('{"a":1,"a":2}')],
  ['a key twice, one of them escaped', Buffer.from('{"a":1,"\\u0061":2}')],
  ['a number without end', Buffer.from(`1${'0'.repeat(100_000)}`)],
  ['a number that no double holds', Buffer.from('[1e400]')],
  ['a text that does not end', Buffer.from('"abc')],
  ['a text that is no UTF-8', Buffer.of(0x22, 0xc3, 0x28, 0x22)],
  ['half of a pair', Buffer.from('"\\ud800"')],
  ['a control character', Buffer.from('"\u0000"')],
  ['a comma too many', Buffer.from('[1,]')],
  ['a comment', Buffer.from('/* x */1')],
  ['something after its end', Buffer.from('1}{"a":1')],
  ['nothing', Buffer.alloc(0)],
];

describe.each(Object.entries(protocols))('%s', (name, [path, before, after]) => {
  let asked = 0;
  let gateway: StreamGateway;
  beforeAll(async () => {
    gateway = await streamGateway(
      (response) => {
        asked += 1;
        response.end('{}');
      },
      { protocol: protocolOf(name as ProtocolName, { served: 'm', json }) },
    );
  });
  afterAll(async () => gateway.close());

  test.each(bombs)('refuses %s, and says nothing of its inside', async (what, value) => {
    const body = Buffer.concat([Buffer.from(before), value, Buffer.from(value.length === 0 ? '' : after)]);
    const response = await fetch(`http://127.0.0.1:${gateway.port}${path}`, {
      ...{ method: 'POST', body, headers: { 'content-type': 'application/json' } },
    });
    const problem = (await response.json()) as Record<string, unknown>;
    expect([400, 413]).toContain(response.status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(Object.keys(problem).sort()).toEqual(
      [...['detail', 'fix', 'instance', 'status', 'title', 'type'], ...('where' in problem ? ['where'] : [])].sort(),
    );
    expect(problem['title']).toMatch(/^HF_GATEWAY_(?:MALFORMED|TOO_LARGE)$/);
    expect(JSON.stringify(problem)).not.toMatch(/node:|\.ts|Error:|at .*\(|\/work|undefined/);
    expect([what, asked, gateway.failed]).toEqual([what, 0, []]);
  });
});

test('a model server whose certificate no authority signed is sent nothing', async () => {
  const folder = temporaryFolder();
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem'];
  const words = ['req', '-x509', ...key, '-out', 'cert.pem', '-subj', '/CN=localhost', '-days', '2'];
  execFileSync('openssl', words, { cwd: folder, stdio: 'ignore' });
  let asked = 0;
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  const server = createServer({ cert: read('cert.pem'), key: read('key.pem') }, (_, response) => {
    asked += 1;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const upstream = new Upstream(`https://localhost:${port}`, { answer: 1000, timeMs: 5000, concurrency: 1 });
  const request = { method: 'POST', path: '/x', headers: {}, body: Buffer.from('{}') } as const;
  await expect(upstream.exchange(request)).rejects.toMatchObject({ code: 'HF_GATEWAY_UPSTREAM' });
  expect(asked).toBe(0);
  await upstream.close();
  server.close();
});
