import type { Operation } from '../operation.ts';
import { flat, type GradientRule, type GradientRules } from '../rule.ts';
import { arithmeticRules } from './arithmetic.ts';
import { convolutionRules } from './convolution.ts';
import { gatherRules } from './gather.ts';
import { linearRules } from './linear.ts';
import { normalisationRules } from './normalisation.ts';
import { poolRules } from './pool.ts';
import { randomRules } from './random.ts';
import { reductionRules } from './reduction.ts';
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
    ...gatherRules,
    ...linearRules,
    ...normalisationRules,
    ...poolRules,
    ...randomRules,
    ...reductionRules,
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
  return rule ?? operation.refuse(domain === '' ? 'it has no rule' : `it is an operator of \`${domain}\``);
}
