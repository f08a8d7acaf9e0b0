import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cards, classOf, csvOf, foundIn, ibans, piiOf } from './pii-scene.ts';

let folder: string;
let people: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
  const mails = Array.from({ length: 40 }, (_, at) => `ann${at}@mail.example`);
  people = csvOf(folder, {
    email: mails,
    copy: mails,
    iban: ibans(40),
    amount: mails.map((_, at) => String(at * 1.5)),
    religion: mails.map((_, at) => ['catholic', 'muslim', 'none'][at % 3] ?? ''),
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const kinds = ['email email 40/40', 'copy email 40/40', 'iban iban 40/40', 'religion religion 40/40'];
const samplesOf = (report: Awaited<ReturnType<typeof piiOf>>): string[][] =>
  report.findings.map(({ message }) => message.match(/hmac:[0-9a-f]{16}/g) ?? []);

describe('data.pii', () => {
  test('warns of what it finds, and says plainly what it did not look for', async () => {
    const report = await piiOf(people);
    expect([report.verdict, foundIn(report).sort()]).toEqual(['warn', kinds.toSorted()]);
    expect(report.metrics).toMatchObject({
      rows: 40,
      columns: 5,
      personal_columns: 4,
      special_columns: 1,
      'email.cells': 80,
    });
    expect(report.findings.at(-1)).toMatchObject({
      ...{ rule: 'data.pii.free-text', severity: 'info' },
      message: 'names and addresses in free text are not looked for: no classifier is given',
    });
    expect(report.coverage).toEqual({ examined: 40, total: 40, left: [] });
  });

  test('passes where all that is there is declared', async () => {
    const report = await piiOf(people, { allow: ['email', 'iban', 'religion'] });
    expect(report.verdict).toBe('pass');
    expect(report.metrics).toMatchObject({ personal_columns: 4, undeclared_columns: 0 });
  });

  test.each([[['special']], [['iban']]])('fails by %s where that is asked for', async (fail) => {
    expect((await piiOf(people, { fail })).verdict).toBe('fail');
    expect((await piiOf(people, { fail, allow: ['religion', 'iban'] })).verdict).toBe('warn');
  });

  test.each([
    [{ allow: ['emial'] }, '`emial` in `allow` is neither a kind of data nor a column'],
    [{ fail: ['everything'] }, '`everything` in `fail` is neither a kind of data nor a class of them'],
    [{ samples: 11 }, 'the option `samples` must be <= 10'],
  ])('%o is refused', async (options, message) => {
    await expect(piiOf(people, options)).rejects.toMatchObject({ code: 'HF_DATA_OPTIONS', message });
  });

  test('shows equal values by equal hashes, which nobody can try, and none of few values', async () => {
    const [one, other] = [await piiOf(people), await piiOf(people)];
    const of = (report: typeof one, label: string): string[] =>
      samplesOf(report)[report.findings.findIndex(({ where }) => where === label)] ?? [];
    expect(of(one, 'email')).toHaveLength(3);
    expect(of(one, 'copy')).toEqual(of(one, 'email'));
    expect(of(other, 'email')).not.toEqual(of(one, 'email'));
    expect(of(one, 'religion')).toEqual([]);
  });

  test('compares reports by a key that is handed in, and takes none that can be tried', async () => {
    const key = join(folder, 'samples.key');
    writeFileSync(key, Buffer.from('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'hex'));
    const [one, other] = [await piiOf(people, {}, { sampleKey: key }), await piiOf(people, {}, { sampleKey: key })];
    expect(samplesOf(one)).toEqual(samplesOf(other));
    const short = join(folder, 'short.key');
    writeFileSync(short, 'password');
    await expect(piiOf(people, {}, { sampleKey: short })).rejects.toMatchObject({ code: 'HF_DATA_OPTIONS' });
  });
});

describe('data.classify', () => {
  const harmless = (): string =>
    csvOf(folder, { n: Array.from({ length: 30 }, (_, at) => String(at * at)) }, 'harmless.csv');

  test('is as confidential as the most confidential of what there is, and names the passages', async () => {
    const report = await classOf(people);
    expect([report.verdict, report.metrics['class']]).toEqual(['warn', 3]);
    const said = report.findings.map(({ message }) => message);
    expect(said).toContain('it holds what is restricted, and nothing is declared');
    expect(said).toContain('GDPR article 9(1), religious or philosophical beliefs: `religion`');
    expect(said).toContain('HIPAA 45 CFR 164.514(b)(2)(i)(F), electronic mail addresses: `email`, `copy`');
    expect(said).toContain(
      'CCPA Cal. Civ. Code 1798.140(ae)(1)(B), account log-in, or account or card number with what opens it: `iban`',
    );
  });

  test('names what PCI DSS protects and forbids', async () => {
    const path = csvOf(
      folder,
      {
        pan: cards(30),
        cvv: cards(30).map((card) => card.slice(-3)),
        exp: cards(30).map((_, at) => `0${(at % 9) + 1}/29`),
      },
      'cards.csv',
    );
    const said = (await classOf(path)).findings.map(({ message }) => message);
    expect(said).toContain('PCI DSS 4.0.1, requirement 3.5, cardholder data: primary account number: `pan`');
    expect(said).toContain(
      'PCI DSS 4.0.1, requirement 3.3, sensitive authentication data: card verification code: `cvv`',
    );
  });

  test.each([
    ['public', 'fail'],
    ['confidential', 'fail'],
    ['restricted', 'pass'],
  ] as const)('declared %s: %s', async (classification, verdict) => {
    const report = await classOf(people, {}, { classification });
    expect(report.verdict).toBe(verdict);
    const under = report.findings.filter(({ rule }) => rule === 'data.classify.under-declared');
    expect(under.map(({ severity }) => severity)).toEqual(verdict === 'fail' ? ['high'] : []);
  });

  test.each([
    [{}, 1],
    [{ licence: 'CC-BY-4.0' }, 0],
    [{ licence: 'LicenseRef-ours' }, 1],
    [{ rules: [{ columns: ['n'], class: 'confidential' }] }, 2],
  ])('of nobody’s data with %o is %i', async (options, level) => {
    expect((await classOf(harmless(), options)).metrics['class']).toBe(level);
  });

  test('a rule that lowers is obeyed, and told', async () => {
    const report = await classOf(people, { rules: [{ kinds: ['religion', 'iban', 'email'], class: 'internal' }] });
    expect(report.metrics['class']).toBe(1);
    expect(report.findings.map(({ message }) => message)).toContain(
      '`religion` (religion) is internal by a rule, not restricted',
    );
  });

  test.each([
    [{ rules: [{ kinds: ['shoe-size'], class: 'public' }] }, '`shoe-size` in `rules` is no kind of data'],
    [{ rules: [{ columns: ['shoes'], class: 'public' }] }, 'there is no column `shoes`, which `rules` names'],
    [{ rules: [{ class: 'public' }] }, 'rule 1 in `rules` names neither `columns` nor `kinds`'],
  ])('%o is refused', async (options, message) => {
    await expect(classOf(people, options)).rejects.toMatchObject({ code: 'HF_DATA_OPTIONS', message });
  });

  test('what is not read to its end has no class that counts', async () => {
    const path = join(folder, 'torn.csv');
    writeFileSync(
      path,
      Buffer.concat([Buffer.from('n,word\n1,ab\n2,caf'), Buffer.from([0xe9]), Buffer.from('\n3,cd\n')]),
    );
    expect((await classOf(path)).verdict).toBe('unknown');
  });
});
