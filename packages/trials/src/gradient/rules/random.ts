import { flat, type GradientRules } from '../rule.ts';

/** Operators that draw random numbers: of their input they take the shape, or chances whose draws are whole numbers. */
export const randomRules: GradientRules = {
  Bernoulli: flat,
  Multinomial: flat,
  RandomNormalLike: flat,
  RandomUniformLike: flat,
};
