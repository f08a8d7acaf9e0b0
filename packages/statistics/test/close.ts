import { expect } from 'vitest';

/** Within one part in 10⁹ of what was recorded, unless both are as good as nothing. */
export function expectClose(found: number, expected: number, what: string, absolute = 1e-15, relative = 1e-9): void {
  expect(Math.abs(found - expected), `${what}: ${found} instead of ${expected}`).toBeLessThanOrEqual(
    relative * Math.abs(expected) + absolute,
  );
}
