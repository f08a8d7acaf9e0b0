import { expect, it } from 'vitest';
import { judgeFor } from '../../src/callables/judge-for.ts';
import { needsPython, runPython } from './python.ts';
import { replay, type TracedStep } from './replay.ts';

const judge = judgeFor({ callables: new Set(), digests: new Set() });

/** What the judge does not let pass of the pickles that frameworks wrote, by the name of the object. */
function refused(environment: 'scan' | 'scan-torch', packages: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const lines = runPython(environment, 'trace-pickles.py', packages).trim().split('\n');
  for (const line of lines) {
    const { name, steps } = JSON.parse(line) as { name: string; steps: TracedStep[] };
    found.set(name, replay(judge, steps));
  }
  return found;
}

it('lets pass what Python, numpy, scipy and the boosters themselves write, by every protocol', {
  timeout: 600_000,
}, (context) => {
  needsPython(context, 'scan');
  const found = refused('scan', ['python', 'numpy', 'scipy', 'boosting', 'pandas']);
  const problems = [...found].filter(([, problems]) => problems.length > 0).map(([name]) => name);
  // `interp1d` names a method of its own, which is on no list; for a time zone pandas opens the system's files.
  expect(new Set(problems.map((name) => name.split(',')[0]))).toEqual(
    new Set(['scipy: interp1d', 'pandas: Timestamp']),
  );
  expect(found.size).toBeGreaterThan(150);
});

it('asks for the file inside where torch pickles a storage without an archive', { timeout: 600_000 }, (context) => {
  needsPython(context, 'scan-torch');
  const found = refused('scan-torch', ['torch']);
  expect(found.get('torch: sizes, protocol 2')).toEqual([]);
  expect(found.get('torch: functional, protocol 5')).toEqual([]);
  expect(found.get('torch: Sequential, protocol 2')![0]).toMatch(
    /^unknown torch\.storage\._load_from_bytes: it loads another file, in bytes/,
  );
});

it('lets pass every estimator of scikit-learn, fitted, by protocols 0, 2 and 5', { timeout: 600_000 }, (context) => {
  needsPython(context, 'scan');
  const lines = runPython('scan', 'trace-pickles.py', ['sklearn']).trim().split('\n');
  const problems = lines.flatMap((line) => {
    const { name, steps } = JSON.parse(line) as { name: string; steps: TracedStep[] };
    return replay(judge, steps).map((problem) => `${name}: ${problem.slice(0, 300)}`);
  });
  expect(lines.length).toBeGreaterThan(500);
  expect(problems).toEqual([]);
});
