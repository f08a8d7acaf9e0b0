import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Admission } from '../../src/admission/admission.ts';
import { anybody } from '../../src/callers/anybody.ts';
import { type Gateway, openGateway } from '../../src/gateway.ts';
import { Upstream } from '../../src/http/upstream.ts';
import type { RequestEntry } from '../../src/log/entry.ts';
import { type Guards, unguarded } from '../../src/protection/guards.ts';
import { hardening } from '../../src/protection/hardening/hardening.ts';
import type { Judgement } from '../../src/protection/protection.ts';
import { protocolOf } from '../../src/protocols/protocols.ts';
import type { Grant, Quotas } from '../../src/quotas/quota.ts';
import { unlimited } from '../../src/quotas/unlimited.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const answer = { model_name: 'm', outputs: [{ name: 'p', datatype: 'FP32', shape: [1, 2], data: [0.7311, 0.2689] }] };

interface Scene {
  readonly guards?: Guards;
  readonly protocol?: 'open-inference' | 'torchserve';
  readonly status?: number;
  readonly quotas?: Quotas;
  readonly failed?: (error: unknown, id: string) => void;
  /** Called while the model server answers. */
  readonly meanwhile?: () => void;
  readonly admission?: () => Admission;
  readonly log?: (entry: RequestEntry, written: (error?: Error) => void) => void;
}

async function gatewayOf(scene: Scene): Promise<{ origin: string; asked: () => number; logged: RequestEntry[] }> {
  let asked = 0;
  const server: Server = createServer((message, response) => {
    asked += 1;
    message.resume();
    message.on('end', () => {
      scene.meanwhile?.();
      response.writeHead(scene.status ?? 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const logged: RequestEntry[] = [];
  const admitted: Admission = { isAdmitted: true, artifact: 'sha256:a', facts: {}, guards: scene.guards ?? unguarded };
  const route = { place: 0, model: 'm', environment: 'production', prefix: '', mostBytes: 1000 };
  const bodies = { elements: 1000, depth: 8, count: 64 };
  const gateway: Gateway = await openGateway(
    {
      routes: [
        {
          ...{ ...route, bodies, protocol: protocolOf(scene.protocol ?? 'open-inference', { served: 'm' }) },
          upstream: new Upstream(upstream, { answer: 10_000, timeMs: 1000, concurrency: 8 }),
        },
      ],
      ...{ authenticator: anybody, authorise: () => true, quotas: scene.quotas ?? unlimited },
      events: scene.failed === undefined ? {} : { failed: scene.failed },
      admission: scene.admission ?? (() => admitted),
      log:
        scene.log ??
        ((entry, written) => {
          logged.push(entry);
          written();
        }),
    },
    { address: '127.0.0.1', port: 0 },
  );
  open.push(
    async () => gateway.close(100),
    async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  );
  return { origin: `http://127.0.0.1:${gateway.address.port}`, asked: () => asked, logged };
}

const infer = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }] });

async function ask(origin: string, path = '/v2/models/m/infer', body = infer) {
  const response = await fetch(`${origin}${path}`, {
    ...{ method: 'POST', body, headers: { 'content-type': 'application/json' } },
  });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

const speaks: Judgement = { protection: 'schema', rule: 'gateway.schema.range', message: '`x` is out of range' };
const guardsThat = (mode: 'observe' | 'enforce'): Guards => ({
  inputs: [{ mode, protection: { name: 'schema', judge: () => speaks } }],
  outputs: [],
});
const rounding: Guards = { ...unguarded, harden: hardening({ output: 'p', holds: 'probabilities', decimals: 1 }) };

describe('a request', () => {
  test('that a protection speaks against is refused where it is enforced, and noted where it is observed', async () => {
    const enforced = await gatewayOf({ guards: guardsThat('enforce') });
    expect(await ask(enforced.origin)).toMatchObject({ status: 422, answer: { title: 'HF_GATEWAY_REFUSED' } });
    expect(enforced.asked()).toBe(0);
    const observed = await gatewayOf({ guards: guardsThat('observe') });
    expect(await ask(observed.origin)).toEqual({ status: 200, answer });
    expect(observed.logged.map(({ said }) => said)).toEqual([['gateway.schema.range']]);
  });

  test('that no protection can read passes none that is enforced', async () => {
    const { origin, asked } = await gatewayOf({ guards: guardsThat('enforce'), protocol: 'torchserve' });
    const response = await fetch(`${origin}/predictions/m`, {
      ...{ method: 'POST', body: Buffer.of(1, 2, 3), headers: { 'content-type': 'application/octet-stream' } },
    });
    expect(response.status).toBe(422);
    expect(asked()).toBe(0);
  });

  test.each([
    ['/v2/models/other/infer', 404, 'HF_GATEWAY_NOT_FOUND'],
    ['/v2/repository/index', 404, 'HF_GATEWAY_NOT_FOUND'],
    ['/v2/models/m/versions/2/infer', 404, 'HF_GATEWAY_NOT_FOUND'],
  ])('for %s does not reach the model server', async (path, status, title) => {
    const { origin, asked } = await gatewayOf({});
    expect(await ask(origin, path)).toMatchObject({ status, answer: { title } });
    expect(asked()).toBe(0);
  });
});

describe('a quota', () => {
  const refusing = (grant: Grant): Quotas => ({ take: () => grant, close: () => Promise.resolve() });

  test('that is used up says when to come again', async () => {
    const quotas = refusing({ isGranted: false, quota: 'rows per caller', retryAfter: 2.1 });
    const { origin, asked } = await gatewayOf({ quotas });
    const response = await fetch(`${origin}/v2/models/m/infer`, {
      ...{ method: 'POST', body: infer, headers: { 'content-type': 'application/json' } },
    });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '3']);
    expect(asked()).toBe(0);
  });

  test('that no waiting would help with says so', async () => {
    const { origin, asked } = await gatewayOf({ quotas: refusing({ isGranted: false, quota: 'rows per caller' }) });
    expect(await ask(origin)).toMatchObject({ status: 413, answer: { title: 'HF_GATEWAY_TOO_LARGE' } });
    expect(asked()).toBe(0);
  });
});

describe('an answer', () => {
  test.each([200, 201, 206])('with status %d is hardened', async (status) => {
    const { origin } = await gatewayOf({ guards: rounding, status });
    const hardened = { ...answer, outputs: [{ ...answer.outputs[0], data: [0.7, 0.3] }] };
    expect(await ask(origin)).toEqual({ status, answer: hardened });
  });

  test('does not leave when the model was withdrawn meanwhile, or another took its place', async () => {
    const admitted: Admission = { isAdmitted: true, artifact: 'sha256:a', facts: {}, guards: unguarded };
    for (const after of [
      { isAdmitted: false, reasons: ['withdrawn'] },
      { ...admitted, artifact: 'sha256:b' },
    ] as const) {
      let now: Admission = admitted;
      const meanwhile = (): void => {
        now = after;
      };
      const { origin, asked } = await gatewayOf({ admission: () => now, meanwhile });
      const refused = await ask(origin);
      expect(refused).toMatchObject({ status: 503, answer: { title: 'HF_GATEWAY_NOT_ADMITTED' } });
      expect(JSON.stringify(refused.answer)).not.toContain('0.7311');
      expect(asked()).toBe(1);
    }
  });

  test('does not leave before the log has it', async () => {
    const written: ((error?: Error) => void)[] = [];
    const { origin } = await gatewayOf({
      log: (_, done) => {
        written.push(done);
      },
    });
    let isThere = false;
    const asking = ask(origin).then((got) => {
      isThere = true;
      return got;
    });
    await expect.poll(() => written.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isThere).toBe(false);
    written[0]?.();
    expect((await asking).status).toBe(200);
  });

  test('that the log cannot take is none, and why is said here by the id that the caller got', async () => {
    const failed: string[] = [];
    const { origin } = await gatewayOf({
      failed: (error, id) => failed.push(`${id} ${String(error)}`),
      log: (_, done) => {
        done(new Error('disk full'));
      },
    });
    const refused = await ask(origin);
    expect(refused).toMatchObject({ status: 500, answer: { title: 'HF_GATEWAY_INTERNAL' } });
    expect(JSON.stringify(refused.answer)).not.toContain('disk full');
    const [, id = ''] = /urn:uuid:(\S+)/.exec(String(refused.answer['instance'])) ?? [];
    expect(failed[0]).toBe(`${id} Error: disk full`);
  });
});
