import { evidenceAs } from '@holdfast/evidence';
import { newTestProject, type TestProject, tinyFiles, tinyYaml } from '@holdfast/testkit';
import { expect, test } from 'vitest';

const table = 'name,city,age\nAda,London,36\nGrace,New York,85\nAda,London,36\n';

async function profiled(declared: string): Promise<TestProject> {
  const yaml = tinyYaml
    .replace('artifacts:\n', `artifacts:\n  people: { path: data/people.csv, kind: dataset${declared} }\n`)
    .replace('checks:\n', 'checks:\n  people: [data.profile]\n');
  return newTestProject({ yaml, files: { ...tinyFiles(), 'data/people.csv': table } });
}

test('the profile of a table is signed beside the report of its check: same subject, same key, same ledger', async () => {
  const project = await profiled('');
  const { checks, recorded } = await project.run();
  const check = checks.find(({ artifact }) => artifact === 'people');
  expect(check).toMatchObject({
    ...{ status: 'ran', check: 'data.profile' },
    report: { verdict: 'pass', metrics: { rows: 3, columns: 3, missing: 0, duplicate_rows: 1 } },
    further: [{ index: (check?.evidence?.index ?? 0) + 1 }],
  });
  const { evidence, ignored } = await project.view();
  expect(ignored).toEqual([]);
  expect(evidence.length).toBe(recorded);
  const report = evidence.find(
    (piece) => evidenceAs('check', piece)?.statement.predicate.check.name === 'data.profile',
  );
  const profile = evidence.flatMap((piece) => evidenceAs('datasetProfile', piece) ?? [])[0];
  expect(profile?.statement.subject).toEqual(report?.statement.subject);
  expect(profile?.signer).toEqual(report?.signer);
  expect(profile?.statement.predicate).toMatchObject({
    ...{ rows: 3, duplicates: 1, values: 'shown', left: [] },
    columns: [
      {
        name: 'name',
        top: {
          values: [
            { value: 'Ada', count: 2 },
            { value: 'Grace', count: 1 },
          ],
        },
      },
      {},
      {},
    ],
  });
  const again = await project.run();
  expect(again).toMatchObject({ recorded: 0 });
});

test('no value of what is confidential stands in the evidence', async () => {
  const project = await profiled(', classification: confidential');
  await project.run();
  const { evidence } = await project.view();
  const said = evidence
    .filter((piece) => evidenceAs('datasetProfile', piece) ?? evidenceAs('check', piece))
    .map(({ statement }) => JSON.stringify(statement));
  expect(said.length).toBeGreaterThan(1);
  for (const value of ['Ada', 'Grace', 'London', 'New York', ':36', ':85'])
    expect(said.join('\n')).not.toContain(value);
});
