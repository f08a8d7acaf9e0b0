import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ModelBytes } from '../../src/admission/admission.ts';
import { BoundServer } from '../../src/binding/bound-server.ts';
import { boundSource } from '../../src/binding/bound-source.ts';
import type { ChallengeOutcome } from '../../src/binding/challenge.ts';
import { ChallengedServer } from '../../src/binding/challenged-server.ts';
import { Challenger } from '../../src/binding/challenger.ts';
import { GatewayError } from '../../src/errors.ts';
import type { ModelServer } from '../../src/http/model-server.ts';
import { unguarded } from '../../src/protection/guards.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const bytes: ModelBytes = { path: '/model', digests: { sha256: 'a'.repeat(64) } };
const admitted = { isAdmitted: true, artifact: 'sha256:a', facts: {}, guards: unguarded, bytes } as const;
const right: ChallengeOutcome = { rows: 8, differ: 0 };
const unreached = new GatewayError('HF_GATEWAY_UPSTREAM', 'the model server cannot be reached');

function sceneOf(first: ChallengeOutcome | Error = right) {
  const scene = { outcome: first, asked: 0, changed: 0, said: [] as string[] };
  const challenger = new Challenger(
    {
      everyMs: 60_000,
      challenge: () => {
        scene.asked += 1;
        return scene.outcome instanceof Error ? Promise.reject(scene.outcome) : Promise.resolve(scene.outcome);
      },
    },
    { changed: () => (scene.changed += 1), said: (line) => scene.said.push(line) },
  );
  const settled = async (ms = 0): Promise<string> => {
    await vi.advanceTimersByTimeAsync(ms);
    const state = challenger.about('sha256:a', bytes);
    return state.is === 'failed' ? state.reason : state.is;
  };
  return { ...{ scene, challenger, settled } };
}

test('a server is challenged at once, and on a timer', async () => {
  const { scene, challenger, settled } = sceneOf();
  expect(challenger.about('sha256:a', bytes)).toEqual({ is: 'unasked' });
  expect([await settled(), scene.asked, scene.changed]).toEqual(['passed', 1, 1]);
  expect([await settled(59_999), scene.asked]).toEqual(['passed', 1]);
  expect([await settled(1), scene.asked, scene.changed]).toEqual(['passed', 2, 1]);
  challenger.about(undefined);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(scene.asked).toBe(2);
});

test('one that answered wrongly has ten challenges to pass before it is trusted again', async () => {
  const { scene, settled } = sceneOf({ rows: 8, differ: 1 });
  expect([await settled(), await settled()]).toEqual(['unasked', 'challenge']);
  expect(scene.said).toEqual(['challenge: 1 of 8 rows are answered unlike by the file']);
  scene.outcome = right;
  expect(await settled(9 * 60_000)).toBe('challenge');
  expect(await settled(60_000)).toBe('passed');
  expect([scene.asked, scene.changed]).toEqual([11, 2]);
});

test('one that does not answer is asked again sooner, and is not trusted meanwhile', async () => {
  const { scene, settled } = sceneOf(unreached);
  await settled();
  expect(await settled()).toBe('challenge-unanswered');
  // After 1, 2, 4 and 8 seconds.
  await settled(15_000);
  expect(scene.asked).toBe(5);
  scene.outcome = right;
  expect(await settled(16_000)).toBe('passed');
  expect(scene.said).toEqual(['challenge-unanswered: the model server cannot be reached']);
});

test('what cannot be compared is no challenge that was passed', async () => {
  const { settled } = sceneOf(new GatewayError('HF_GATEWAY_CONFIGURATION', 'the model has no ONNX file'));
  await settled();
  expect(await settled()).toBe('challenge');
  const nothing = sceneOf({ rows: 0, differ: 0 });
  await nothing.settled();
  expect(await nothing.settled()).toBe('challenge');
});

test('another model is another challenge', async () => {
  const { scene, challenger, settled } = sceneOf();
  await settled();
  expect(challenger.about('sha256:b', bytes)).toEqual({ is: 'unasked' });
  await vi.advanceTimersByTimeAsync(0);
  expect(scene.asked).toBe(2);
  challenger.close();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(scene.asked).toBe(2);
});

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
const request = { method: 'POST', path: '/', headers: {}, body: Buffer.of() } as const;

test('a server that failed its challenge is asked nothing; one that could not be reached is challenged anew', async () => {
  const { scene, challenger, settled } = sceneOf();
  let answer: () => Promise<never> = () => Promise.reject(unreached);
  const server = new ChallengedServer(
    serverOf(() => answer()),
    challenger,
  );
  await settled();
  await settled();
  await expect(server.exchange(request)).rejects.toBe(unreached);
  await settled();
  expect(scene.asked).toBe(2);
  answer = () => Promise.reject(new GatewayError('HF_GATEWAY_UPSTREAM_TIME', 'too late'));
  await expect(server.exchange(request)).rejects.toMatchObject({ code: 'HF_GATEWAY_UPSTREAM_TIME' });
  expect(scene.asked).toBe(2);
  scene.outcome = { rows: 8, differ: 8 };
  await settled(60_000);
  const refused = { code: 'HF_GATEWAY_NOT_ADMITTED', message: 'the model is not admitted: challenge' };
  await expect(server.exchange(request)).rejects.toMatchObject(refused);
  expect(() => server.stream(request, { head: () => undefined, piece: () => true })).toThrow(
    expect.objectContaining(refused),
  );
});

test('what is admitted says how it is known that it is served', async () => {
  const { scene, challenger } = sceneOf();
  const plain = serverOf(() => Promise.reject(unreached));
  const [asserted, challenged] = [new BoundServer({ server: plain }), new BoundServer({ server: plain, challenger })];
  const denied = { isAdmitted: false, reasons: ['withdrawn'] } as const;
  let gate: readonly (typeof admitted | typeof denied)[] = [admitted, admitted, admitted];
  const source = boundSource({ decide: () => Promise.resolve(gate), watch: () => () => undefined }, [
    asserted,
    challenged,
  ]);
  expect(await source.decide([])).toEqual([admitted, { isAdmitted: false, reasons: ['not-asked-yet'] }, admitted]);
  await vi.advanceTimersByTimeAsync(0);
  expect(await source.decide([])).toEqual([admitted, { ...admitted, binding: 'challenged' }, admitted]);
  scene.outcome = { rows: 8, differ: 2 };
  await vi.advanceTimersByTimeAsync(60_000);
  expect((await source.decide([]))[1]).toMatchObject({ isAdmitted: false, reasons: ['challenge'] });
  gate = [denied, denied, denied];
  expect(await source.decide([])).toEqual(gate);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(scene.asked).toBe(2);
  await challenged.close();
});
