import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { expectDigitsStory } from './digits-story.ts';
import { ExampleProject, expectedLevel, needs, peer, root } from './project.ts';

const example = join(root, 'examples', 'digits');
const virtualEnvironment = peer('trials');
const python = join(virtualEnvironment, 'bin', 'python');

describe('examples/digits with PyTorch and the digits of scikit-learn', { timeout: 400_000 }, () => {
  const project = new ExampleProject('digits-pytorch', {
    VIRTUAL_ENV: virtualEnvironment,
    PATH: `${join(virtualEnvironment, 'bin')}:${process.env['PATH'] ?? ''}`,
  });
  afterAll(() => {
    project.remove();
  });
  beforeEach((context) => {
    needs(context, 'PyTorch', python);
    // a stage that nothing confines gets a PATH of its own, which leads to no virtual environment
    if (expectedLevel === 'none') context.skip('needs bubblewrap');
  });

  it('is the same story: refused as PyTorch trained it, admitted when it was hardened without PyTorch', () => {
    for (const from of [example, join(example, 'pytorch')]) cpSync(from, project.folder, { recursive: true });
    project.init();
    project.holdfast(['run']);
    expectDigitsStory(project);
  });

  it('pins what the tests run with', () => {
    const pins = (path: string): string[] =>
      readFileSync(join(root, path), 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'));
    expect(pins('tools/peers/requirements-trials.txt')).toEqual(
      expect.arrayContaining(pins('examples/digits/pytorch/requirements.txt')),
    );
  });
});
