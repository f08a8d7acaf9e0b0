import type { Operation } from '../operation.ts';
import { flat, type GradientRule, type GradientRules } from '../rule.ts';
import { affineGridRules } from './affine-grid.ts';
import { arithmeticRules } from './arithmetic.ts';
import { averagePoolRules } from './average-pool.ts';
import { clipRules } from './clip.ts';
import { convolutionRules } from './convolution.ts';
import { determinantRules } from './determinant.ts';
import { einsumRules } from './einsum.ts';
import { foldRules } from './fold.ts';
import { gatherRules } from './gather.ts';
import { linearRules } from './linear.ts';
import { lossRules } from './loss.ts';
import { normRules } from './norm.ts';
import { normalisationRules } from './normalisation.ts';
import { padRules } from './pad.ts';
import { poolRules } from './pool.ts';
import { quantiseRules } from './quantise.ts';
import { randomRules } from './random.ts';
import { reductionRules } from './reduction.ts';
import { resizeRules } from './resize.ts';
import { rotaryRules } from './rotary.ts';
import { shapeRules } from './shape.ts';
import { softmaxRules } from './softmax.ts';
import { unaryRules } from './unary.ts';

/** Operators whose outputs are whole numbers, truth values or shapes: nothing flows back. */
const discrete: GradientRules = Object.fromEntries(
  ['Shape', 'Size', 'ArgMax', 'ArgMin', 'NonZero', 'OneHot', 'ConstantOfShape', 'Range', 'EyeLike', 'IsNaN', 'IsInf']
    .concat(['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Not', 'And', 'Or', 'Xor'])
    .map((name) => [name, flat]),
);

const rules: ReadonlyMap<string, GradientRule> = new Map(
  Object.entries({
    ...affineGridRules,
    ...arithmeticRules,
    ...averagePoolRules,
    ...clipRules,
    ...convolutionRules,
    ...determinantRules,
    ...discrete,
    ...einsumRules,
    ...foldRules,
    ...gatherRules,
    ...linearRules,
    ...lossRules,
    ...normRules,
    ...normalisationRules,
    ...padRules,
    ...poolRules,
    ...quantiseRules,
    ...randomRules,
    ...reductionRules,
    ...resizeRules,
    ...rotaryRules,
    ...shapeRules,
    ...softmaxRules,
    ...unaryRules,
  }),
);

/** Standard operators that have a rule. */
export const operatorsWithGradient: readonly string[] = [...rules.keys()].sort();

/** The rule of an operator. @throws TrialsError HF_TRIALS_OPERATOR that names the node */
export function ruleOf(operation: Operation): GradientRule {
  const { domain, opType } = operation.node;
  const rule = domain === '' || domain === 'ai.onnx' ? rules.get(opType) : undefined;
  return rule ?? operation.refuse(reasons.get(opType) ?? reasonOf(domain));
}

function reasonOf(domain: string): string {
  return domain === '' || domain === 'ai.onnx' ? 'it has no rule' : `it is an operator of \`${domain}\``;
}

/** Why operators that a gradient will not pass have none. */
const reasons: ReadonlyMap<string, string> = new Map([
  ...['ConvInteger', 'MatMulInteger', 'QLinearConv', 'QLinearMatMul'].map(
    (name) => [name, 'it computes with whole numbers'] as const,
  ),
  ...['If', 'Loop', 'Scan'].map((name) => [name, 'what it runs depends on the data'] as const),
]);
