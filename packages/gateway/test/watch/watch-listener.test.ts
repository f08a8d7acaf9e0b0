import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Watch } from '../../src/watch/watch.ts';
import { WatchAccess, watchToken } from '../../src/watch/watch-access.ts';
import { openWatchListener, type WatchListener } from '../../src/watch/watch-listener.ts';
import { caller } from '../protection/requests.ts';

const token = 'a'.repeat(40);
const bearer = (secret: string) => ({ headers: { authorization: `Bearer ${secret}` } });
const open: WatchListener[] = [];
afterEach(async () => {
  for (const listener of open.splice(0)) await listener.close();
});

async function listening() {
  const watch = new Watch([{ route: '/', model: 'cre"dit' }], 100);
  const access = new WatchAccess(token);
  const listener = await openWatchListener(watch, access, { address: '127.0.0.1', port: 0 });
  open.push(listener);
  return { watch, access, origin: listener.origin };
}

type Route = NonNullable<Parameters<Watch['answered']>[0]['route']>;
const told = { id: 'i', route: { place: 0 } as Route, caller, rows: 2, milliseconds: 3 };

describe('what is seen', () => {
  test.each(['/metrics', '/state', '/events', '/labels'])('%s is for whoever has the token', async (path) => {
    const { origin } = await listening();
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: token }]) {
      expect((await fetch(origin + path, { headers })).status).toBe(401);
    }
    expect((await fetch(`${origin}${path}?token=${token}`)).status).toBe(401);
  });

  test('a link opens one session, and is used up by it; a session opens none', async () => {
    const { origin, access } = await listening();
    const link = access.link();
    expect((await fetch(`${origin}/state`, bearer(link))).status).toBe(401);
    const begin = async (secret: string) => fetch(`${origin}/session`, { method: 'POST', ...bearer(secret) });
    const { session } = (await (await begin(link)).json()) as { session: string };
    expect((await begin(link)).status).toBe(401);
    expect((await begin(session)).status).toBe(401);
    expect((await fetch(`${origin}/state`, bearer(session))).status).toBe(200);
    // The oldest of many sessions ends.
    for (let count = 0; count < 16; count += 1) expect((await begin(token)).status).toBe(200);
    expect((await fetch(`${origin}/state`, bearer(session))).status).toBe(401);
  });

  test('is not for a page that has a name point here', async () => {
    const { origin } = await listening();
    const status = await new Promise((resolve, reject) => {
      const asked = request(`${origin}/state`, { headers: { host: 'evil.example', authorization: `Bearer ${token}` } });
      asked.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('error', reject).end();
    });
    expect(status).toBe(421);
  });

  test('comes as metrics that Prometheus reads', async () => {
    const { origin, watch } = await listening();
    watch.answered({ ...told, status: 200 });
    watch.answered({ ...told, status: 429, code: 'HF_GATEWAY_QUOTA' });
    watch.answered({ id: 'j', rows: 0, milliseconds: 1, status: 401, code: 'HF_GATEWAY_NO_CALLER' });
    const response = await fetch(`${origin}/metrics`, bearer(token));
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    const labels = 'model="cre\\"dit",route="/"';
    for (const line of [
      `holdfast_gateway_requests_total{${labels},status="200"} 1`,
      `holdfast_gateway_refused_total{${labels},code="HF_GATEWAY_QUOTA"} 1`,
      'holdfast_gateway_refused_total{model="",route="",code="HF_GATEWAY_NO_CALLER"} 1',
      `holdfast_gateway_rows_total{${labels}} 4`,
      `holdfast_gateway_request_duration_seconds_bucket{${labels},le="0.0025"} 0`,
      `holdfast_gateway_request_duration_seconds_bucket{${labels},le="0.005"} 2`,
      `holdfast_gateway_request_duration_seconds_bucket{${labels},le="+Inf"} 2`,
      `holdfast_gateway_request_duration_seconds_sum{${labels}} 0.006`,
      `holdfast_gateway_request_duration_seconds_count{${labels}} 2`,
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+\{(?:[a-z]+="(?:[^"\\]|\\.)*",?)*\} [-+.e\d]+)$/);
    }
    expect(text).not.toContain(caller.id);
  });

  test('says who was held back and why, and follows', async () => {
    const { origin, watch } = await listening();
    watch.answered({ ...told, status: 429, code: 'HF_GATEWAY_QUOTA' });
    const response = await fetch(`${origin}/events`, bearer(token));
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const first = String((await reader.read()).value);
    expect(first.startsWith('data: ')).toBe(true);
    expect(JSON.parse(first.slice(6))).toMatchObject({
      throttled: [{ caller: 'key:a', code: 'HF_GATEWAY_QUOTA', model: 'cre"dit' }],
      callers: [{ caller: 'key:a', answered: 0, refused: 1, throttled: 1 }],
    });
    expect(String((await reader.read()).value)).toContain('data: ');
    await reader.cancel();
  });

  test('does not grow with callers', () => {
    const watch = new Watch([{ route: '/', model: 'm' }], 100);
    for (let at = 0; at < 1500; at += 1) {
      watch.answered({ ...told, caller: { ...caller, id: `key:${at}` }, status: 429, code: 'HF_GATEWAY_QUOTA' });
    }
    expect([watch.callers.size, watch.callers.get('others')?.throttled, watch.throttled.length]).toEqual([
      ...[1001, 500, 100],
    ]);
  });
});

test('the page holds nothing, takes nothing from elsewhere, and is not framed', async () => {
  const { origin } = await listening();
  for (const path of ['/', '/page.js', '/page.css']) {
    const response = await fetch(origin + path);
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    const text = await response.text();
    expect(text).not.toContain(token);
    expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(text).not.toContain('innerHTML');
  }
  expect((await fetch(`${origin}/other`, bearer(token))).status).toBe(404);
});

describe('a token', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-watch-'));
  afterEach(() => {
    rmSync(join(folder, 'token'), { force: true });
  });

  test.each([
    ['is short', 'short', 0o600],
    ['has spaces', 'a b '.repeat(20), 0o600],
    ['others can read', token, 0o644],
  ])('that %s is refused', (_, text, mode) => {
    writeFileSync(join(folder, 'token'), text, { mode });
    expect(() => watchToken(join(folder, 'token'))).toThrow(
      expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }) as Error,
    );
  });

  test('is read without its line break; one that is not there is an error', () => {
    writeFileSync(join(folder, 'token'), `${token}\n`, { mode: 0o600 });
    expect(watchToken(join(folder, 'token'))).toBe(token);
    expect(() => watchToken(join(folder, 'none'))).toThrow(
      expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }) as Error,
    );
  });
});
