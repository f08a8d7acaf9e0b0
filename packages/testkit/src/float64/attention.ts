import { elementCount } from '@holdfast/onnx';
import type { Call, Operator, Operators } from './call.ts';
import { broadcastPlaces, counting, lanesOf, mapLanes, reshaped, select, transposed } from './layout.ts';
import { multiplied } from './matrix.ts';
import { concatenated } from './shape.ts';
import { softmaxOf } from './softmax.ts';
import { floats, listOf, numbersOf, type Value } from './value.ts';

/** [batch, sequence, heads × size] as [batch, heads, sequence, size]. */
function splitHeads(x: Value, heads: number): Value {
  const [batch, length, hidden] = x.dims as [number, number, number];
  return transposed(reshaped(x, [batch, length, heads, hidden / heads]), [0, 2, 1, 3]);
}

function joinHeads(x: Value): Value {
  const [batch, heads, length, size] = x.dims as [number, number, number, number];
  return reshaped(transposed(x, [0, 2, 1, 3]), [batch, length, heads * size]);
}

/** Each head of keys or values for the group of query heads that shares it. */
function repeatedHeads(x: Value, heads: number): Value {
  const per = heads / x.dims[1]!;
  return select(
    x,
    x.dims.map((size, axis) => (axis === 1 ? counting(heads).map((h) => Math.floor(h / per)) : counting(size))),
  );
}

/** What is added to the scores [batch, heads, queries, keys]: −∞ where a key must not be seen. */
function biasOf(call: Call, dims: readonly number[], past: number): Float64Array {
  const [queries, keys] = [dims[2]!, dims[3]!];
  const bias = new Float64Array(elementCount(dims));
  const mask = call.optional(3);
  if (mask) {
    const places = broadcastPlaces([...mask.dims.slice(0, -1), keys], dims);
    const width = mask.dims.at(-1)!;
    const values = numbersOf(mask);
    for (const [i, place] of places.entries()) {
      const value =
        place % keys < width ? values[Math.floor(place / keys) * width + (place % keys)]! : Number.NEGATIVE_INFINITY;
      bias[i] = mask.type === 'BOOL' ? (value > 0 ? 0 : Number.NEGATIVE_INFINITY) : value;
    }
  }
  if (!call.isSet('is_causal')) return bias;
  return bias.map((value, i) =>
    i % keys > (Math.floor(i / keys) % queries) + past ? Number.NEGATIVE_INFINITY : value,
  );
}

/** softmax(softcap(scale · Q Kᵀ) + bias) V; a query that may see no key gives 0. */
const attention: Operator = (call) => {
  if (call.optional(6)) throw new Error('nonpad_kv_seqlen is not supported');
  const isFlat = call.input(0).dims.length === 3;
  const heads = (index: number, attribute: string): Value =>
    isFlat ? splitHeads(call.input(index), call.int(attribute, 1)) : call.input(index);
  const q = heads(0, 'q_num_heads');
  const [ownKey, ownValue] = [heads(1, 'kv_num_heads'), heads(2, 'kv_num_heads')];
  const [pastKey, pastValue] = [call.optional(4), call.optional(5)];
  const key = pastKey ? concatenated(pastKey, ownKey, 2) : ownKey;
  const value = pastValue ? concatenated(pastValue, ownValue, 2) : ownValue;
  const many = q.dims[1]!;
  const scores = multiplied(q, transposed(repeatedHeads(key, many), [0, 1, 3, 2]));
  const scale = call.has('scale') ? call.float('scale', 1) : 1 / Math.sqrt(q.dims[3]!);
  const raw = numbersOf(scores).map((score) => score * scale);
  const cap = call.float('softcap', 0);
  const bias = biasOf(call, scores.dims, pastKey?.dims[2] ?? 0);
  const biased = raw.map((score, i) => (cap === 0 ? score : cap * Math.tanh(score / cap)) + bias[i]!);
  const weights = mapLanes(biased, lanesOf(scores.dims, [3]), (lane) =>
    lane.every((score) => score === Number.NEGATIVE_INFINITY) ? lane.fill(0) : softmaxOf(lane),
  );
  const result = multiplied(floats(scores.dims, weights, q.type), repeatedHeads(value, many));
  const outputs = [isFlat ? joinHeads(result) : result, key, value];
  if (!call.node.outputs[3]) return outputs;
  const seen = shown(call.int('qk_matmul_output_mode', 0), cap, { raw, biased, weights });
  return [...outputs, floats(scores.dims, seen, q.type)];
};

/** Which step of the scores the last output shows; with a softcap, editions disagree on the order of 1 and 2. */
function shown(
  mode: number,
  cap: number,
  steps: Readonly<Record<'raw' | 'biased' | 'weights', Float64Array>>,
): Float64Array {
  if (mode === 3) return steps.weights;
  if (cap !== 0) throw new Error('scores are not shown with a softcap');
  return mode === 0 ? steps.raw : steps.biased;
}

/** Pairs of elements turned by the angle of their position: (x, y) → (x cos − y sin, x sin + y cos). */
const rotaryEmbedding: Operator = (call) => {
  const isFlat = call.input(0).dims.length === 3;
  const x = isFlat ? splitHeads(call.input(0), call.int('num_heads', 1)) : call.input(0);
  const [, heads, length, size] = x.dims as [number, number, number, number];
  const rotated = call.int('rotary_embedding_dim', 0) || size;
  const half = rotated / 2;
  const positions = call.optional(3) && listOf(call.input(3));
  const [cos, sin, from] = [numbersOf(call.input(1)), numbersOf(call.input(2)), numbersOf(x)];
  const data = Float64Array.from(from);
  for (let i = 0; i < (from.length / size) * half; i++) {
    const [row, pair] = [Math.floor(i / half), i % half];
    const token = Math.floor(row / length / heads) * length + (row % length);
    const angle = (positions ? positions[token]! : token) * half + pair;
    const [first, second] = call.isSet('interleaved') ? [2 * pair, 2 * pair + 1] : [pair, pair + half];
    const [a, b] = [from[row * size + first]!, from[row * size + second]!];
    data[row * size + first] = a * cos[angle]! - b * sin[angle]!;
    data[row * size + second] = a * sin[angle]! + b * cos[angle]!;
  }
  const result = floats(x.dims, data, x.type);
  return isFlat ? joinHeads(result) : result;
};

export const attentions: Operators = { Attention: attention, RotaryEmbedding: rotaryEmbedding };
