import type { Operation } from '../operation.ts';
import { flat, type GradientRule, type GradientRules } from '../rule.ts';
import { arithmeticRules } from './arithmetic.ts';
import { convolutionRules } from './convolution.ts';
import { einsumRules } from './einsum.ts';
import { gatherRules } from './gather.ts';
import { linearRules } from './linear.ts';
import { lossRules } from './loss.ts';
import { normalisationRules } from './normalisation.ts';
import { poolRules } from './pool.ts';
import { quantiseRules } from './quantise.ts';
import { reductionRules } from './reduction.ts';
import { resizeRules } from './resize.ts';
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
    ...arithmeticRules,
    ...convolutionRules,
    ...discrete,
    ...einsumRules,
    ...gatherRules,
    ...linearRules,
    ...lossRules,
    ...normalisationRules,
    ...poolRules,
    ...quantiseRules,
    ...reductionRules,
    ...resizeRules,
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
