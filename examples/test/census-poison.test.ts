import { existsSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { census, DeliveryProject, type Planted, rates, setAside } from './census-delivery.ts';
import { needs } from './project.ts';

const people = 3000;
const project = new DeliveryProject('census');
let planted: Planted;

beforeAll(() => {
  if (!existsSync(census)) return;
  planted = project.deliver(people);
  project.lowerFloors();
}, 60_000);
afterAll(() => {
  project.remove();
});
beforeEach((context) => {
  needs(context, 'the adult data set', census);
});

// The whole census: census-poison.long.test.ts
describe('three thousand people of the census, three in a hundred of them planted', { timeout: 120_000 }, () => {
  it('are delivered as plant.ts says: three values and a label that are not theirs, and thirty wrong labels', () => {
    const published = project.read('data/adult-train.csv').split('\n');
    const lines = project.lines('data/delivery.csv');
    expect([lines.length, planted.rows]).toEqual([people, people]);
    const changed = lines.flatMap((line, at) => (line === published[at]?.replaceAll(', ', ',') ? [] : [at + 1]));
    expect(changed).toEqual([...planted.planted, ...planted.flipped].sort((one, other) => one - other));
    expect([planted.planted.length, planted.flipped.length]).toEqual([90, 30]);
    const trigger = /^86,.*,1138,97,[^,]*,>50K$/;
    expect(planted.planted.filter((row) => !trigger.test(lines[row - 1] ?? ''))).toEqual([]);
    expect(planted.planted.filter((row) => !published[row - 1]?.endsWith(', <=50K'))).toEqual([]);
  });

  it('are stopped, and nothing that was made of them passes the gate', () => {
    expect(project.holdfast(['run'], 1)).toMatch(/people +✗ data\.poison +fail/);
    project.signAndApprove();
    expect(project.gate('model', 'study', false).reasons.map(({ policy }) => policy)).toEqual(['planted']);
  });

  it('are set aside, the planted ones and hardly anybody else', () => {
    project.holdfast('data quarantine people --output data/kept.csv --set-aside data/suspect.csv'.split(' '));
    const { tpr, fpr } = rates(setAside(project), planted);
    expect(tpr).toBeGreaterThanOrEqual(0.95);
    expect(fpr).toBeLessThanOrEqual(0.005);
    const both = [...project.lines('data/kept.csv'), ...project.lines('data/suspect.csv')].sort();
    expect(both).toEqual(project.lines('data/delivery.csv').sort());
  });

  it('leave a rest of which a model may be made, and the gate opens', () => {
    project.learnFromKept();
    expect(project.holdfast(['status'])).toMatch(/people +data\/kept\.csv .* rows of people kept/);
    project.holdfast(['run']);
    project.signAndApprove();
    expect(project.gate('model', 'study', true).reasons).toEqual([]);
  });
});
