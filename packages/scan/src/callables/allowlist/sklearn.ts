import type { Entry } from '../entry.ts';
import { sklearnClasses, sklearnFunctions } from '../generated/plain-sklearn.ts';
import type { Pattern } from '../pattern.ts';
import { absent, listed, plainClasses } from './plain.ts';

const int: Pattern = 'int';
const number: Pattern = { either: ['int', 'float', 'bool', { instance: ['numpy.generic'] }] };
const array: Pattern = { instance: ['numpy.ndarray'] };
const metrics: readonly string[] = (
  'Euclidean SEuclidean Manhattan Chebyshev Minkowski Mahalanobis Hamming Canberra BrayCurtis Jaccard Dice ' +
  'RogersTanimoto RussellRao SokalMichener SokalSneath Haversine'
).split(' ');
const metricNames: readonly string[] = metrics.flatMap((name) =>
  ['64', '32'].map((bits) => `sklearn.metrics._dist_metrics.${name}Distance${bits}`),
);

/** It is compared with the version that loads, and written into a warning. */
const versioned = { _sklearn_version: 'str' } as const;

/** scikit-learn 0.24 to 1.9: estimators are plain; their compiled parts take numbers and arrays. */
export const sklearn: readonly Entry[] = [
  ...plainClasses(sklearnClasses, { fields: versioned }),
  ...listed(sklearnFunctions),
  {
    names: ['sklearn.tree._tree.Tree'],
    calls: [{ arguments: [int, array, { int: [0, 65536] }] }],
    returns: 'sklearn.tree._tree.Tree',
    state: { fields: { max_depth: int, node_count: int, nodes: array, values: array } },
  },
  {
    // It compares the type of the nodes and converts them.
    names: ['sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor'],
    new: [{ arguments: [] }],
    returns: 'sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor',
    state: { fields: { nodes: array, ...versioned } },
  },
  {
    // It makes its interpolation again, by a method.
    names: ['sklearn.isotonic.IsotonicRegression'],
    new: [{ arguments: [] }],
    returns: 'sklearn.isotonic.IsotonicRegression',
    state: { fields: { X_thresholds_: array, y_thresholds_: array, _build_f: absent, ...versioned } },
  },
  {
    names: ['sklearn.utils._bunch.Bunch', 'sklearn.utils.Bunch'],
    new: [{ arguments: [] }],
    returns: 'sklearn.utils._bunch.Bunch',
    state: 'attributes',
    entries: ['str', 'object'],
  },
  // Deprecated: a warning is all that is added to making one.
  ...['PassiveAggressiveClassifier', 'PassiveAggressiveRegressor'].flatMap((name) =>
    plainClasses(`sklearn.linear_model._passive_aggressive ${name}`, { fields: versioned }),
  ),
  ...trees('sklearn.neighbors._kd_tree', ['KDTree', 'KDTree64', 'KDTree32']),
  ...trees('sklearn.neighbors._ball_tree', ['BallTree', 'BallTree64', 'BallTree32']),
  ...metricNames.map(
    (name): Entry => ({
      // scikit-learn 1.2 and before: without the number of bits.
      names: name.endsWith('64') ? [name, name.slice(0, -2)] : [name],
      returns: name,
      state: { tuple: [number, array, { either: [array, 'none'] }] },
    }),
  ),
  {
    names: ['sklearn.metrics._dist_metrics.newObj'],
    calls: [{ arguments: [{ reference: metricNames }] }],
    returns: { instanceOf: 0 },
  },
  ...losses(),
];

function trees(module: string, names: readonly string[]): readonly Entry[] {
  const classes = names.map((name) => `${module}.${name}`);
  const part: Pattern = { either: ['none', 'bool', 'int', array, { instance: metricNames }] };
  return [
    ...classes.map((name): Entry => ({ names: [name], returns: name, state: { every: part, of: 'tuple' } })),
    { names: [`${module}.newObj`], calls: [{ arguments: [{ reference: classes }] }], returns: { instanceOf: 0 } },
  ];
}

/** Compiled loss functions: at most a parameter of their own. */
function losses(): readonly Entry[] {
  const names = (
    'CyHalfSquaredError CyAbsoluteError CyPinballLoss CyHuberLoss CyHalfPoissonLoss CyHalfGammaLoss CyHalfTweedieLoss ' +
    'CyHalfTweedieLossIdentity CyHalfBinomialLoss CyHalfMultinomialLoss CyExponentialLoss'
  ).split(' ');
  const linear = 'Hinge SquaredHinge EpsilonInsensitive SquaredEpsilonInsensitive ModifiedHuber';
  const loss = (name: string): Entry => ({
    names: [name],
    calls: [{ arguments: [number], required: 0 }],
    returns: name,
    state: { either: ['none', 'data'] },
  });
  return [
    ...names.map((name) => loss(`sklearn._loss._loss.${name}`)),
    ...linear.split(' ').map((name) => loss(`sklearn.linear_model._sgd_fast.${name}`)),
  ];
}
