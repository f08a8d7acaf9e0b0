import { expect, test } from 'vitest';
import { follow } from './guide.ts';

// the other guides: guide.long.test.ts
test('the first guide can be followed word by word', { timeout: 180_000 }, () => {
  const said = follow('first-pipeline.md', [
    '3 stages, 1 data set, 1 model',
    'nothing new to sign',
    'second-person',
    'ALLOWED',
    'is not what `train` wrote',
    'ALLOWED',
    '`prepare.mjs` changed',
    'replays to the same answer',
    'is withdrawn',
  ]);
  expect(said.match(/denied, exit 1/g)).toHaveLength(4);
});
