import { tensorValue } from '@holdfast/onnx';
import type { OwnLoss } from '../gradient/gradient-model.ts';
import type { GraphWriter } from '../gradient/graph-writer.ts';

/** The input that says what a batch should have answered: FLOAT [N, K], probabilities of each row. */
export const targetPort = 'holdfast/target';

const inputs = [tensorValue(targetPort, 'FLOAT', ['d0', 'd1'])];

/**
 * −Σ t·log softmax(z), for targets whose rows sum to 1; its gradient is softmax(z) − t. With t of another model, or of the
 * same one elsewhere, it is KL(t ‖ softmax(z)) up to what does not depend on z.
 */
export const softCrossEntropy: OwnLoss = {
  inputs,
  write: (writer, { logits }) => {
    const { value, probabilities } = crossEntropy(writer, logits, targetPort);
    return { value, seed: writer.emit('Sub', [probabilities, targetPort]) };
  },
};

function crossEntropy(writer: GraphWriter, logits: string, target: string) {
  const logs = writer.emit('LogSoftmax', [logits], { axis: -1n });
  const value = writer.emit('Neg', [overClasses(writer, writer.emit('Mul', [target, logs]), false)]);
  return { value, logs, probabilities: writer.emit('Exp', [logs]) };
}

function overClasses(writer: GraphWriter, value: string, keep: boolean): string {
  return writer.emit('ReduceSum', [value, writer.int64([1])], { keepdims: keep ? 1n : 0n });
}

/**
 * TRADES (Zhang et al., arXiv:1901.08573, equation 5): the first half of the rows are samples, with cross-entropy; the
 * second half the same rows changed, with β·KL(p ‖ q) between what the model says of the sample (p) and of the changed
 * one (q). dKL/dz of the sample is p·(log p − log q − KL), of the changed one q − p.
 */
export function trades(beta: number): OwnLoss {
  return {
    inputs,
    write: (writer, { logits, type }) => {
      const halves = (value: string): string[] => writer.emitAll('Split', [value], 2, { axis: 0n, num_outputs: 2n });
      const [plain = '', changed = ''] = halves(logits);
      const [target = ''] = halves(targetPort);
      const p = crossEntropy(writer, plain, target);
      const logQ = writer.emit('LogSoftmax', [changed], { axis: -1n });
      const ratio = writer.emit('Sub', [p.logs, logQ]);
      const divergence = overClasses(writer, writer.emit('Mul', [p.probabilities, ratio]), true);
      const scaled = (value: string): string => writer.emit('Mul', [value, writer.scalar(beta, type)]);
      const pull = writer.emit('Mul', [p.probabilities, writer.emit('Sub', [ratio, divergence])]);
      const ofPlain = writer.emit('Add', [writer.emit('Sub', [p.probabilities, target]), scaled(pull)]);
      const ofChanged = scaled(writer.emit('Sub', [writer.emit('Exp', [logQ]), p.probabilities]));
      const column = writer.emit('Squeeze', [divergence, writer.int64([1])]);
      return {
        value: writer.emit('Concat', [p.value, scaled(column)], { axis: 0n }),
        seed: writer.emit('Concat', [ofPlain, ofChanged], { axis: 0n }),
      };
    },
  };
}
