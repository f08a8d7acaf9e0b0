// The house's import rules (docs/architecture.md): imports go down only. One rule a room, from tools/packages.json.
const allowed = require('./tools/packages.json');

const rooms = Object.entries(allowed).map(([room, below]) => ({
  name: `${room}-imports-down-only`,
  severity: 'error',
  from: { path: `^packages/${room}/src/` },
  to: { path: '^packages/([^/]+)/', pathNot: `^packages/(${[room, ...below].join('|')})/` },
}));

/** Declared or not, needed or for development: anything that npm installs. */
const npm = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

module.exports = {
  forbidden: [
    ...rooms,
    {
      name: 'packages-by-name',
      comment: 'another package is imported by its name, through its exports',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src/' },
      to: { path: '^packages/', pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'no-circular',
      comment: 'a description may load later what it describes: that is how nothing heavy loads early',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } },
    },
    {
      name: 'ledger-is-node-only',
      severity: 'error',
      from: { path: '^packages/ledger/src/' },
      to: { dependencyTypes: npm },
    },
    {
      name: 'contracts-is-zod-only',
      severity: 'error',
      from: { path: '^packages/contracts/src/' },
      to: { dependencyTypes: npm, pathNot: 'node_modules/zod/' },
    },
    {
      name: 'testkit-in-tests-only',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: '^packages/testkit/' },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'verifier-without-node',
      severity: 'error',
      from: { path: '^packages/(ledger|evidence)/src/verify/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-undeclared-dependency',
      comment: 'the native engines are optional peers of one room each (ADR 15), which here counts as for development',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'],
        pathNot: 'node_modules/(onnxruntime-node|@duckdb/node-api|apache-arrow|pg)/',
      },
    },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Ours only: most of what is installed lies in a folder of that name, too.
    exclude: { path: '^(packages/[^/]+/dist|build|examples/[^/]+/build)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
