import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../src/default-policy.ts';
import { demandedIsolation } from '../src/demanded-isolation.ts';
import { loadPolicy } from '../src/load-policy.ts';

const ask = '@id("ask") permit (principal, action, resource);\n';
const demanded = (text: string, action = 'deploy'): string =>
  demandedIsolation(loadPolicy({ texts: [{ name: 'p.cedar', text }], knownChecks: ['scan'] }), action);
const unless = (body: string, head = 'principal, action, resource'): string =>
  `${ask}@id("rule") forbid (${head}) unless { resource has provenance && ${body} };`;

describe('the isolation that a policy demands', () => {
  it.each([
    ['resource.provenance.complete', 'none'],
    ['resource.provenance.isolationLevel >= 0', 'none'],
    ['resource.provenance.isolationLevel >= 1', 'sandbox'],
    ['resource.provenance.isolationLevel > 1', 'container'],
    ['3 <= resource.provenance.isolationLevel', 'vm'],
    ['resource.provenance.isolation == "container"', 'container'],
    ['["sandbox", "container", "vm"].contains(resource.provenance.isolation)', 'sandbox'],
    ['resource.provenance.complete && resource.provenance.isolationLevel >= 2', 'container'],
    ['(resource.provenance.complete || resource.provenance.isolationLevel >= 2)', 'none'],
    // nothing can satisfy it: that is for the gate to say, not for a run
    ['resource.provenance.isolationLevel >= 4', 'none'],
  ])('%s: %s', (body, level) => {
    expect(demanded(unless(body))).toBe(level);
  });

  it('counts what a permit asks for, and takes the weakest of several permits', () => {
    const permit = (id: string, level: number): string =>
      `@id("${id}") permit (principal, action, resource) when { resource has provenance && resource.provenance.isolationLevel >= ${level} };\n`;
    expect(demanded(permit('one', 2))).toBe('container');
    expect(demanded(permit('one', 2) + permit('other', 1))).toBe('sandbox');
  });

  it('looks at rules for the action only', () => {
    const text = unless(
      'resource.provenance.isolationLevel >= 1',
      'principal, action == Holdfast::Action::"sign", resource',
    );
    expect(demanded(text)).toBe('none');
    expect(demanded(text, 'sign')).toBe('sandbox');
  });

  it('does not count a rule that may not apply', () => {
    const text = `${ask}@id("rule") forbid (principal, action, resource) when { context.environment == "x" }
      unless { resource has provenance && resource.provenance.isolationLevel >= 1 };`;
    expect(demanded(text)).toBe('none');
  });

  it('is what the default policy was asked for', () => {
    const options = { floors: {}, checks: [], maxAgeHours: 24 };
    expect(demanded(defaultPolicy(options))).toBe('none');
    expect(demanded(defaultPolicy({ ...options, isolation: 'sandbox' }))).toBe('sandbox');
    expect(demanded(defaultPolicy({ ...options, isolation: 'vm' }))).toBe('vm');
  });
});
