import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gateway as contract } from '@holdfast/contracts/gateway';
import type { Admission } from '@holdfast/gateway/admission/admission';
import { BoundServer } from '@holdfast/gateway/binding/bound-server';
import { anybody } from '@holdfast/gateway/callers/anybody';
import { openGateway } from '@holdfast/gateway/gateway';
import { Upstream } from '@holdfast/gateway/http/upstream';
import { unguarded } from '@holdfast/gateway/protection/guards';
import { unlimited } from '@holdfast/gateway/quotas/unlimited';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { composeChain } from '../src/gateway/compose-chain.ts';
import { declaredGateway } from '../src/gateway/declared-gateway.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/guides/gateway/protocols.md'), 'utf8');
const pattern = /```yaml\n(- [^`]*)```\n```http\nPOST (\S+)\n([^\n]+)\n\n200 (\S+)\n([^`]*)```/g;
const examples = Array.from(
  page.matchAll(pattern),
  ([, route = '', path = '', request = '', type = '', answer = '']) => {
    // Server-sent events end with a blank line, which a fence does not show.
    const ending = type === 'text/event-stream' ? `${answer}\n` : answer.trimEnd();
    return { route, path, request, type, answer: ending };
  },
);
const close: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const each of close) await each();
});

/** A model server that answers the one request, and says what it was asked. */
async function modelServer(type: string, answer: string): Promise<{ address: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((message, response) => {
    const pieces: Buffer[] = [];
    message.on('data', (piece: Buffer) => pieces.push(piece));
    message.on('end', () => {
      asked.push(`${message.url ?? ''} ${Buffer.concat(pieces).toString()}`);
      response.writeHead(200, { 'content-type': type });
      response.end(answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  close.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const admission: Admission = { isAdmitted: true, artifact: 'sha256:a', facts: {}, guards: unguarded };

describe('the page about protocols', () => {
  test('has an example of each', () => {
    const names = examples.map(
      ({ route }) => (parse(route) as { protocol?: string }[])[0]?.protocol ?? 'open-inference',
    );
    expect(names).toEqual([
      ...['open-inference', 'tensorflow-serving', 'mlflow', 'torchserve', 'sagemaker', 'json', 'json', 'openai-chat'],
    ]);
  });

  test.each(examples)('is right about $path', async ({ route, path, request, type, answer }) => {
    const { address, asked } = await modelServer(type, answer);
    const [written] = parse(route) as [Record<string, unknown>];
    const declared = declaredGateway(contract.parse({ routes: [{ ...written, upstream: address }] }));
    const chain = composeChain(declared, {
      authenticator: anybody,
      authoriser: { authorise: () => true } as never,
      quotas: unlimited,
      admissions: { at: () => admission } as never,
      log: {
        append: (_: unknown, done: () => void) => {
          done();
        },
      } as never,
      events: {},
      servers: [
        new BoundServer({ server: new Upstream(address, { answer: 2 ** 20, timeMs: 10_000, concurrency: 8 }) }),
      ],
      switching: { rolledBack: () => undefined, switched: () => undefined },
      once: new Map(),
    });
    const gateway = await openGateway(chain, { address: '127.0.0.1', port: 0 });
    close.unshift(async () => gateway.close(100));
    const response = await fetch(`http://127.0.0.1:${gateway.address.port}${path}`, {
      ...{ method: 'POST', body: request, headers: { 'content-type': 'application/json' } },
    });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, type, answer]);
    const prefix = (written['path'] as string | undefined) ?? '';
    expect(asked).toEqual([`${path.slice(prefix.length)} ${request}`]);
    const { protocol, bodies } = chain.routes[0] as (typeof chain.routes)[number];
    const http = { headers: { 'content-type': type }, body: Buffer.from(answer) };
    expect(protocol.readResponse(http, bodies).outputs).toHaveLength(type === 'text/event-stream' ? 0 : 1);
  });
});
