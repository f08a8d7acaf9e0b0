import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PolicyError } from '../src/errors.ts';
import { loadPolicy } from '../src/load-policy.ts';

const knownChecks = ['scan', 'data.pii', 'trial.robustness'];

function vectors(kind: 'valid' | 'must-fail'): { name: string; text: string }[] {
  const folder = new URL(`../../../spec/vectors/${kind}/policy/`, import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.cedar'))
    .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
}

describe('policies that must load', () => {
  it.each(vectors('valid'))('$name', ({ name, text }) => {
    const policy = loadPolicy({ texts: [{ name, text }], knownChecks });
    expect(policy.rules.map(({ id }) => id)).toEqual(['case', 'withdrawn', 'planted', 'evidence-verifies']);
  });
});

/** The first line says what must be raised, and a word that the message must hold. */
describe('policies that must not load', () => {
  it.each(vectors('must-fail'))('$name', ({ name, text }) => {
    const [, code, word = ''] = /^\/\/ (HF_POLICY_\w+) ?(.*)/.exec(text) ?? [];
    let raised: unknown;
    try {
      loadPolicy({ texts: [{ name, text }], knownChecks });
    } catch (error) {
      raised = error;
    }
    expect(raised).toBeInstanceOf(PolicyError);
    const error = raised as PolicyError;
    expect(`${error.code} ${error.message}`).toContain(code);
    expect(error.message).toContain(word);
  });
});
