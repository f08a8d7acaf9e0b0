import { once as event } from 'node:events';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Admission } from '@holdfast/gateway/admission/admission';
import type { Authenticator } from '@holdfast/gateway/callers/caller';
import { openGateway } from '@holdfast/gateway/gateway';
import { Upstream } from '@holdfast/gateway/http/upstream';
import { FileJournal } from '@holdfast/gateway/idempotency/file-journal';
import { Once } from '@holdfast/gateway/idempotency/once';
import type { RequestEntry } from '@holdfast/gateway/log/entry';
import { unguarded } from '@holdfast/gateway/protection/guards';
import { protocolOf } from '@holdfast/gateway/protocols/protocols';
import type { Quotas } from '@holdfast/gateway/quotas/quota';
import { unlimited } from '@holdfast/gateway/quotas/unlimited';
import { temporaryFolder } from '@holdfast/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';

interface Scene {
  readonly folder?: string;
  readonly owner?: string;
  readonly live?: (owner: string) => boolean;
  readonly keys?: number;
  readonly bytes?: number;
  readonly keepMs?: number;
  readonly quotas?: Quotas;
  /** What the model server does with a request; it answers where this is left out. */
  readonly executes?: (count: number, answers: () => void, destroys: () => void) => void;
  readonly upstream?: string;
  readonly timeMs?: number;
}

/** Whoever says so: `x-api-key` is the name. */
const named: Authenticator = {
  authenticate: ({ apiKey = 'anybody' }) => ({ id: apiKey, name: apiKey, roles: [], tenant: apiKey }),
  close: () => undefined,
};

async function modelServer(executes: Scene['executes']): Promise<{ address: string; asked: () => number }> {
  let asked = 0;
  const server = createServer((message, response) => {
    message.resume();
    message.on('end', () => {
      asked += 1;
      const count = asked;
      const answers = (): void => {
        response.setHeader('content-type', 'application/json');
        response.end(`{"model_name":"m","outputs":[],"id":"${count}"}`);
      };
      if (executes === undefined) answers();
      else executes(count, answers, () => message.socket.destroy());
    });
  }).listen(0, '127.0.0.1');
  await event(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

async function gatewayOf(scene: Scene = {}) {
  const { address, asked } = await modelServer(scene.executes);
  const folder = scene.folder ?? temporaryFolder();
  const journal = await FileJournal.open({
    ...{ folder, owner: scene.owner ?? 'g-1', keepMs: scene.keepMs ?? 60_000 },
    ...{ mostKeys: scene.keys ?? 100, mostBytes: scene.bytes ?? 1_000_000 },
    isLive: (owner) => Promise.resolve(scene.live?.(owner) ?? false),
  });
  const state = { admission: { isAdmitted: true, artifact: 'sha256:a', facts: {}, guards: unguarded } as Admission };
  const logged: RequestEntry[] = [];
  const route = { place: 0, model: 'm', environment: 'production', prefix: '', mostBytes: 100_000 };
  const protocol = protocolOf('open-inference', { served: 'm' });
  const limits = { answer: 100_000, timeMs: scene.timeMs ?? 30_000, concurrency: 8 };
  const upstream = new Upstream(scene.upstream ?? address, limits);
  const bodies = { elements: 1000, depth: 8, count: 64 };
  const gateway = await openGateway(
    {
      routes: [{ ...route, protocol, upstream, bodies, once: new Once([journal]) }],
      ...{ authenticator: named, authorise: () => true, quotas: scene.quotas ?? unlimited, events: {} },
      admission: () => state.admission,
      log: (entry, written) => {
        logged.push(entry);
        written();
      },
    },
    { address: '127.0.0.1', port: 0 },
  );
  onTestFinished(async () => gateway.close(100));
  const origin = `http://127.0.0.1:${gateway.address.port}`;
  const ask = async (key: string | undefined, value: unknown = 1, caller = 'a', path = '/v2/models/m/infer') => {
    const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [value] }] });
    const shown = { 'x-api-key': caller, ...(key === undefined ? {} : { 'idempotency-key': key }) };
    const headers = { 'content-type': 'application/json', ...shown };
    const response = await fetch(`${origin}${path}`, { method: 'POST', body, headers });
    const answer = (await response.json()) as { readonly id?: string; readonly title?: string };
    const replayed = response.headers.get('idempotency-replayed');
    return { status: response.status, said: answer.title ?? answer.id, ...(replayed === null ? {} : { replayed }) };
  };
  return { ask, asked, logged, folder, state, journal };
}

const said = { RUNNING: 'HF_GATEWAY_IDEMPOTENCY_RUNNING', UNKNOWN: 'HF_GATEWAY_IDEMPOTENCY_UNKNOWN' } as const;
const conflict = (kind: keyof typeof said) => ({ status: 409, said: said[kind] });

describe('an idempotency key', () => {
  test('executes a request once, and answers what follows the same', async () => {
    const { ask, asked, logged } = await gatewayOf();
    expect(await ask('"one"')).toEqual({ status: 200, said: '1' });
    expect(await ask('"one"')).toEqual({ status: 200, said: '1', replayed: 'true' });
    // The same characters are the same key, quoted or not.
    expect(await ask('one')).toEqual({ status: 200, said: '1', replayed: 'true' });
    expect(asked()).toBe(1);
    expect(logged.map(({ said }) => said)).toEqual([[], ['gateway.replayed'], ['gateway.replayed']]);
    expect(logged[1]?.answer).toBe(logged[0]?.answer);
    expect(await ask('two')).toEqual({ status: 200, said: '2' });
    expect(await ask(undefined)).toEqual({ status: 200, said: '3' });
  });

  test('is its caller’s own, and stands for one request', async () => {
    const { ask, asked } = await gatewayOf();
    expect((await ask('k', 1, 'a')).said).toBe('1');
    expect((await ask('k', 1, 'b')).said).toBe('2');
    expect(await ask('k', 2, 'a')).toEqual({ status: 422, said: 'HF_GATEWAY_IDEMPOTENCY_REUSED' });
    expect(asked()).toBe(2);
  });

  test.each(['""', 'a b', '"a', 'a"', '"a\\"b"', 'a,b', `"${'a'.repeat(256)}"`, 'a;b'])('is not %s', async (key) => {
    const { ask, asked } = await gatewayOf();
    expect(await ask(key)).toEqual({ status: 400, said: 'HF_GATEWAY_IDEMPOTENCY_KEY' });
    expect(asked()).toBe(0);
  });

  test('whose request is on its way is not executed beside it, by any process', async () => {
    const { promise, resolve } = Promise.withResolvers<() => void>();
    const first = await gatewayOf({
      executes: (_, answers) => {
        resolve(answers);
      },
    });
    const asking = first.ask('k');
    const answers = await promise;
    const other = await gatewayOf({ folder: first.folder, owner: 'g-2', live: (owner) => owner === 'g-1' });
    expect(await first.ask('k')).toEqual(conflict('RUNNING'));
    expect(await other.ask('k')).toEqual(conflict('RUNNING'));
    expect(await other.ask('k', 2)).toEqual({ status: 422, said: 'HF_GATEWAY_IDEMPOTENCY_REUSED' });
    answers();
    expect(await asking).toEqual({ status: 200, said: '1' });
    expect(await other.ask('k')).toEqual({ status: 200, said: '1', replayed: 'true' });
    expect([first.asked(), other.asked()]).toEqual([1, 0]);
  });

  test('whose process is gone is never executed again, as nobody knows what came of it', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const first = await gatewayOf({
      executes: () => {
        resolve(undefined);
      },
    });
    const asking = first.ask('k').catch(() => undefined);
    await promise;
    const next = await gatewayOf({ folder: first.folder, owner: 'g-2' });
    expect(await next.ask('k')).toEqual(conflict('UNKNOWN'));
    expect(await next.ask('k')).toEqual(conflict('UNKNOWN'));
    expect(next.asked()).toBe(0);
    void asking;
  });

  test('is known to have been taken even where nothing stands in its file', async () => {
    const { ask, asked, folder } = await gatewayOf();
    await ask('k');
    const [name = ''] = readdirSync(folder).filter((each) => each !== '.lock');
    for (const text of [
      '',
      '{"fingerprint":',
      '{}\n',
      '{"state":"answered","fingerprint":"a","artifact":"b","status":200,"length":9}\nabc',
    ]) {
      writeFileSync(join(folder, name), text);
      expect(await ask('k')).toEqual(conflict('RUNNING'));
      utimesSync(join(folder, name), new Date(Date.now() - 10_000), new Date(Date.now() - 10_000));
      expect(await ask('k')).toEqual(conflict('UNKNOWN'));
    }
    expect(asked()).toBe(1);
  });

  test('whose model server broke off, or took too long, is not executed again', async () => {
    const broken = await gatewayOf({
      executes: (_, __, destroys) => {
        destroys();
      },
    });
    expect(await broken.ask('k')).toEqual({ status: 502, said: 'HF_GATEWAY_UPSTREAM' });
    expect(await broken.ask('k')).toEqual(conflict('UNKNOWN'));
    const slow = await gatewayOf({ executes: () => undefined, timeMs: 50 });
    expect(await slow.ask('k')).toEqual({ status: 504, said: 'HF_GATEWAY_UPSTREAM_TIME' });
    expect(await slow.ask('k')).toEqual(conflict('UNKNOWN'));
    expect([broken.asked(), slow.asked()]).toEqual([1, 1]);
  });

  test('may be used again where the model server got nothing', async () => {
    const absent = await gatewayOf({ upstream: 'http://127.0.0.1:1' });
    for (let at = 0; at < 7; at++) expect(await absent.ask('k')).toEqual({ status: 502, said: 'HF_GATEWAY_UPSTREAM' });
    let isOpen = false;
    const grant = (): ReturnType<Quotas['take']> =>
      isOpen ? { isGranted: true, left: 1 } : { isGranted: false, quota: 'q', retryAfter: 1 };
    const limited = await gatewayOf({ quotas: { take: grant, close: () => Promise.resolve() } });
    expect(await limited.ask('k')).toEqual({ status: 429, said: 'HF_GATEWAY_QUOTA' });
    isOpen = true;
    expect(await limited.ask('k')).toEqual({ status: 200, said: '1' });
    isOpen = false;
    // What was answered costs nothing more.
    expect(await limited.ask('k')).toEqual({ status: 200, said: '1', replayed: 'true' });
  });

  test('does not bring back the answer of a model that is not served any more', async () => {
    const { ask, asked, state } = await gatewayOf();
    await ask('k');
    state.admission = { isAdmitted: true, artifact: 'sha256:b', facts: {}, guards: unguarded };
    expect(await ask('k')).toEqual({ status: 503, said: 'HF_GATEWAY_NOT_ADMITTED' });
    expect(asked()).toBe(1);
  });

  test('is refused where no more are kept, until some have ended', async () => {
    const { ask, folder, journal } = await gatewayOf({ keys: 2, keepMs: 60_000 });
    await ask('a');
    await ask('b');
    expect(await ask('c')).toEqual({ status: 503, said: 'HF_GATEWAY_IDEMPOTENCY_FULL' });
    expect(await ask('a')).toMatchObject({ status: 200, replayed: 'true' });
    const long = new Date(Date.now() - 61_000);
    for (const name of readdirSync(folder)) if (name !== '.lock') utimesSync(join(folder, name), long, long);
    await journal.sweep();
    expect(await ask('c')).toEqual({ status: 200, said: '3' });
    expect(readdirSync(folder).length).toBe(2);
    const little = await gatewayOf({ bytes: 100 });
    expect((await little.ask('a')).status).toBe(200);
    expect(await little.ask('b')).toEqual({ status: 503, said: 'HF_GATEWAY_IDEMPOTENCY_FULL' });
  });

  test('is executed once, however many ask at once in several processes', async () => {
    const folder = temporaryFolder();
    const owners = ['g-1', 'g-2', 'g-3'];
    const all = await Promise.all(owners.map(async (owner) => gatewayOf({ folder, owner, live: () => true })));
    const keys = Array.from({ length: 20 }, (_, at) => `k${at}`);
    const answers = await Promise.all(keys.flatMap((key) => all.flatMap(({ ask }) => [ask(key), ask(key)])));
    expect(all.reduce((sum, { asked }) => sum + asked(), 0)).toBe(keys.length);
    expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
    expect(answers.filter((each) => each.status === 200 && each.replayed === undefined).length).toBe(keys.length);
  });
});
