import { describe, expect, it } from 'vitest';
import { listAttempts } from './escape-attempts.ts';
import { notRefused, runEscapes } from './run-escapes.ts';
import { needsBubblewrap } from './scene.ts';

/** One of each kind; `escapes.long.test.ts` runs them all, also as nobody. */
const sample = [
  'egress-other-host.py',
  'egress-sni-mismatch.py',
  'egress-smuggle.py',
  'network-tcp.py',
  'output-symlink.sh',
  'process-signal.py',
  'read-home.sh',
  'read-leaked-descriptor.sh',
  'read-proc-root.sh',
  'socket-abstract.py',
  'write-core-pattern.sh',
  'write-input.sh',
];

describe('attempts to escape', () => {
  it('are at least sixty, each with what it tries and why it is not tried without a sandbox', () => {
    const attempts = listAttempts();
    expect(attempts.length).toBeGreaterThanOrEqual(60);
    expect(attempts.map(({ name }) => name)).toEqual(expect.arrayContaining(sample));
  });

  it('of each kind work without the sandbox and fail in it', async (context) => {
    needsBubblewrap(context);
    const { attempts, left } = await runEscapes('the user of this test', sample);
    expect(attempts.filter(({ escaped }) => escaped)).toEqual([]);
    const bare = new Map(listAttempts().map((attempt) => [attempt.name, attempt.bare]));
    expect(attempts.filter(({ name, works }) => works === false && bare.get(name) !== 'machine')).toEqual([]);
    expect(notRefused(attempts)).toEqual([]);
    expect(attempts).toHaveLength(sample.length);
    expect(left).toEqual([]);
  });
});
