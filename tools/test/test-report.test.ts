import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../repository.ts';
import { readTestReport, testLine } from '../test-report.ts';

const file = (name: string, ended: string, statuses: string[]) => ({
  name: join(root, name),
  status: ended,
  startTime: 1000,
  endTime: 3500,
  assertionResults: statuses.map((status, index) => ({ status, fullName: `test ${index}` })),
});
const report = (...testResults: ReturnType<typeof file>[]): string => JSON.stringify({ testResults });
const line = (text: string, status: number, requiresAll = false): string =>
  testLine(readTestReport(text, { status, requiresAll }));

test('counts what passed, failed and was skipped', () => {
  const text = report(
    file('a.test.ts', 'passed', ['passed', 'passed', 'skipped']),
    file('b.test.ts', 'failed', ['failed']),
  );
  expect(line(text, 1)).toBe('2 passed, 1 failed, 1 skipped');
  expect(readTestReport(text, { status: 1, requiresAll: false }).files[0]).toEqual({
    name: 'a.test.ts',
    passed: 2,
    failed: 0,
    skipped: 1,
    seconds: 2.5,
  });
});

test('where everything is required, a skipped test is a failed one', () => {
  const text = report(file('a.test.ts', 'passed', ['passed', 'pending', 'todo']));
  expect(line(text, 0, true)).toBe('1 passed, 2 failed');
  expect(readTestReport(text, { status: 0, requiresAll: true }).skippedNames).toEqual([
    'a.test.ts: test 1',
    'a.test.ts: test 2',
  ]);
});

test('what keeps tests from running is a failure', () => {
  expect(line(report(file('a.test.ts', 'failed', [])), 1)).toBe('0 passed, 1 failed');
  expect(line('', 1)).toBe('0 passed, 1 failed');
  expect(line(report(file('a.test.ts', 'passed', ['passed'])), 1)).toBe('1 passed, 1 failed');
});
