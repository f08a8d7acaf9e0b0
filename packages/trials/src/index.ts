export { type ApgdOptions, apgd, shrinking } from './attacks/apgd.ts';
export type { Attack, Samples, Threat } from './attacks/attack.ts';
export type { Ball, Bounds } from './attacks/ball.ts';
export { projectDiamondInBox } from './attacks/box-diamond.ts';
export { type CarliniWagnerOptions, carliniWagner } from './attacks/carlini-wagner.ts';
export { type DeepFoolOptions, deepFool } from './attacks/deepfool.ts';
export { type FabOptions, fab } from './attacks/fab.ts';
export {
  basicIterative,
  fastGradient,
  momentumIterative,
  projectedGradient,
} from './attacks/gradient-ascent.ts';
export { type HopSkipJumpOptions, hopSkipJump } from './attacks/hop-skip-jump.ts';
export { minimalDistances } from './attacks/minimal-distances.ts';
export { type SquareOptions, square } from './attacks/square.ts';
export { type UniversalOptions, universal, universalPerturbation } from './attacks/universal.ts';
export { TrialsError, type TrialsErrorCode, trialsErrors } from './errors.ts';
export type { Facts, ValueFacts } from './gradient/facts.ts';
export { type GradientOptions, gradientModel, gradientPort, ports } from './gradient/gradient-model.ts';
export { type LossName, losses } from './gradient/losses.ts';
export { loweredOperators } from './gradient/lowerings/index.ts';
export { probeFacts } from './gradient/probe-facts.ts';
export { operatorsWithGradient } from './gradient/rules/index.ts';
export { upgraded } from './gradient/upgrade.ts';
export { exponentialAverage, stochasticAverage } from './hardening/averaging.ts';
export { type Comparison, type ComparisonOptions, comparison, type Measured } from './hardening/comparison.ts';
export { initialStatistics, initialWeights } from './hardening/initialise.ts';
export { type Mask, masked, withWeights } from './hardening/mask.ts';
export type { Method } from './hardening/methods/method.ts';
export { fast, pgdAt } from './hardening/methods/pgd-at.ts';
export { plain } from './hardening/methods/plain.ts';
export { trades } from './hardening/methods/trades.ts';
export { adam, sgd } from './hardening/optimiser.ts';
export { type Pruned, type PruneOptions, prune } from './hardening/prune.ts';
export { type Quantised, type QuantiseOptions, quantise } from './hardening/quantise.ts';
export { schedule, scheduleNames } from './hardening/schedule.ts';
export { type LayerSensitivity, quantisationSensitivity } from './hardening/sensitivity.ts';
export { sparselyStored } from './hardening/sparse-storage.ts';
export { type Epoch, type TrainOptions, train } from './hardening/train.ts';
export { Trainable } from './hardening/trainable.ts';
export { OnnxVictim, openVictim, type VictimOptions } from './onnx-victim.ts';
export type { TableColumn, TableColumns } from './tables/columns.ts';
export { tableColumnsSchema } from './tables/columns-schema.ts';
export { parseColumns } from './tables/parse-columns.ts';
export type { LossGradient, Victim } from './victim.ts';
