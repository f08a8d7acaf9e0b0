import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './tools/test/longest-first.ts';
import { aloneInTheirRooms, sharingRooms } from './tools/test/shared-process.ts';

const isLong = process.env['HOLDFAST_LONG'] === '1';
const all = ['packages/*/test/**/*.test.ts', 'tools/test/**/*.test.ts', 'examples/test/**/*.test.ts'];
const left = [...configDefaults.exclude, ...(isLong ? [] : ['**/*.long.test.ts'])];
// a pattern that is excluded cannot be included again, so the few are a project of their own
const projects = [
  { name: 'alone', include: all, exclude: [...left, ...sharingRooms], isolate: true },
  { name: 'alone in their rooms', include: [...aloneInTheirRooms], exclude: left, isolate: true },
  { name: 'shared', include: [...sharingRooms], exclude: [...left, ...aloneInTheirRooms], isolate: isLong },
];

export default defineConfig({
  resolve: { conditions: ['source', 'node'] },
  ssr: { resolve: { conditions: ['source', 'node'] } },
  test: {
    setupFiles: ['tools/test/property-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    projects: projects.map((test) => ({ extends: true as const, test })),
  },
});
