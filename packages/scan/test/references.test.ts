import { expect, test } from 'vitest';
import { allRules } from '../src/all-rules.ts';
import { spelledOut } from '../src/references.ts';

test('every rule is there once, with references that can be spelled out', () => {
  expect(allRules.map(({ id }) => id)).toContain('scan.safetensors.layout');
  expect(new Set(allRules.map(({ id }) => id)).size).toBe(allRules.length);
  const bare = allRules.flatMap(({ id, references }) =>
    references
      .map(spelledOut)
      .flatMap((reference) =>
        reference.title === undefined && !reference.id.startsWith('CVE-') ? [`${id}: ${reference.id}`] : [],
      ),
  );
  expect(bare).toEqual([]);
});

test('references of every kind, as their publishers name them', () => {
  expect(spelledOut('CWE-502')).toEqual({
    id: 'CWE-502',
    title: 'Deserialization of Untrusted Data',
    url: 'https://cwe.mitre.org/data/definitions/502.html',
  });
  for (const id of ['ATLAS AML.T0011.000', 'AML.T0011.000']) {
    expect(spelledOut(id)).toEqual({
      id: 'ATLAS AML.T0011.000',
      title: 'User Execution: Unsafe AI Artifacts',
      url: 'https://atlas.mitre.org/techniques/AML.T0011.000',
    });
  }
  expect(spelledOut('OWASP ML06:2023').title).toBe('AI Supply Chain Attacks');
  expect(spelledOut('OWASP LLM03:2025').title).toBe('Supply Chain');
  expect(spelledOut('LLM03:2025').id).toBe('OWASP LLM03:2025');
  expect(spelledOut('CVE-2024-5187').url).toBe('https://nvd.nist.gov/vuln/detail/CVE-2024-5187');
  expect(spelledOut('RFC 1')).toEqual({ id: 'RFC 1' });
});
