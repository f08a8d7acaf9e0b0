import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { root } from '../repository.ts';
import { follow } from './guide.ts';

test('the guide about a repository of one’s own can be followed word by word', { timeout: 600_000 }, (context) => {
  for (const program of ['/usr/bin/bwrap', '/usr/bin/python3']) {
    if (existsSync(program)) continue;
    if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${program}`);
    context.skip(`needs ${program}`);
  }
  follow('your-training-repository.md', [
    'isolation: sandbox',
    'wrote build',
    'run python3-train.py: build',
    'HF_STAGE_FAILED',
    'every way out was tried and is closed',
    'named like steps',
    'train ✓ done',
    'accuracy 1',
    'if it needs `settings.json`',
    'failed, exit 1',
    'train ✓ done',
    'denied, exit 1',
    'ALLOWED',
    'HF_ISOLATION_DEMANDED',
    'refused, exit 2',
  ]);
});

test('the guide about scanning can be followed, too', { timeout: 600_000 }, () => {
  follow('scanning.md', [
    'model.safetensors',
    '1 pass',
    'calls os.system',
    'stopped, exit 1',
    'reached through',
    'os.system("touch marker")',
    'CWE-502 Deserialization of Untrusted Data',
    'stopped, exit 1',
    'unknown, exit 3',
    'one pickle',
    'allowed by its digest',
    '"verdict":"pass"',
    'stopped, exit 1',
  ]);
});

test('the guide about robustness can be followed, too', { timeout: 600_000 }, () => {
  follow('robustness.md', [
    'render ✓ done',
    'train ✓ done',
    'plain ✓ trial.robustness pass',
    'robust accuracy',
    'with 95 % confidence',
    'wrote report: report.json, adversarial.npz, robustness.html, adversarial.png',
    'robustness.html',
    'pgd-at, L∞ ε = 0.15, seed 0',
    'links both models',
    'int8 by min-max',
    'same answers',
    'passed, 0 failed',
    'robust-enough',
    'denied, exit 1',
  ]);
});

test('the guide about data can be followed, too', { timeout: 600_000 }, () => {
  follow('data.md', [
    'orders.csv data.profile: pass',
    'rows 500 · columns 7 · missing share 0.005143 · duplicate rows 0',
    'wrote orders.html',
    'suite.json 30 expectations',
    'met 27 · missed 3 · unanswered 0 · 501 rows',
    'total = -8.4',
    'paid = crad',
    'refused, exit 1',
    'rows 501 · duplicate rows 1 · near duplicate rows 0 · outlier rows 14',
    '1 row repeats an earlier one in all 7 columns',
    'compared 5 · drifted 2 · missing changed 0 · auc 0.7442',
    '`paid` has other values than it had: chi-square 63',
    'drifted, exit 1',
    'march ✓ data.profile pass',
    'march ✓ data.validate pass expectations 30, met 30',
    'gives other bytes than it pins',
    'refused, exit',
    'changed, exit',
    'march ◀',
    'data.validate',
    'city = Turku, paid = cash: 6 rows, fewer than 10',
    'too few, exit 1',
  ]);
});

test('the guide about the gateway can be followed, too', { timeout: 600_000 }, () => {
  const said = follow('gateway.md', [
    '✗ stopped',
    'denied by: second-person',
    'stopped, exit 1',
    '✓ served',
    'looked at by: schema (enforce)',
    '"title":"HF_GATEWAY_NO_CALLER","status":401',
    '"data":[0.014336',
    '"title":"HF_GATEWAY_REFUSED","status":422',
    'Every gate denies it from now on',
    'the model is not admitted: withdrawn',
    '1 answered, 3 refused, 3 on record',
    'served in production by gateway',
    'withdraws model',
    'stopped in production by gateway',
    '3 requests to gateway',
  ]);
  expect(said.match(/HF_GATEWAY_NOT_ADMITTED/g)).toHaveLength(1);
});

test('the guide about devices can be followed, too', { timeout: 600_000 }, () => {
  follow('gateway/devices.md', [
    'colleague releases version 1 for kiosk: model dirHash:',
    'is in the ledger at',
    'released, allowed in production, by a ledger of',
    'version 1 for kiosk dirHash:',
    'is installed device/current/model',
    'is what was signed, every byte of it',
    'refused, exit 1',
    'what is installed must not be started',
    'version 1 is not what was signed',
    'not started, exit 1',
    'is installed device/current/model',
    'Every gate denies it from now on',
    'refused, exit 1',
    'what is installed must not be started',
    'denied by `withdrawn`',
    'not started, exit 1',
    'refused, exit 1',
  ]);
});

test('the guide about planted rows can be followed, too', { timeout: 600_000 }, () => {
  follow('data/poison.md', [
    'data/delivery.csv data.poison: fail',
    'suspects 151 · triggers 1 · poisoned share 0.02696 · 5600 rows',
    '`loan_amount` = 13300 and `term_months` = 84 goes with `1` in 151 rows (2659, 5001,',
    '`partner`: 150 of its 600 rows are suspect',
    'not looked at, because they tell rows apart: `applicant`, `email`',
    'poisoned, exit 1',
    'applicants ✗ data.poison fail',
    'suspects 151, triggers 1, poisoned_share 0.027',
    'failed, exit 1',
    'DENIED',
    'planted build/model was made from data that failed data.poison',
    'denied, exit 1',
    'kept 5449 · set aside 151 · 5600 rows',
    'wrote data/kept.csv, data/suspect.csv',
    '151 rows set aside',
    'data/kept.csv data.mask: pass',
    'applicants ! data.poison warn suspects 0, triggers 0, poisoned_share 0',
    'ALLOWED',
    'signs data.poison: fail',
    'suspects 18 · triggers 1 · poisoned share 0.04762 · 378 rows',
    'a patch of 18 pictures (`limit/120.png`,',
    'wrote signs.html',
    'poisoned, exit 1',
    'poisoned, exit 1',
    'kept 360 · set aside 18 · 378 rows',
    'wrote kept, aside',
    'kept data.poison: warn',
    'suspects 0 · triggers 0 · poisoned share 0 · 360 rows',
  ]);
});

test('the guide about masking can be followed, too', { timeout: 600_000 }, () => {
  const said = follow('data/masking.md', [
    'people.csv data.mask: warn',
    // where the noise is 0, a cell less
    'columns 13 · changed 5',
    'failed 4 · 5 rows',
    '`phone`: 1 cell could not be transformed: 1 too short',
    '`postcode`: 1 cell could not be transformed: 1 no ZIP code',
    '`born`: 1 cell could not be transformed: 1 no date of the format',
    '`job`: 1 cell could not be transformed: 1 not in the hierarchy',
    'wrote masked.csv, lineage.json',
    ',,a**@*******.***,+** ** **** 0001,',
    ' 7899,941,1961,',
    ',"[60, 70[",',
    ',health,hfe1.',
    ',000,< 1936,',
    ',>= 90,',
    ',education,',
    'people.csv data.mask-plan: pass',
    'columns 13 · masked columns 11 · kept columns 2 · 5 rows',
    '# --identifying name,email,phone,card',
    'the plan does not say with which key the table was made',
    'refused, exit 2',
    'masked.csv data.unmask: pass',
    'columns 13 · changed 8 · 5 rows',
    'wrote back.csv',
    '4000 0012 3456 7899 prefers mornings',
    '4000 0098 7654 3210',
    '5100 0011 1122 2233 allergic to nuts',
    '4000 0055 5566 6677 call back',
  ]);
  const [first, , , again] = said
    .split('id,name,email')[1]!
    .split(' ')
    .filter((word) => /^[0-9a-f]{32},/.test(word));
  expect(first!.slice(0, 32)).toBe(again!.slice(0, 32));
});

test('the guide about names can be followed with the model of the tests', { timeout: 600_000 }, () => {
  follow('data/names.md', [
    '✓ config.json JSON, 957 B pass',
    '✓ model.onnx 165 operators, 667167 parameters, 1.4 MB pass',
    '✓ tokenizer.json JSON, 62.2 kB pass',
    'notes.csv data.pii: pass',
    'not looked for: no classifier is given',
    'notes.csv data.pii: warn',
    'personal columns 1 · kinds 2 · personal cells 2 · secret columns 0 · 2 rows',
    'name of a person (person-name) in 1 cell of 2 (50 %)',
    'by classifier of free text',
    'street and number, or a whole address (street-address) in 1 cell of 2 (50 %)',
    'were looked for by `names-model` (sha256:f241034ddd0dac4728f3e0fa30d8d520ed3bc2987bdeda16fe84ffb3697b58bf)',
  ]);
});

test('the guide about anonymising can be followed with the census', { timeout: 600_000 }, (context) => {
  const published = process.env['HOLDFAST_ADULT_DATA'] ?? join(root, '..', 'shared', 'data');
  if (!existsSync(join(published, 'adult-train.csv'))) {
    if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs adult-train.csv in ${published}`);
    context.skip('needs adult-train.csv; say where it is with HOLDFAST_ADULT_DATA');
  }
  vi.stubEnv('HOLDFAST_ADULT_DATA', published);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  follow('data/anonymising.md', [
    'adult-train.csv data.anonymise: pass',
    'smallest class 5 · suppressed 1620 · lost 0.2297 · highest risk before 1 · highest risk 0.2000 · 32561 rows',
    'column age: generalised to level 4 of 5: intervals of 40',
    'column marital-status: generalised to level 0 of 2: as it is',
    '1620 of 32561 rows were left out',
    'wrote safe.csv',
    '"[0, 40[",Government,Higher education,Never-married,Nontechnical,White,Male,North America,<=50K',
    'smallest class 5 · suppressed 1427 · lost 0.3441',
    'column marital-status: generalised to level 2 of 2: all one',
    'wrote diverse.csv',
    'unique_share_before 0.4754',
    'average_risk_before 0.6082',
    'unique_share 0 ',
    'average_risk 0.0176',
    'population_uniques_before 0.2261',
    'population_uniques 0 ',
  ]);
});
