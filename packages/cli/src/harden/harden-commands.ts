import type { CommandDescription } from '../command.ts';
import { compressionFlags } from './compression-flags.ts';
import { trainingFlags } from './training-flags.ts';

/** Commands that make a new model of one, which withstands more or takes less. */
export const hardenCommands: readonly CommandDescription[] = [
  {
    name: 'harden adversarial',
    usage: 'MODEL --data FILE --norm NORM --epsilon NUMBER --output NEW.onnx',
    summary: 'train a classifier (ONNX) against an adversary',
    arguments: [1, 1],
    options: {
      ...trainingFlags,
      method: { type: 'string', value: 'NAME', summary: 'pgd-at (default), trades or fast' },
      steps: { type: 'string', value: 'COUNT', summary: 'of the adversary (default: 10; fast: 1)' },
      'step-size': { type: 'string', value: 'NUMBER', summary: 'of the adversary (default: 2.5 epsilon / steps)' },
      beta: { type: 'string', value: 'NUMBER', summary: 'of trades: what withstanding counts (default: 6)' },
      smoothing: { type: 'string', value: 'SHARE', summary: 'label smoothing (default: 0)' },
    },
    load: async () => import('../commands/harden-adversarial.ts'),
  },
  {
    name: 'harden regularise',
    usage: 'MODEL --data FILE --norm NORM --epsilon NUMBER --output NEW.onnx',
    summary: 'train a classifier (ONNX) so that its gradients are small',
    arguments: [1, 1],
    options: {
      ...trainingFlags,
      penalty: { type: 'string', value: 'NUMBER', summary: 'weight of the squared input gradient (default: 1)' },
      smoothing: { type: 'string', value: 'SHARE', summary: 'label smoothing (default: 0)' },
    },
    load: async () => import('../commands/harden-regularise.ts'),
  },
  {
    name: 'harden prune',
    usage: 'MODEL --output NEW.onnx [--share SHARE]',
    summary: 'cut the weights or channels of a model (ONNX) that say least',
    arguments: [1, 1],
    options: {
      ...compressionFlags,
      share: { type: 'string', value: 'SHARE', summary: 'how much is cut (default: 0.5)' },
      structure: { type: 'string', value: 'NAME', summary: 'weights (default) or channels' },
      scope: { type: 'string', value: 'NAME', summary: 'what is compared: global (default) or layer' },
      sparse: { type: 'boolean', summary: 'store what was cut sparsely' },
    },
    load: async () => import('../commands/harden-prune.ts'),
  },
  {
    name: 'harden quantise',
    usage: 'MODEL --data FILE --output NEW.onnx',
    summary: 'compute a model (ONNX) in eight bits, calibrated on samples',
    arguments: [1, 1],
    options: {
      ...compressionFlags,
      calibration: { type: 'string', value: 'NAME', summary: 'min-max (default), percentile, mse or entropy' },
      percentile: {
        type: 'string',
        value: 'NUMBER',
        summary: 'of percentile: within the range, in % (default: 99.99)',
      },
      activations: { type: 'string', value: 'TYPE', summary: 'uint8 (default) or int8' },
      weights: { type: 'string', value: 'NAME', summary: 'per-channel (default) or per-tensor' },
      'weight-bits': { type: 'string', value: 'COUNT', summary: '8 (default) or 7' },
      rows: { type: 'string', value: 'COUNT', summary: 'samples of the calibration (default: 512)' },
    },
    load: async () => import('../commands/harden-quantise.ts'),
  },
];
