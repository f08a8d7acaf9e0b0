import type { GraphWriter } from './graph-writer.ts';
import type { Operation } from './operation.ts';

/**
 * How gradients go back through an operator: from dL/dY of each output (undefined: nothing depends on it) to dL/dX of
 * each input (undefined: none, or not wanted). Rules write opset 18 or newer, and read forward values by name.
 */
export type GradientRule = (
  operation: Operation,
  gradients: readonly (string | undefined)[],
  writer: GraphWriter,
  wanted: (input: number) => boolean,
) => readonly (string | undefined)[];

/** Rules by operator, of one family. */
export type GradientRules = Readonly<Record<string, GradientRule>>;

/** A rule for an operator whose only output that counts is the first. */
export function ofOutput(
  rule: (
    operation: Operation,
    gradient: string,
    writer: GraphWriter,
    wanted: (input: number) => boolean,
  ) => readonly (string | undefined)[],
): GradientRule {
  return (operation, [gradient, ...others], writer, wanted) => {
    if (others.some((other) => other !== undefined)) operation.refuse('the loss depends on a second output');
    return gradient === undefined ? [] : rule(operation, gradient, writer, wanted);
  };
}

/** Piecewise constant: its derivative is 0 wherever it has one. */
export const flat: GradientRule = () => [];
