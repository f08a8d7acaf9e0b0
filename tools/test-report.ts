import { shown } from './repository.ts';

export interface TestFileCounts {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
}

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly skippedNames: readonly string[];
  readonly files: readonly TestFileCounts[];
}

/** What we read of vitest's JSON report (Jest's format). */
interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

export interface Reading {
  /** How vitest ended. */
  readonly status: number;
  /** In CI a skipped test is a failed one. */
  readonly requiresAll: boolean;
}

/** Counts the tests. A file that cannot be loaded, an error outside of any test and a missing report are failures. */
export function readTestReport(text: string, { status, requiresAll }: Reading): TestCounts {
  const results = text === '' ? [] : (JSON.parse(text) as Report).testResults;
  const files = results.map((file): TestFileCounts => {
    const count = (...wanted: string[]): number =>
      file.assertionResults.filter((test) => wanted.includes(test.status)).length;
    const failed = count('failed');
    return {
      name: shown(file.name),
      passed: count('passed'),
      failed: failed === 0 && file.status === 'failed' ? 1 : failed,
      skipped: count('skipped', 'pending', 'todo', 'disabled'),
      seconds: Math.max(0, file.endTime - file.startTime) / 1000,
    };
  });
  const sum = (part: (file: TestFileCounts) => number): number => files.reduce((all, file) => all + part(file), 0);
  const [passed, failed, skipped] = [
    sum((file) => file.passed),
    sum((file) => file.failed),
    sum((file) => file.skipped),
  ];
  const required = failed + (requiresAll ? skipped : 0);
  const skippedNames = results.flatMap((file) =>
    file.assertionResults
      .filter(({ status: ended }) => ended !== 'passed' && ended !== 'failed')
      .map(({ fullName }) => `${shown(file.name)}: ${fullName}`),
  );
  return {
    passed,
    failed: required === 0 && status !== 0 ? 1 : required,
    skipped: requiresAll ? 0 : skipped,
    skippedNames,
    files,
  };
}

/** The last line: `12 passed, 0 failed, 1 skipped`. */
export function testLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
