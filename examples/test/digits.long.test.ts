import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectDigitsStory } from './digits-story.ts';
import { ExampleProject, needs, peer, root } from './project.ts';

const example = join(root, 'examples', 'digits');
const python = join(peer('trials'), 'bin', 'python');

/** How often ONNX Runtime for Python reads a digit right. */
const accuracyInPython = `
import sys, numpy, onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1], providers=['CPUExecutionProvider'])
with numpy.load('build/test.npz') as file:
    read = session.run(None, {session.get_inputs()[0].name: file['x']})[0].argmax(1)
    print((read == file['y']).mean())
`;

describe('examples/digits', { timeout: 240_000 }, () => {
  const project = new ExampleProject('digits');
  afterAll(() => {
    project.remove();
  });
  beforeAll(() => {
    cpSync(example, project.folder, { recursive: true, filter: (path) => !path.endsWith('pytorch') });
    project.init();
    project.holdfast(['run']);
  }, 240_000);

  it('leaves evidence that names every file by its digest', async () => {
    await project.expectProvenance();
    const trial = project.reports().get('trial.robustness')!;
    const { digest } = trial.inputs!['data']!;
    expect(digest['sha256']).toBe(
      execFileSync('sha256sum', ['build/test.npz'], { cwd: project.folder, encoding: 'utf8' }).slice(0, 64),
    );
  });

  it('is refused as it was trained, and admitted when it was hardened', () => {
    expectDigitsStory(project);
  });

  it('reads digits as ONNX Runtime for Python says', (context) => {
    needs(context, 'ONNX Runtime for Python', python);
    for (const model of ['plain', 'hardened']) {
      const file = join(project.folder, `build/${model}.json`);
      const { accuracy } = JSON.parse(readFileSync(file, 'utf8')) as { accuracy: number };
      const said = execFileSync(python, ['-c', accuracyInPython, `build/${model}.onnx`], { cwd: project.folder });
      expect(accuracy, model).toBeCloseTo(Number(said), 6);
    }
  });

  it('has a policy that does what its cases say', () => {
    const cases = project.readJson('policy/production.test.json') as readonly unknown[];
    expect(project.answer(['policy', 'test'])).toMatchObject({ passed: cases.length, failed: 0 });
  });
});
