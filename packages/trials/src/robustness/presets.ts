import type { Ball } from '../attacks/ball.ts';

/**
 * Norms and radii of RobustBench's leaderboards (Croce et al., arXiv:2010.09670; https://robustbench.github.io; the `eps` of
 * every entry under `model_info` in github.com/RobustBench/robustbench), for images in [0, 1].
 */
export const presets = {
  'cifar10-linf': { norm: 'linf', epsilon: 8 / 255 },
  'cifar10-l2': { norm: 'l2', epsilon: 0.5 },
  'cifar100-linf': { norm: 'linf', epsilon: 8 / 255 },
  'imagenet-linf': { norm: 'linf', epsilon: 4 / 255 },
} as const satisfies Record<string, Ball>;

export type PresetName = keyof typeof presets;

/** The ball of a preset where inputs have another range than [0, 1]: for 0 to 255 its radius is 255 times as large. */
export function presetBall(name: PresetName, bounds: { readonly low: number; readonly high: number }): Ball {
  const { norm, epsilon } = presets[name];
  return { norm, epsilon: epsilon * (bounds.high - bounds.low) };
}
