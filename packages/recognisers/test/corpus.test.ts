import { expect, it } from 'vitest';
import { entityTypes, type Finding, Recogniser } from '../src/index.ts';
import { emptyCorpus, type Labelled, labelledCorpus, valuesByType } from './corpus.ts';

interface Score {
  found: number;
  missed: number;
  false: number;
}

const scores = new Map<string, Score>();

function scoreOf(type: string): Score {
  const score = scores.get(type) ?? { found: 0, missed: 0, false: 0 };
  scores.set(type, score);
  return score;
}

function isLabelled({ type, start, end }: Finding, labels: Labelled['labels']): boolean {
  return labels.some((label) => label.type === type && label.start === start && label.end === end);
}

const all = new Recogniser();
for (const { text, context, labels } of labelledCorpus()) {
  const findings = all.recognise(text, context === undefined ? {} : { context });
  for (const label of labels) {
    if (findings.some((finding) => isLabelled(finding, [label]))) scoreOf(label.type).found++;
    else scoreOf(label.type).missed++;
  }
  for (const finding of findings) if (!isLabelled(finding, labels)) scoreOf(finding.type).false++;
}

/** Hidden in what they are written like, or judged by rules that let others through. */
const hard: Readonly<Record<string, { readonly precision: number; readonly recall: number }>> = {};

it('has numbers of twenty countries and more', () => {
  const countries = new Set(
    [...valuesByType().keys()].flatMap((name) => entityTypes.find((type) => type.name === name)?.countries ?? []),
  );
  expect(countries.size).toBeGreaterThanOrEqual(20);
});

it.each([...scores.keys()].sort())('%s: precision and recall', (type) => {
  const { found, missed, false: wrong } = scoreOf(type);
  const expected = hard[type] ?? { precision: 0.99, recall: 0.99 };
  expect.soft(found / (found + wrong || 1), 'precision').toBeGreaterThanOrEqual(expected.precision);
  expect.soft(found / (found + missed || 1), 'recall').toBeGreaterThanOrEqual(expected.recall);
});

it('finds next to nothing where nothing is anybody’s', () => {
  const texts = emptyCorpus(2000);
  const found = texts.flatMap((text) => all.recognise(text));
  expect(found.length).toBeLessThanOrEqual(texts.length * 0.01);
});
