import { evidenceAs } from '@holdfast/evidence';
import { newTestProject, yamlOf } from '@holdfast/testkit';
import { expect, test } from 'vitest';

/** Doubles a text of 8 bytes 23 times in the shell's own memory: 64 MiB, in a blink. */
const hungry =
  'x=01234567; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23; do x=$x$x; done; sleep 0.9; echo ${#x} > o';

test('after six equal runs, one that takes more memory and more time says so in its evidence', {
  timeout: 60_000,
}, async () => {
  const project = await newTestProject({
    yaml: yamlOf({ make: { command: 'cat in > o; sleep 0.3', inputs: ['in'], outputs: ['o'], owner: 'builder' } }),
    files: { in: '0' },
  });
  for (let run = 1; run <= 6; run++) {
    project.write('in', `${run}`);
    expect((await project.run()).stages).toMatchObject([{ status: 'ran', run: { anomalies: [] } }]);
  }
  project.edit('holdfast.yaml', 'cat in > o; sleep 0.3', hungry);
  const { stages } = await project.run();
  expect(project.read('o')).toBe(`${2 ** 26}\n`);
  const anomalies = stages[0]?.run?.anomalies ?? [];
  const named = anomalies.map(({ metric }) => metric);
  expect(named).toContain('wallMs');
  const runs = (await project.view()).evidence.flatMap((piece) => evidenceAs('run', piece) ?? []);
  // Memory is measured where the platform tells it, and only of what lives long enough to be looked at.
  const measured = runs.filter(
    ({ statement }) => statement.predicate.runDetails.holdfast_outcome.trace.peakRssBytes !== undefined,
  );
  if (measured.length === 7) expect(named).toContain('peakRssBytes');
  const newest = runs.at(-1);
  const recorded = newest?.statement.predicate.runDetails.holdfast_outcome.anomalies ?? [];
  expect(recorded).toEqual(anomalies.map(({ message }) => message));
  expect(recorded.join('\n')).toMatch(/time was `\d+`, the median of 6 earlier runs is `\d+`/);
});
