import { describe, expect, it, test } from 'vitest';
import { classificationOf, configProblems, holdfastYaml } from '../src/index.ts';
import { isLicenseExpression, licenseHolds } from '../src/license.ts';

function parse(source: object, more: object = {}) {
  return holdfastYaml.safeParse({ project: 'a', ledger: 'a.example', sources: { bureau: source }, ...more });
}

function problems(source: object, more: object = {}): string[] {
  const parsed = parse(source, more);
  return parsed.success ? [] : configProblems(parsed.error).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('a source', () => {
  it.each([
    'https://data.example/applicants.csv',
    'https://data.example:8443/a?version=1#part',
    'https://127.0.0.1/a',
    'file:///mnt/share/a.csv',
    'incoming/applicants.csv',
    'dvc:md5:c3c6bc2ae8ece4bd2510dca21225c041',
    'git+ssh://host/repo@rev#path',
  ])('comes from %s', (uri) => {
    expect(problems({ uri })).toEqual([]);
  });

  it('is pinned, signed or neither, and says on which terms', () => {
    const terms = {
      ...{ signer: 'bureau', origins: ['cdn.example', 'mirror.example:8443'], license: 'LicenseRef-contract-2025' },
      ...{ consent: 'https://data.example/consent, form 3', retention: '2y', classification: 'restricted' },
      ...{ maxSize: '2GiB', time: '30m' },
    };
    const parsed = parse({ uri: 'https://data.example/a', ...terms });
    expect(parsed.data?.sources['bureau']).toEqual({
      uri: 'https://data.example/a',
      ...terms,
      retention: 2 * 365 * 24 * 3_600_000,
      maxSize: 2_147_483_648,
      time: 1_800_000,
    });
  });

  it('comes from, and leads to, the hosts that the file allows', () => {
    const source = { uri: 'https://data.example/a', origins: ['cdn.example', 'cdn.example:8443'] };
    expect(problems(source, { origins: ['data.example:443', 'cdn.example', 'cdn.example:8443'] })).toEqual([]);
    expect(problems(source, { origins: ['data.example'] })).toEqual([
      'sources.bureau.origins.0: the host `cdn.example` is not among `origins`',
      'sources.bureau.origins.1: the host `cdn.example:8443` is not among `origins`',
    ]);
    expect(problems({ uri: 'https://data.example:444/a' }, { origins: ['data.example'] })).toEqual([
      'sources.bureau.uri: the host `data.example:444` is not among `origins`',
    ]);
  });
});

describe('how confidential an artifact is', () => {
  const artifacts = (classification?: string) => ({
    artifacts: {
      applicants: { path: 'a.csv', kind: 'dataset', source: 'bureau', ...(classification && { classification }) },
    },
  });
  const source = { uri: 'https://data.example/a', classification: 'confidential' };

  it('is what it says itself, else what its source says', () => {
    expect(classificationOf(parse(source, artifacts()).data!, 'applicants')).toBe('confidential');
    expect(classificationOf(parse(source, artifacts('restricted')).data!, 'applicants')).toBe('restricted');
    expect(classificationOf(parse(source, artifacts()).data!, 'toString')).toBeUndefined();
    expect(classificationOf(parse({ uri: 'a.csv' }, artifacts()).data!, 'applicants')).toBeUndefined();
  });

  it('is never more open than its source', () => {
    expect(problems(source, artifacts('internal'))).toEqual([
      'artifacts.applicants.classification: `internal` is more open than the source `bureau`, which is `confidential`',
    ]);
  });
});

// SPDX specification 3.0.1, annex B: license-expression
test.each([
  ['CC-BY-4.0', true],
  ['GPL-2.0-or-later WITH Bison-exception-2.2', true],
  ['LGPL-2.1-only OR BSD-3-Clause AND MIT', true],
  ['MIT AND (LGPL-2.1-or-later OR BSD-3-Clause)', true],
  ['DocumentRef-spdx-tool-1.2:LicenseRef-MIT-Style-2', true],
  ['Apache-2.0+', true],
  ['', false],
  ['()', false],
  ['MIT Apache-2.0', false],
  ['MIT OR', false],
  ['AND MIT', false],
  ['(MIT', false],
  ['MIT)', false],
  ['MIT WITH', false],
  ['MIT WITH (A)', false],
  ['MIT, Apache-2.0', false],
  ['https://example.com/licence', false],
])('the licence %j is an expression of SPDX: %s', (text, is) => {
  expect(isLicenseExpression(text)).toBe(is);
});

// by hand: AND before OR
test.each([
  ['MIT', true],
  ['GPL-3.0-only', false],
  ['GPL-3.0-only OR MIT', true],
  ['GPL-3.0-only AND MIT', false],
  ['MIT OR GPL-3.0-only AND GPL-3.0-only', true],
  ['(MIT OR GPL-3.0-only) AND GPL-3.0-only', false],
  ['(MIT OR GPL-3.0-only) AND (0BSD OR MIT)', true],
  ['MIT WITH Autoconf-exception-3.0', false],
  ['MIT OR', undefined],
])('%j can be kept to where only MIT may be used: %s', (text, holds) => {
  expect(licenseHolds(text, (one) => one === 'MIT')).toBe(holds);
});
