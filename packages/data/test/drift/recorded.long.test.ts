import { describe } from 'vitest';
import { testRecorded } from './recorded-tables.ts';

describe('published tables held against each other', { timeout: 600_000 }, () => {
  testRecorded(['census', 'german', 'sonar', 'sonar-halves', 'compas'], 'all');
});
