import type { InferenceResponse, NamedTensor } from '../../protocols/inference.ts';

/** What a caller learns from one row. */
export interface Answer {
  /** The place of the first greatest score; NaN where all are NaN. */
  class: number;
  /** By how much its probability is greater than the next. */
  margin: number;
}

export interface AnswerReader {
  /** Finds the output; false where it is not there, or holds no score of each row. */
  open(response: InferenceResponse, rows: number): boolean;
  /** Writes over what it gave for the row before. */
  read(row: number): Answer;
}

/** Reads scores `[rows, classes]`, or `[rows]` and `[rows, 1]`: the second of two classes. */
export function answerReader(output: string, holds: 'probabilities' | 'logits'): AnswerReader {
  const answer: Answer = { class: Number.NaN, margin: Number.NaN };
  const isLogits = holds === 'logits';
  let data: Float32Array | Float64Array = new Float64Array(0);
  let classes = 1;
  return {
    open(response, rows) {
      const tensor = response.outputs.find(({ name }) => name === output);
      if (tensor === undefined || !isScores(tensor, rows)) return false;
      data = tensor.data;
      classes = data.length / rows;
      return true;
    },
    read(row) {
      if (classes === 1) readSingle(answer, data[row] as number, isLogits);
      else readClasses(answer, data, { start: row * classes, classes, isLogits });
      return answer;
    },
  };
}

function isScores(tensor: NamedTensor, rows: number): tensor is NamedTensor & { data: Float32Array | Float64Array } {
  const { data } = tensor;
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  return isFloat && data.length >= rows && data.length % rows === 0;
}

function readSingle(answer: Answer, score: number, isLogits: boolean): void {
  const probability = isLogits ? 1 / (1 + Math.exp(-score)) : score;
  answer.class = Number.isNaN(probability) ? Number.NaN : Number(probability > 0.5);
  answer.margin = Math.abs(2 * probability - 1);
}

interface Place {
  readonly start: number;
  readonly classes: number;
  readonly isLogits: boolean;
}

function readClasses(answer: Answer, data: Float32Array | Float64Array, { start, classes, isLogits }: Place): void {
  let [top, greatest, next] = [Number.NaN, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let each = 0; each < classes; each += 1) {
    const score = data[start + each] as number;
    if (score > greatest) [top, next, greatest] = [each, greatest, score];
    else if (score > next) next = score;
  }
  answer.class = top;
  answer.margin = greatest - next;
  if (!isLogits) return;
  let sum = 0;
  for (let each = 0; each < classes; each += 1) sum += Math.exp((data[start + each] as number) - greatest);
  answer.margin = (1 - Math.exp(next - greatest)) / sum;
}
