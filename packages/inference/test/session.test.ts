import { openSession, type TensorData } from '@holdfast/inference';
import { describe, expect, it } from 'vitest';
import { convolutionModel, identityModel, linearModel, sawtooth } from './models.ts';

const x = (dims: readonly number[], ...values: number[]): TensorData => ({
  type: 'FLOAT',
  dims,
  data: Float32Array.from(values),
});

describe('a session', () => {
  it('says what goes in and comes out, and computes it', async () => {
    const session = await openSession(linearModel(), { threads: 1 });
    expect(session.inputs).toEqual([{ name: 'x', type: 'FLOAT', dims: ['n', 2] }]);
    expect(session.outputs).toEqual([{ name: 'logits', type: 'FLOAT', dims: ['n', 3] }]);
    const { logits } = await session.run({ x: x([2, 2], 1, 0, 1, 1) });
    // [1, 0] · W + b and [1, 1] · W + b, by hand.
    expect(logits).toEqual({ type: 'FLOAT', dims: [2, 3], data: Float32Array.of(1.5, 1.5, 3, 5.5, 6.5, 9) });
    await session.release();
  });

  it.each<[TensorData]>([
    [{ type: 'FLOAT', dims: [2], data: Float32Array.of(Number.NaN, -0) }],
    [{ type: 'DOUBLE', dims: [2], data: Float64Array.of(Math.PI, Number.NEGATIVE_INFINITY) }],
    [{ type: 'FLOAT16', dims: [2], data: Uint16Array.of(0x3c00, 0xfc00) }],
    [{ type: 'INT8', dims: [2], data: Int8Array.of(-128, 127) }],
    [{ type: 'UINT8', dims: [2], data: Uint8Array.of(0, 255) }],
    [{ type: 'BOOL', dims: [2], data: Uint8Array.of(1, 0) }],
    [{ type: 'INT16', dims: [2], data: Int16Array.of(-32768, 32767) }],
    [{ type: 'UINT16', dims: [2], data: Uint16Array.of(0, 65535) }],
    [{ type: 'INT32', dims: [2], data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) }],
    [{ type: 'UINT32', dims: [2], data: Uint32Array.of(0, 2 ** 32 - 1) }],
    [{ type: 'INT64', dims: [2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) }],
    [{ type: 'UINT64', dims: [2], data: BigUint64Array.of(0n, 2n ** 64n - 1n) }],
    [{ type: 'STRING', dims: [2], data: ['', 'grün'] }],
    [{ type: 'FLOAT', dims: [0], data: new Float32Array(0) }],
  ])('hands over what it is given: %o', async (tensor) => {
    const session = await openSession(identityModel(tensor.type));
    expect(await session.run({ x: tensor })).toEqual({ y: tensor });
    await session.release();
  });
});

describe('the same model, feeds and threads', () => {
  it.each([1, 2, 3])('give the same bits, in a new session too, on %i threads', async (threads) => {
    const model = convolutionModel();
    const image: TensorData = { type: 'FLOAT', dims: [4, 3, 24, 24], data: sawtooth(4 * 3 * 24 * 24) };
    const sessions = await Promise.all([openSession(model, { threads }), openSession(model, { threads })]);
    const answers: Buffer[] = [];
    for (const session of [...sessions, ...sessions]) {
      const { data } = (await session.run({ x: image }))['y']!;
      const floats = data as Float32Array;
      answers.push(Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength));
    }
    expect(answers[0]!.length).toBe(4 * 10 * 4);
    for (const answer of answers) expect(answer.equals(answers[0]!)).toBe(true);
    await Promise.all(sessions.map(async (session) => session.release()));
  });

  it('hold a batch apart: more sessions at once do not disturb each other', async () => {
    const session = await openSession(linearModel());
    const asked = [0, 1, 2, 3].map(async (value) => session.run({ x: x([1, 2], value, value) }, ['logits']));
    const logits = (await Promise.all(asked)).map(({ logits }) => [...(logits?.data as Float32Array)]);
    // [v, v] · W + b = v · [5, 7, 9] + [0.5, -0.5, 0].
    expect(logits).toEqual([0, 1, 2, 3].map((v) => [5 * v + 0.5, 7 * v - 0.5, 9 * v]));
    await session.release();
  });
});
