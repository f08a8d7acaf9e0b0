import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tools/test/longest-first.ts';

export default defineConfig({
  resolve: { conditions: ['source', 'node'] },
  ssr: { resolve: { conditions: ['source', 'node'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'tools/test/**/*.test.ts', 'examples/test/**/*.test.ts'],
    exclude: ['**/node_modules/**', ...(process.env['HOLDFAST_LONG'] === '1' ? [] : ['**/*.long.test.ts'])],
    setupFiles: ['tools/test/property-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
  },
});
