import { expect, test } from 'vitest';
import type { ModelServer } from '../../src/http/model-server.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../../src/http/upstream.ts';
import { unguarded } from '../../src/protection/guards.ts';
import type { Route } from '../../src/serve/route.ts';
import { Canary } from '../../src/switching/canary.ts';
import { ShadowedServer } from '../../src/switching/shadowed-server.ts';

const answerOf = (status: number): UpstreamAnswer => ({ status, headers: {}, body: Buffer.from(String(status)) });
const serverOf = (exchange: ModelServer['exchange']): ModelServer => ({
  exchange,
  stream: () => ({
    done: Promise.resolve(),
    resume: () => undefined,
    abort: () => undefined,
    abandon: () => undefined,
  }),
  close: () => Promise.resolve(),
});
const post: UpstreamRequest = {
  method: 'POST',
  path: '/v2/models/m/infer',
  headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
  body: Buffer.from('{}'),
};

function shadowed(candidate: ModelServer['exchange']) {
  const rolledBack: string[] = [];
  const upstream = serverOf(candidate);
  const canary = new Canary(
    { place: 1, upstream, prefix: '' } as unknown as Route,
    () => ({ isAdmitted: true, artifact: 'sha256:a', facts: {}, guards: unguarded }),
    { weight: 0, shadow: true, rollback: { errors: 0, over: 5 } },
    { rolledBack: (reason) => rolledBack.push(reason), switched: () => undefined },
  );
  return {
    rolledBack,
    server: new ShadowedServer(
      serverOf(() => Promise.resolve(answerOf(200))),
      canary,
    ),
  };
}

test('what is asked goes to both, and the answer comes from one, however the other one fares', async () => {
  const asked: UpstreamRequest[] = [];
  const { server, rolledBack } = shadowed((request) => {
    asked.push(request);
    return Promise.reject(new Error('down'));
  });
  expect((await server.exchange(post)).status).toBe(200);
  expect(asked).toEqual([{ ...post, headers: { 'content-type': 'application/json' } }]);
  await expect.poll(() => rolledBack).toHaveLength(1);
  // Rolled back, it gets no copies any more.
  expect((await server.exchange(post)).status).toBe(200);
  expect([asked.length, server.tally]).toEqual([1, { copied: 1, left: 0, failed: 1 }]);
});

test('a stream is copied, too; what asks for no prediction is not', async () => {
  let asked = 0;
  const { server } = shadowed(() => {
    asked += 1;
    return Promise.resolve(answerOf(200));
  });
  await server.stream(post, { head: () => undefined, piece: () => true }).done;
  await server.exchange({ ...post, method: 'GET', path: '/v2/health/ready' });
  await server.close();
  expect([asked, server.tally.failed]).toEqual([1, 0]);
});

test('no more than 16 copies wait, and nobody waits for them', async () => {
  const release = Promise.withResolvers<UpstreamAnswer>();
  const { server } = shadowed(() => release.promise);
  for (let at = 0; at < 20; at += 1) expect((await server.exchange(post)).status).toBe(200);
  expect(server.tally).toEqual({ copied: 16, left: 4, failed: 0 });
  release.resolve(answerOf(200));
  await release.promise;
  await expect
    .poll(async () => {
      await server.exchange(post);
      return server.tally.copied;
    })
    .toBeGreaterThan(16);
});
