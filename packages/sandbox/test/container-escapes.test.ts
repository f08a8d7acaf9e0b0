import { describe, expect, it } from 'vitest';
import { expectNoEscape, ways } from './container-escapes.ts';
import { listAttempts } from './escape-attempts.ts';

/** One of each kind; `container-escapes.long.test.ts` runs them all. */
const sample = [
  'bomb-dev.py',
  'egress-other-host.py',
  'egress-direct-tcp.py',
  'kernel-io-uring.py',
  'make-block-device.sh',
  'mount-remount.sh',
  'namespace-user.sh',
  'network-tcp.py',
  'output-symlink.sh',
  'privilege-set-user-id-program.sh',
  'process-signal.py',
  'process-survive.sh',
  'read-home.sh',
  'read-leaked-descriptor.sh',
  'read-proc-root.sh',
  'socket-abstract.py',
  'terminal-inject.py',
  'write-core-pattern.sh',
  'write-input.sh',
];

/** The other ways to run the same, for the long suite: what their user and their engine decide. */
const few = [
  'bomb-dev.py',
  'egress-other-host.py',
  'network-tcp.py',
  'process-signal.py',
  'read-home.sh',
  'write-core-pattern.sh',
  'write-input.sh',
];

const usual = 'with podman, as the user of this test';

describe('attempts to escape from a container', () => {
  it('are of each kind', () => {
    const kinds = (names: readonly string[]) => [...new Set(names.map((name) => name.split('-')[0]!))].sort();
    expect(kinds(sample)).toEqual(kinds(listAttempts().map(({ name }) => name)));
  });

  for (const [way, open] of Object.entries(ways)) {
    if (way !== usual && process.env['HOLDFAST_LONG'] !== '1') continue;
    it(`fail ${way}`, { timeout: 300_000 }, async (context) => {
      await expectNoEscape(await open(context), way === usual ? sample : few);
    });
  }
});
