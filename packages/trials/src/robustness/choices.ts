/** Suites of attacks, in the order of the help. */
export const suiteNames = ['quick', 'standard', 'plus', 'rand'] as const;
export type SuiteName = (typeof suiteNames)[number];

/** Attacks that can be asked for by name, in the order of the help. */
export const attackNames = [
  ...(['fgsm', 'bim', 'pgd', 'mim', 'apgd-ce', 'apgd-dlr', 'fab', 'square'] as const),
  ...(['cw', 'deepfool', 'universal', 'hopskipjump'] as const),
] as const;
export type AttackName = (typeof attackNames)[number];
