import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpanFinder } from '@holdfast/data/names/span-finder';
import { type PersonalData, personalDataOf } from '@holdfast/data/pii/personal-data';
import { sampleHash } from '@holdfast/data/pii/samples';
import { openTable } from '@holdfast/dataset';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { csvOf } from './pii-scene.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'free-text-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const asked: string[] = [];

/** Finds what stands after `said`, and fails at texts that it is not made for. */
const finder: SpanFinder = {
  model: { name: 'said', sha256: 'ab'.repeat(32) },
  async find(texts) {
    if (texts.some((text) => text.includes('§'))) throw new Error('no paragraph is read');
    asked.push(...texts);
    return Promise.resolve(
      texts.map((text) => {
        const match = /said (\p{Lu}\p{L}+ \p{Lu}\p{L}+)/u.exec(text);
        const start = (match?.index ?? 0) + 5;
        return match === null ? [] : [{ label: 'person', start, end: start + (match[1]?.length ?? 0), score: 0.9 }];
      }),
    );
  },
  close: async () => Promise.resolve(),
};

async function look(columns: Readonly<Record<string, readonly string[]>>): Promise<PersonalData> {
  const table = await openTable(csvOf(folder, columns), { header: true });
  const { signal } = new AbortController();
  const looking = {
    ...{ signal, progress: () => undefined, samples: 3, minConfidence: 0.5 },
    hash: await sampleHash(),
  };
  try {
    return await personalDataOf([table], { ...looking, finder });
  } finally {
    await table.close();
  }
}

const notes = Array.from({ length: 40 }, (_, at) =>
  at % 4 === 0 ? `on day ${at} said Ada Lovelace that it rains` : `nothing happened on day ${at} at all`,
);

test('names in sentences are counted by column, and what is no sentence is not handed over', async () => {
  const data = await look({ notes, code: notes.map((_, at) => `k-${at}`) });
  expect(data.found).toMatchObject([{ label: 'notes', name: 'person-name', cells: 10, present: 40, confidence: 0.9 }]);
  expect(data.found[0]?.why).toEqual(['classifier of free text']);
  expect(asked.toSorted()).toEqual(notes.toSorted());
  expect(JSON.stringify(data)).not.toContain('Lovelace');
});

test('what the classifier fails at is named, and all else is looked at', async () => {
  const data = await look({ notes: [...notes, 'see § 4 of the law'] });
  expect(data.left).toEqual(['free text: 1 cells were not looked at by the classifier']);
  expect(data.found).toMatchObject([{ name: 'person-name', cells: 10 }]);
});
