import { existsSync } from 'node:fs';
import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { census, DeliveryProject, type Planted, rates, setAside } from './census-delivery.ts';
import { needs } from './project.ts';

const project = new DeliveryProject('census');
let planted: Planted;

beforeAll(() => {
  if (!existsSync(census)) return;
  planted = project.deliver();
}, 60_000);
afterAll(() => {
  project.remove();
});
beforeEach((context) => {
  needs(context, 'the adult data set', census);
});

describe('the whole census, three in a hundred rows of it planted', { timeout: 600_000 }, () => {
  it('is stopped, and nothing that was made of it passes the gate', () => {
    // adult.names: 32,561 instances; three percent and one percent of them
    expect([planted.rows, planted.planted.length, planted.flipped.length]).toEqual([32_561, 977, 326]);
    expect(project.holdfast(['run'], 1)).toMatch(/people +✗ data\.poison +fail/);
    project.signAndApprove();
    expect(project.gate('model', 'study', false).reasons.map(({ policy }) => policy)).toContain('planted');
  });

  it('says that flipped labels cannot be told here, and does not pass for free of them', () => {
    const report = project.reports().get('data.poison') as CheckPredicate;
    expect(report.findings.map(({ rule }) => rule)).toContain('data.poison.untold');
  });

  it('loses the planted rows, and hardly any other', () => {
    project.holdfast('data quarantine people --output data/kept.csv --set-aside data/suspect.csv'.split(' '));
    const { tpr, fpr } = rates(setAside(project), planted);
    expect(tpr).toBeGreaterThanOrEqual(0.95);
    expect(fpr).toBeLessThanOrEqual(0.005);
  });

  it('leaves a rest that is not planted; what the flipped labels cost is seen by the floor of the policy', () => {
    project.learnFromKept();
    project.holdfast(['run']);
    project.signAndApprove();
    // 0.9115 from the published rows: a hundredth of the labels is still wrong, those of the test among them
    expect(project.gate('model', 'study', false).reasons.map(({ policy }) => policy)).toEqual(['auc-floor']);
  });
});
