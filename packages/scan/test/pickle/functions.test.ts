import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { scanned } from './scene.ts';

/** Written by dill 0.4.1 and cloudpickle 3.1.3: `files/make.py`. */
const written = (name: string): Uint8Array => readFileSync(new URL(`files/${name}.pkl`, import.meta.url));

describe.each(['dill', 'cloudpickle'])('%s', (library) => {
  test('plain data passes', async () => {
    const part = await scanned(written(`${library}-data`));
    expect([part.format, part.verdict, part.findings, part.left]).toEqual(['pickle', 'pass', [], []]);
  });

  test.each(['lambda', 'function', 'holds-lambda'])('code does not: %s', async (name) => {
    const part = await scanned(written(`${library}-${name}`));
    expect(part.verdict).toBe('fail');
    // Both libraries make the code of a function by calls into themselves.
    expect(part.findings.map(({ reaches }) => reaches?.split('.')[0])).toContain(library);
  });
});
