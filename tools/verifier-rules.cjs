// The verifier must run in a browser: nothing that it loads, through however many files, may be Node's or npm's.
// Types are erased before they count, which the rules beside package.json cannot say for what is reached.
const { options } = require('../.dependency-cruiser.cjs');

module.exports = {
  forbidden: [
    {
      name: 'verifier-reaches-no-node',
      severity: 'error',
      from: { path: '^packages/(ledger|evidence)/src/verify/' },
      to: { reachable: true, path: '^(node:|fs|crypto|path|os|url|util|stream|buffer|worker_threads|child_process)' },
    },
  ],
  options: { ...options, tsPreCompilationDeps: false },
};
