import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { Admission } from '../../src/admission/admission.ts';
import { GatewayError } from '../../src/errors.ts';
import { unguarded } from '../../src/protection/guards.ts';
import { hardening } from '../../src/protection/hardening/hardening.ts';
import {
  type Answering,
  admitted,
  chat,
  chatRequest,
  chunksOf,
  rawCaller,
  type StreamGateway,
  type StreamScene,
  streamGateway,
} from './stream-scene.ts';

const open: StreamGateway[] = [];
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

async function gatewayOf(answering: Answering, scene: StreamScene = {}): Promise<StreamGateway> {
  const gateway = await streamGateway(answering, scene);
  open.push(gateway);
  return gateway;
}

const frame = (text: string): string =>
  `data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"${text}"}}]}\n\n`;
const usage = 'data: {"id":"c","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}\n\n';
const done = 'data: [DONE]\n\n';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const streams = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
};

/** The one answer that there is to a request whose connection the gateway ends. */
async function cutAnswer(gateway: StreamGateway): Promise<{ body: string; isWhole: boolean }> {
  return chunksOf(await rawCaller(gateway.port, chatRequest(chat())).ended);
}

const codeIn = (body: string): unknown => {
  const [, data = 'null'] = /event: error\ndata: (.*)\n\n$/.exec(body) ?? [];
  return (JSON.parse(data) as { error?: { code?: string } } | null)?.error?.code;
};

describe('a stream', () => {
  const whole = frame('a') + frame('b') + usage + done;

  test('comes as the model server sends it, and the log has it before its first byte and before its last', async () => {
    const gateway = await gatewayOf((response) => {
      streams(response);
      response.end(whole);
    });
    const response = await fetch(`http://127.0.0.1:${gateway.port}/v1/chat/completions`, {
      ...{ method: 'POST', body: chat(), headers: { 'content-type': 'application/json' } },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toBe(whole);
    const [begun, ended, ...more] = gateway.logged;
    expect(more).toEqual([]);
    expect(begun).toMatchObject({
      status: 0,
      answer: '',
      said: [],
      stream: { state: 'begun' },
      request: sha256(chat()),
    });
    expect(ended).toMatchObject({
      ...{ id: begun?.id, status: 200, answer: sha256(whole), said: [] },
      stream: { state: 'whole', frames: 4, bytes: whole.length, tokens: 3 },
    });
    expect(response.headers.get('x-holdfast-request')).toBe(begun?.id);
    expect(gateway.told).toEqual([{ status: 200 }]);
  });

  test('does not wait: a frame is there before the next is sent', async () => {
    let go: () => void = () => undefined;
    const gateway = await gatewayOf((response) => {
      streams(response);
      response.write(frame('a'));
      go = () => response.end(done);
    });
    const caller = rawCaller(gateway.port, chatRequest(chat(), 'connection: close\r\n'));
    await expect.poll(() => caller.text()).toContain('"content":"a"');
    expect(caller.text()).not.toContain('DONE');
    go();
    expect(chunksOf(await caller.ended)).toEqual({ body: frame('a') + done, isWhole: true });
  });

  test('has no byte before the log has its first line, and no end before it has the second', async () => {
    const written: ((error?: Error) => void)[] = [];
    const gateway = await gatewayOf(
      (response) => {
        streams(response);
        response.end(whole);
      },
      { log: (_, done_) => written.push(done_) },
    );
    const caller = rawCaller(gateway.port, chatRequest(chat(), 'connection: close\r\n'));
    await expect.poll(() => written.length).toBe(1);
    expect(caller.text()).toBe('');
    written[0]?.();
    await expect.poll(() => written.length).toBe(2);
    await expect.poll(() => chunksOf(caller.text()).body).toBe(whole);
    expect(chunksOf(caller.text()).isWhole).toBe(false);
    written[1]?.();
    expect(chunksOf(await caller.ended)).toEqual({ body: whole, isWhole: true });
  });

  test('leaves the connection to the next request', async () => {
    const gateway = await gatewayOf((response) => {
      streams(response);
      response.end(whole);
    });
    const caller = rawCaller(gateway.port, chatRequest(chat()) + chatRequest(chat(), 'connection: close\r\n'));
    expect((await caller.ended).match(/\[DONE\]/g)).toHaveLength(2);
  });

  test('goes to a caller who takes it slowly as fast as that, and the model server waits', async () => {
    const long = frame('x'.repeat(60_000));
    const most = 2000;
    let sent = 0;
    const gateway = await gatewayOf(
      (response) => {
        streams(response);
        const send = (): void => {
          while (sent < most) {
            sent += 1;
            if (!response.write(long)) return;
          }
          response.end(done);
        };
        response.on('drain', send);
        send();
      },
      { mostAnswer: 1 << 28 },
    );
    const caller = rawCaller(gateway.port, chatRequest(chat(), 'connection: close\r\n'));
    caller.socket.pause();
    let before = -1;
    await expect
      .poll(() => [before, (before = sent)], { timeout: 5000, interval: 100 })
      .toSatisfy(([one, other]: number[]) => one === other && one !== 0);
    expect(sent).toBeLessThan(most);
    caller.socket.resume();
    const { body, isWhole } = chunksOf(await caller.ended);
    expect([body.length, isWhole]).toEqual([long.length * most + done.length, true]);
    expect(gateway.logged[1]?.stream).toMatchObject({ state: 'whole', frames: most + 1 });
  });
});

describe('a stream that is cut', () => {
  const withdrawn: Admission = { isAdmitted: false, reasons: ['withdrawn'] };
  const forever: Answering = (response) => {
    streams(response);
    const timer = setInterval(() => response.write(frame('x')), 10);
    response.on('close', () => {
      clearInterval(timer);
    });
  };

  test('by a withdrawal ends within a second, with an error event and without an end, and the model server is let go', async () => {
    let now: Admission = admitted;
    let closed = 0;
    const gateway = await gatewayOf(
      (response, message, body) => {
        response.on('close', () => {
          closed += 1;
        });
        forever(response, message, body);
      },
      { admission: () => now },
    );
    const caller = rawCaller(gateway.port, chatRequest(chat()));
    await expect.poll(() => caller.text()).toContain('data:');
    now = withdrawn;
    const { body, isWhole } = chunksOf(await caller.ended);
    expect([codeIn(body), isWhole]).toEqual(['HF_GATEWAY_NOT_ADMITTED', false]);
    expect(body).not.toContain('DONE');
    expect(gateway.logged[1]).toMatchObject({
      ...{ answer: sha256(body), said: ['HF_GATEWAY_NOT_ADMITTED'], stream: { state: 'cut' } },
    });
    await expect.poll(() => closed).toBe(1);
    expect(gateway.told).toEqual([{ status: 200, code: 'HF_GATEWAY_NOT_ADMITTED' }]);
  });

  type Until = (hasBegun: () => boolean) => StreamScene;
  test.each<[string, Until, string]>([
    [
      'another model in its place',
      (hasBegun) => ({ admission: () => ({ ...admitted, artifact: hasBegun() ? 'sha256:b' : 'sha256:a' }) }),
      'HF_GATEWAY_NOT_ADMITTED',
    ],
    ['a policy that has changed', (hasBegun) => ({ authorise: () => !hasBegun() }), 'HF_GATEWAY_NOT_ALLOWED'],
    [
      'a key that was revoked',
      (hasBegun) => ({
        authenticator: {
          authenticate: () => {
            if (hasBegun()) throw new GatewayError('HF_GATEWAY_NO_CALLER', 'no');
            return { id: 'key:a', name: 'a', roles: [], tenant: 'a' };
          },
          close: () => undefined,
        },
      }),
      'HF_GATEWAY_NO_CALLER',
    ],
    ['its whole time', () => ({ stream: { totalMs: 1000 } }), 'HF_GATEWAY_UPSTREAM_TIME'],
    ['too many frames', () => ({ stream: { frames: 3 } }), 'HF_GATEWAY_UPSTREAM'],
    ['too many bytes', () => ({ mostAnswer: 1000 }), 'HF_GATEWAY_UPSTREAM'],
  ])('by %s', async (_, scene, code) => {
    let text = (): string => '';
    const gateway = await gatewayOf(
      forever,
      scene(() => text().includes('data:')),
    );
    const caller = rawCaller(gateway.port, chatRequest(chat()));
    text = () => caller.text();
    const { body, isWhole } = chunksOf(await caller.ended);
    expect([codeIn(body), isWhole]).toEqual([code, false]);
    expect(gateway.logged.at(-1)).toMatchObject({ said: [code], stream: { state: 'cut' } });
  });

  test.each<[string, Answering, string, string]>([
    [
      'goes away',
      (response) => response.write(frame('a'), () => response.destroy()),
      frame('a'),
      'HF_GATEWAY_UPSTREAM',
    ],
    ['ends without `[DONE]`', (response) => response.end(frame('a')), frame('a'), 'HF_GATEWAY_UPSTREAM'],
    ['ends within a frame', (response) => response.end(`${frame('a')}data: {"choi`), frame('a'), 'HF_GATEWAY_UPSTREAM'],
    [
      'goes on after `[DONE]`',
      (response) => response.write(done, () => response.end(frame('a'))),
      done,
      'HF_GATEWAY_UPSTREAM',
    ],
    [
      'ends lines in its own way',
      (response) => response.write(frame('a'), () => response.write('data: a\rdata: b\n\n')),
      frame('a'),
      'HF_GATEWAY_UPSTREAM',
    ],
    ['falls silent', (response) => response.write(frame('a')), frame('a'), 'HF_GATEWAY_UPSTREAM_TIME'],
    [
      'sends bytes, but no whole frame',
      (response) => {
        response.write(frame('a'));
        const timer = setInterval(() => response.write('x'), 20);
        response.on('close', () => {
          clearInterval(timer);
        });
      },
      frame('a'),
      'HF_GATEWAY_UPSTREAM_TIME',
    ],
  ])('by a model server that %s: whole frames only, then an error', async (_, answering, before, code) => {
    const gateway = await gatewayOf(
      (response, message, body) => {
        streams(response);
        answering(response, message, body);
      },
      { stream: { betweenMs: code === 'HF_GATEWAY_UPSTREAM_TIME' ? 1000 : 30_000 } },
    );
    const { body, isWhole } = await cutAnswer(gateway);
    expect([codeIn(body), isWhole]).toEqual([code, false]);
    expect(body.slice(0, body.indexOf('event: error'))).toBe(before);
    expect(gateway.logged.at(-1)).toMatchObject({ answer: sha256(body), said: [code], stream: { state: 'cut' } });
  });

  test('by its caller is let go of at the model server, and in the log', async () => {
    let closed = 0;
    const gateway = await gatewayOf((response, message, body) => {
      response.on('close', () => {
        closed += 1;
      });
      forever(response, message, body);
    });
    const caller = rawCaller(gateway.port, chatRequest(chat()));
    await expect.poll(() => caller.text()).toContain('data:');
    caller.socket.destroy();
    await expect.poll(() => closed).toBe(1);
    await expect
      .poll(() => gateway.logged[1])
      .toMatchObject({ said: ['HF_GATEWAY_TOO_SLOW'], stream: { state: 'cut' } });
    expect(gateway.failed).toEqual([]);
  });

  test('for its caller taking too little is let go of at the model server, and in the log', async () => {
    let closed = 0;
    const long = frame('x'.repeat(60_000));
    const gateway = await gatewayOf(
      (response) => {
        response.on('close', () => {
          closed += 1;
        });
        streams(response);
        const send = (): void => {
          while (!response.destroyed && response.write(long)) {
            // As much as is taken.
          }
        };
        response.on('drain', send);
        send();
      },
      { readMs: 300, mostAnswer: 2 ** 30 },
    );
    const caller = rawCaller(gateway.port, chatRequest(chat()));
    caller.socket.pause();
    await expect.poll(() => closed, { timeout: 20_000 }).toBe(1);
    await expect
      .poll(() => gateway.logged[1])
      .toMatchObject({
        ...{ said: ['HF_GATEWAY_TOO_SLOW'], stream: { state: 'cut' } },
      });
    caller.socket.destroy();
  });

  test('by a caller who leaves before anything is there reaches nobody', async () => {
    let closed = 0;
    let isAsked = false;
    const gateway = await gatewayOf((response) => {
      isAsked = true;
      response.on('close', () => {
        closed += 1;
      });
    });
    const caller = rawCaller(gateway.port, chatRequest(chat()));
    await expect.poll(() => isAsked).toBe(true);
    caller.socket.destroy();
    await expect.poll(() => closed).toBe(1);
    await expect.poll(() => gateway.logged.at(-1)).toMatchObject({ status: 408, said: ['HF_GATEWAY_TOO_SLOW'] });
  });

  test('by a log that takes nothing more', async () => {
    let lines = 0;
    const gateway = await gatewayOf(
      (response) => {
        streams(response);
        response.end(frame('a') + done);
      },
      {
        log: (_, written) => {
          lines += 1;
          written(lines > 1 ? new Error('disk full') : undefined);
        },
      },
    );
    const { body, isWhole } = await cutAnswer(gateway);
    expect([codeIn(body), isWhole]).toEqual(['HF_GATEWAY_INTERNAL', false]);
    expect(body).not.toContain('disk full');
    expect(gateway.failed.map(String)).toContain('Error: disk full');
  });

  test('by the end of the gateway', async () => {
    const gateway = await gatewayOf(forever);
    const caller = rawCaller(gateway.port, chatRequest(chat()));
    await expect.poll(() => caller.text()).toContain('data:');
    await gateway.close();
    open.splice(0);
    expect(chunksOf(await caller.ended).isWhole).toBe(false);
    expect(gateway.logged.at(-1)).toMatchObject({ stream: { state: 'cut' } });
  });

  test('is the last answer of its connection', async () => {
    const gateway = await gatewayOf((response) => {
      streams(response);
      response.write(frame('a'), () => response.destroy());
    });
    const answer = await rawCaller(gateway.port, chatRequest(chat()) + chatRequest(chat())).ended;
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

describe('a request for a stream', () => {
  async function ask(gateway: StreamGateway, body = chat()) {
    const response = await fetch(`http://127.0.0.1:${gateway.port}/v1/chat/completions`, {
      ...{ method: 'POST', body, headers: { 'content-type': 'application/json' } },
    });
    return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
  }

  test('that the model server refuses has its answer', async () => {
    const refusal = '{"error":{"message":"context too long"}}';
    const gateway = await gatewayOf((response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(refusal);
    });
    expect(await ask(gateway)).toEqual({ status: 400, text: refusal, type: 'application/json' });
    expect(gateway.logged).toHaveLength(2);
    expect(gateway.logged[0]).toMatchObject({ status: 0, stream: { state: 'begun' } });
    expect(gateway.logged[1]).toMatchObject({ id: gateway.logged[0]?.id, status: 400, answer: sha256(refusal) });
    expect(gateway.logged[1]?.stream).toBeUndefined();
  });

  test.each<[string, Record<string, string>]>([
    ['something else', { 'content-type': 'application/json' }],
    ['nothing that is said', {}],
    ['a compressed stream', { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }],
  ])('that is answered with %s is refused', async (_, headers) => {
    const gateway = await gatewayOf((response) => {
      response.writeHead(200, headers);
      response.end('{"choices":[]}');
    });
    const { status, text } = await ask(gateway);
    expect([status, text.includes('HF_GATEWAY_UPSTREAM')]).toEqual([502, true]);
  });

  test('that nothing answers is refused in time', async () => {
    const gateway = await gatewayOf(() => undefined, { stream: { betweenMs: 100 } });
    expect(await ask(gateway)).toMatchObject({ status: 504 });
  });

  test('whose first frame is too long has an error, and nothing of the frame', async () => {
    const gateway = await gatewayOf(
      (response) => {
        streams(response);
        response.end(frame('secret') + done);
      },
      { stream: { frameBytes: 50 } },
    );
    const text = await rawCaller(gateway.port, chatRequest(chat(), 'connection: close\r\n')).ended;
    // The head may have gone already.
    expect(text).toContain('HF_GATEWAY_UPSTREAM');
    expect(text).not.toContain('secret');
    expect(gateway.logged.at(-1)).toMatchObject({ said: ['HF_GATEWAY_UPSTREAM'] });
  });

  test('of a model whose answers are looked at is refused: nothing sees them while they pass', async () => {
    let asked = 0;
    const answering: Answering = (response) => {
      asked += 1;
      response.end();
    };
    const output = { name: 'extraction', observe: () => undefined };
    const harden = hardening({ output: 'p', holds: 'probabilities', decimals: 1 });
    for (const guards of [
      { ...unguarded, harden },
      { ...unguarded, outputs: [{ protection: output, mode: 'observe' as const }] },
    ]) {
      expect(await ask(await gatewayOf(answering, { guards }))).toMatchObject({ status: 415 });
    }
    const input = { protection: { name: 'schema', judge: () => undefined }, mode: 'enforce' as const };
    expect(await ask(await gatewayOf(answering, { guards: { ...unguarded, inputs: [input] } }))).toMatchObject({
      status: 422,
    });
    expect(asked).toBe(0);
  });

  test('takes the tokens that it asks for from its quota, before anything is asked', async () => {
    const costs: number[] = [];
    const gateway = await gatewayOf(
      (response) => {
        streams(response);
        response.end(done);
      },
      {
        quotas: {
          take: (_, __, { cost }) => {
            costs.push(cost);
            return { isGranted: true, left: 1 };
          },
          close: () => Promise.resolve(),
        },
      },
    );
    await ask(gateway, chat({ max_tokens: 50, n: 2 }));
    expect(costs).toEqual([100]);
  });

  test('of which the model server falls silent leaves the breaker as others do', async () => {
    const gateway = await gatewayOf((response) => response.destroy());
    for (let count = 0; count < 5; count += 1) expect(await ask(gateway)).toMatchObject({ status: 502 });
    const last = await ask(gateway);
    expect(last.text).toContain('did not answer lately');
  });
});

test('many streams at once lose nothing', async () => {
  const frames = 20;
  const gateway = await gatewayOf((response, _, body) => {
    const { user } = JSON.parse(body) as { user: string };
    streams(response);
    let sent = 0;
    const timer = setInterval(() => {
      if (sent < frames) response.write(frame(`${user}-${sent++}`));
      else {
        clearInterval(timer);
        response.end(done);
      }
    }, 1);
  });
  const users = Array.from({ length: 100 }, (_, at) => `u${at}`);
  const bodies = await Promise.all(
    users.map(async (user) => {
      const caller = rawCaller(gateway.port, chatRequest(chat({ user }), 'connection: close\r\n'));
      await once(caller.socket, 'close');
      return chunksOf(caller.text());
    }),
  );
  for (const [at, { body, isWhole }] of bodies.entries()) {
    const expected = Array.from({ length: frames }, (_, sent) => frame(`u${at}-${sent}`)).join('') + done;
    expect([body === expected, isWhole]).toEqual([true, true]);
  }
  expect(gateway.logged.filter(({ stream }) => stream?.state === 'whole')).toHaveLength(users.length);
});
