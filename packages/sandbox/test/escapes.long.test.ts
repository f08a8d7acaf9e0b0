import { describe, expect, it } from 'vitest';
import { listAttempts } from './escape-attempts.ts';
import { canBecomeNobody, notRefused, runEscapes, users } from './run-escapes.ts';
import { needsBubblewrap } from './scene.ts';

describe.each(users)('every attempt to escape, as %s', (user) => {
  it('fails in the sandbox, works without it, and leaves nothing behind', { timeout: 600_000 }, async (context) => {
    needsBubblewrap(context);
    if (user === 'nobody' && !(await canBecomeNobody())) context.skip('needs root and setpriv');
    const { attempts, left } = await runEscapes(user, []);
    expect(attempts.filter(({ escaped }) => escaped)).toEqual([]);
    // what depends on the machine was tried, and may have failed there, too
    const certain = new Set(listAttempts().flatMap(({ name, bare }) => (bare === 'machine' ? [] : [name])));
    expect(attempts.filter(({ name, works }) => works === false && certain.has(name))).toEqual([]);
    expect(notRefused(attempts)).toEqual([]);
    expect(attempts).toHaveLength(listAttempts().length);
    expect(left).toEqual([]);
  });
});
