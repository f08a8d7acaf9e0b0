export { apgd } from './attacks/apgd.ts';
export type { Attack, Samples, Threat } from './attacks/attack.ts';
export type { Ball, Bounds } from './attacks/ball.ts';
export { deepFool } from './attacks/deepfool.ts';
export {
  basicIterative,
  fastGradient,
  momentumIterative,
  projectedGradient,
} from './attacks/gradient-ascent.ts';
export { square } from './attacks/square.ts';
export { TrialsError, type TrialsErrorCode, trialsErrors } from './errors.ts';
export type { Facts, ValueFacts } from './gradient/facts.ts';
export { type GradientOptions, gradientModel, gradientPort, ports } from './gradient/gradient-model.ts';
export { type LossName, losses } from './gradient/losses.ts';
export { loweredOperators } from './gradient/lowerings/index.ts';
export { probeFacts } from './gradient/probe-facts.ts';
export { operatorsWithGradient } from './gradient/rules/index.ts';
export { upgraded } from './gradient/upgrade.ts';
export { adam, sgd } from './hardening/optimiser.ts';
export { type Epoch, type TrainOptions, train } from './hardening/train.ts';
export { Trainable } from './hardening/trainable.ts';
export { OnnxVictim, openVictim, type VictimOptions } from './onnx-victim.ts';
export type { TableColumn, TableColumns } from './tables/columns.ts';
export { tableColumnsSchema } from './tables/columns-schema.ts';
export { parseColumns } from './tables/parse-columns.ts';
export type { LossGradient, Victim } from './victim.ts';
