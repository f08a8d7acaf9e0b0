import { describe, expect, test } from 'vitest';
import type { Admission } from '../../src/admission/admission.ts';
import { anybody } from '../../src/callers/anybody.ts';
import type { Caller } from '../../src/callers/caller.ts';
import type { RequestHead } from '../../src/http/request-head.ts';
import { unguarded } from '../../src/protection/guards.ts';
import type { Route } from '../../src/serve/route.ts';
import { targetOf } from '../../src/serve/target.ts';
import { Canary, type CanaryOptions } from '../../src/switching/canary.ts';
import { countingOutcomes } from '../../src/switching/outcomes.ts';

const routeOf = (place: number): Route => ({ place, model: 'm', prefix: '/m' }) as unknown as Route;
const [stable, candidate] = [routeOf(0), routeOf(1)];
const head = (headers: Record<string, string> = {}): RequestHead => ({
  method: 'POST',
  path: '/',
  headers,
  length: 0,
  isAwaited: false,
});
const callerOf = (at: number): Caller => ({ id: `key:app-${at}`, name: 'app', roles: [], tenant: 't' });
const callers = Array.from({ length: 10_000 }, (_, at) => callerOf(at));

const admitted = (artifact: string, switched?: { index: number; weight: number }): Admission => ({
  ...{ isAdmitted: true, artifact, facts: {}, guards: unguarded },
  ...(switched === undefined ? {} : { switched }),
});

interface Scene {
  readonly canary: Canary;
  admission: Admission;
  readonly told: string[];
  asked(caller?: Caller, headers?: Record<string, string>): Route;
  share(): number;
}

function sceneOf(options: Partial<CanaryOptions> = {}): Scene {
  const told: string[] = [];
  const scene = { admission: admitted('sha256:a') };
  const canary = new Canary(
    candidate,
    () => scene.admission,
    { weight: 0, shadow: false, ...options },
    {
      rolledBack: (reason, measured) => told.push(`${reason} ${JSON.stringify(measured)}`),
      switched: (weight) => told.push(String(weight)),
    },
  );
  const asked = (caller: Caller = callerOf(0), headers = {}): Route =>
    targetOf({ ...stable, canary }, head(headers), caller) === candidate ? candidate : stable;
  const share = (): number => callers.filter((caller) => asked(caller) === candidate).length / callers.length;
  return Object.assign(scene, { canary, told, asked, share });
}

describe('a candidate', () => {
  test('answers its share of callers, the same at every request and more of them at a greater share', () => {
    const small = sceneOf({ weight: 0.1 });
    const great = sceneOf({ weight: 0.3 });
    // Of 10,000 draws at 0.1 the share is within 0.1 ± 4·√(0.09/10000).
    expect(Math.abs(small.share() - 0.1)).toBeLessThan(0.012);
    const chosen = callers.filter((caller) => small.asked(caller) === candidate);
    expect(chosen.every((caller) => small.asked({ ...caller }) === candidate)).toBe(true);
    expect(chosen.every((caller) => great.asked(caller) === candidate)).toBe(true);
  });

  test('of other bytes is tried on others', () => {
    const scene = sceneOf({ weight: 0.5 });
    const before = callers.filter((caller) => scene.asked(caller) === candidate);
    scene.admission = admitted('sha256:b');
    const both = before.filter((caller) => scene.asked(caller) === candidate).length;
    // Half of a half, within 4 standard deviations.
    expect(Math.abs(both - before.length / 2)).toBeLessThan(4 * Math.sqrt(before.length / 4));
  });

  test('is drawn anew for a caller of whom nothing is known', () => {
    const scene = sceneOf({ weight: 0.5 });
    const everybody = anybody.authenticate({}, 0) as Caller;
    const seen = new Set(Array.from({ length: 200 }, () => scene.asked(everybody)));
    expect(seen.size).toBe(2);
  });

  test('is chosen by a header that says nothing else', () => {
    const scene = sceneOf({ header: 'x-model' });
    expect(scene.asked(callerOf(0), { 'x-model': 'canary' })).toBe(candidate);
    expect(scene.asked(callerOf(0), { 'x-model': 'stable' })).toBe(stable);
    expect(scene.asked()).toBe(stable);
    expect(() => scene.asked(callerOf(0), { 'x-model': 'Canary' })).toThrow(
      expect.objectContaining({ code: 'HF_GATEWAY_FRAMING' }),
    );
    expect(sceneOf().asked(callerOf(0), { 'x-model': 'canary' })).toBe(stable);
  });

  test('that is not admitted answers nobody, whatever is declared, chosen or promoted', () => {
    const scene = sceneOf({ weight: 1, header: 'x-model', shadow: true });
    scene.admission = { isAdmitted: false, reasons: ['withdrawn'] };
    expect([scene.share(), scene.asked(callerOf(0), { 'x-model': 'canary' })]).toEqual([0, stable]);
    expect(scene.canary.isShadow).toBe(false);
    scene.admission = admitted('sha256:a');
    expect([scene.share(), scene.canary.isShadow]).toEqual([1, true]);
  });
});

describe('a switch', () => {
  test('counts from the evidence, the newest, and for its bytes only', () => {
    const scene = sceneOf({ weight: 0.1, header: 'x-model', shadow: true });
    scene.admission = admitted('sha256:a', { index: 7, weight: 0 });
    expect([scene.share(), scene.asked(callerOf(0), { 'x-model': 'canary' })]).toEqual([0, stable]);
    expect(scene.canary.isShadow).toBe(false);
    scene.admission = admitted('sha256:a', { index: 9, weight: 1 });
    expect(scene.share()).toBe(1);
    scene.admission = admitted('sha256:a', { index: 8, weight: 0 });
    expect(scene.share()).toBe(1);
    scene.admission = admitted('sha256:b');
    expect(Math.abs(scene.share() - 0.1)).toBeLessThan(0.012);
    expect(scene.told).toEqual(['0', '1']);
  });

  test('by rule is not undone by what was on record before it', () => {
    const scene = sceneOf({ weight: 0.1 });
    scene.admission = admitted('sha256:a', { index: 3, weight: 1 });
    expect(scene.share()).toBe(1);
    scene.canary.rollBack('drift');
    scene.admission = admitted('sha256:a', { index: 3, weight: 1 });
    expect(scene.share()).toBe(0);
    // Its own evidence, and then somebody's.
    scene.admission = admitted('sha256:a', { index: 4, weight: 0 });
    expect(scene.share()).toBe(0);
    scene.admission = admitted('sha256:a', { index: 5, weight: 1 });
    expect(scene.share()).toBe(1);
    expect(scene.told).toEqual(['1', 'drift undefined', '1']);
  });
});

describe('a rule', () => {
  const told = (scene: Scene, ...errors: boolean[]): void => {
    for (const isError of errors) scene.canary.told(isError);
  };

  test('takes a candidate back with the first error that is too many for any window, once', () => {
    const scene = sceneOf({ weight: 1, rollback: { errors: 0.05, over: 200 } });
    expect(scene.share()).toBe(1);
    told(scene, ...new Array<boolean>(10).fill(true));
    expect(scene.share()).toBe(1);
    told(scene, true, true);
    expect(scene.share()).toBe(0);
    expect(scene.told).toEqual(['11 errors in the last 11 answers are more than 0.05 {"answers":11,"errors":11}']);
  });

  test('forgets what is longer ago than its window', () => {
    const scene = sceneOf({ weight: 1, rollback: { errors: 0.5, over: 4 } });
    expect(scene.share()).toBe(1);
    // Never three errors among four answers in a row.
    told(scene, true, true, false, false, true, true, false, false, true, true, false, false);
    expect(scene.share()).toBe(1);
    told(scene, true, true, true);
    expect(scene.share()).toBe(0);
    expect(scene.told).toEqual(['3 errors in the last 4 answers are more than 0.5 {"answers":4,"errors":3}']);
  });

  test('counts what the candidate did, and not what its callers or the gate did', () => {
    const scene = sceneOf({ weight: 1, rollback: { errors: 0, over: 10 } });
    const passed: number[] = [];
    const events = countingOutcomes({ answered: ({ status }) => passed.push(status) }, [scene.canary]);
    events.answered?.({
      ...{ id: 'i', rows: 1, milliseconds: 1 },
      route: candidate,
      status: 422,
      code: 'HF_GATEWAY_REFUSED',
    });
    events.answered?.({
      ...{ id: 'i', rows: 1, milliseconds: 1 },
      route: candidate,
      status: 503,
      code: 'HF_GATEWAY_NOT_ADMITTED',
    });
    events.answered?.({ ...{ id: 'i', rows: 1, milliseconds: 1 }, route: candidate, status: 404 });
    events.answered?.({
      ...{ id: 'i', rows: 1, milliseconds: 1 },
      route: stable,
      status: 502,
      code: 'HF_GATEWAY_UPSTREAM',
    });
    events.answered?.({ ...{ id: 'i', rows: 1, milliseconds: 1 }, status: 401, code: 'HF_GATEWAY_NO_CALLER' });
    expect(scene.told).toEqual([]);
    events.answered?.({
      ...{ id: 'i', rows: 1, milliseconds: 1 },
      route: candidate,
      status: 504,
      code: 'HF_GATEWAY_UPSTREAM_TIME',
    });
    expect(scene.told).toHaveLength(1);
    expect(passed).toEqual([422, 503, 404, 502, 401, 504]);
  });

  test('costs a gateway without candidates nothing', () => {
    const events = { answered: () => undefined };
    expect(countingOutcomes(events, [])).toBe(events);
    expect(targetOf(stable, head(), callerOf(0))).toBe(stable);
  });
});
