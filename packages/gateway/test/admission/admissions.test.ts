import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Admission, AdmissionSource } from '../../src/admission/admission.ts';
import { Admissions } from '../../src/admission/admissions.ts';
import { unguarded } from '../../src/protection/guards.ts';

const served = [{ model: 'm', environment: 'production' }];
const good: Admission = { isAdmitted: true, artifact: 'sha256:a', facts: {}, guards: unguarded };
const bad: Admission = { isAdmitted: false, artifact: 'sha256:a', reasons: ['withdrawn'] };

/** A source whose answers come when the test says so. */
function sourceOf() {
  const waiting: { resolve(answer: readonly Admission[]): void; reject(error: unknown): void }[] = [];
  let tell: (() => void) | undefined;
  const source: AdmissionSource = {
    decide: async () => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly Admission[]>();
      waiting.push({ resolve, reject });
      return promise;
    },
    watch: (changed) => {
      tell = changed;
      return () => {
        tell = undefined;
      };
    },
  };
  return { source, waiting, changes: () => tell?.() };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function opened() {
  const told: string[] = [];
  const { source, waiting, changes } = sourceOf();
  const admissions = new Admissions(source, served, { recheck: 60_000, grace: 750 }, (_, { isAdmitted }) => {
    told.push(isAdmitted ? 'served' : 'stopped');
  });
  const answer = async (given: Admission): Promise<void> => {
    waiting.shift()?.resolve([given]);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { admissions, waiting, changes, told, answer };
}

describe('what may be served', () => {
  test('is nothing before the gate was asked', async () => {
    const { admissions, answer, told } = opened();
    expect(admissions.at(0)).toMatchObject({ isAdmitted: false, reasons: ['not-asked-yet'] });
    void admissions.refresh();
    expect(admissions.at(0).isAdmitted).toBe(false);
    await answer(good);
    expect(admissions.at(0)).toEqual(good);
    expect(told).toEqual(['served']);
    expect(admissions.at(1).isAdmitted).toBe(false);
    await admissions.close();
  });

  test('ends with a change whose answer does not come in time, and begins again with it', async () => {
    const { admissions, answer, changes, told } = opened();
    void admissions.refresh();
    await answer(good);
    changes();
    await vi.advanceTimersByTimeAsync(749);
    expect(admissions.at(0).isAdmitted).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(admissions.at(0)).toMatchObject({ isAdmitted: false, reasons: ['evidence-changed'] });
    await answer(good);
    expect(admissions.at(0).isAdmitted).toBe(true);
    expect(told).toEqual(['served']);
    await admissions.close();
  });

  test('is asked about again when something changed while the answer was on its way', async () => {
    const { admissions, answer, waiting, changes, told } = opened();
    void admissions.refresh();
    changes();
    await answer(good);
    await vi.advanceTimersByTimeAsync(1);
    expect(waiting).toHaveLength(1);
    // The answer is older than the change: it counts for the grace and no longer.
    await vi.advanceTimersByTimeAsync(750);
    expect(admissions.at(0).isAdmitted).toBe(false);
    await answer(bad);
    expect(admissions.at(0)).toEqual(bad);
    expect(told).toEqual(['served', 'stopped']);
    await admissions.close();
  });

  test('is asked about on a timer', async () => {
    const { admissions, answer, waiting, told } = opened();
    void admissions.refresh();
    await answer(good);
    expect(waiting).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(waiting).toHaveLength(1);
    await answer(bad);
    expect(told).toEqual(['served', 'stopped']);
    await admissions.close();
  });

  test('is nothing when it cannot be found out', async () => {
    const { admissions, waiting, told } = opened();
    void admissions.refresh();
    waiting.shift()?.reject(Object.assign(new Error('no'), { code: 'HF_LEDGER_FORK' }));
    await vi.advanceTimersByTimeAsync(0);
    expect(admissions.at(0)).toMatchObject({ isAdmitted: false, reasons: ['HF_LEDGER_FORK'] });
    expect(told).toEqual(['stopped']);
    await admissions.close();
  });

  test('is nothing when there are fewer answers than models', async () => {
    const { admissions, waiting } = opened();
    void admissions.refresh();
    waiting.shift()?.resolve([]);
    await vi.advanceTimersByTimeAsync(0);
    expect(admissions.at(0).isAdmitted).toBe(false);
    await admissions.close();
  });

  test('is nothing after the end', async () => {
    const { admissions, answer, changes, waiting } = opened();
    void admissions.refresh();
    await answer(good);
    await admissions.close();
    changes();
    expect(admissions.at(0).isAdmitted).toBe(false);
    expect(waiting).toHaveLength(0);
  });
});
