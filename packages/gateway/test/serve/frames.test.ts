import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Frames, tokensUsed } from '../../src/serve/stream/frames.ts';

const limits = { frames: 1000, frameBytes: 4096 };

/** What comes out for a text in pieces of these lengths. */
function taken(
  text: string,
  lengths: readonly number[],
  frames = new Frames(limits),
): { out: string[]; frames: Frames } {
  const bytes = Buffer.from(text);
  const out: string[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const end = at + (lengths[turn % lengths.length] ?? 1);
    const piece = frames.take(bytes.subarray(at, end));
    if (piece !== undefined) out.push(piece.toString());
    at = end;
  }
  return { out, frames };
}

const line = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `data: ${text.replaceAll(/[\r\n]/g, '')}`),
  fc.constantFrom('event: x', ': still here', 'id: 1', 'data'),
);
const frame = fc.array(line, { minLength: 1, maxLength: 4 });
const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

describe('frames', () => {
  test('come out whole, each as it was, however they are cut', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), lengths, fc.constantFrom('\n', '\r\n'), (all, cuts, end) => {
        const text = all.map((lines) => lines.map((each) => each + end).join('') + end).join('');
        const { out, frames } = taken(text, cuts);
        expect(out.join('')).toBe(text);
        for (const piece of out) expect(piece.endsWith(end + end)).toBe(true);
        expect([frames.count, frames.isBroken]).toEqual([all.length, false]);
      }),
    );
  });

  test('that have not ended do not come out, and are noticed', () => {
    for (const rest of ['data: x', 'data: x\n', 'data: x\r\n', 'd']) {
      const { out, frames } = taken(`data: a\n\n${rest}`, [3]);
      expect([out.join(''), frames.isBroken]).toEqual(['data: a\n\n', true]);
    }
  });

  test('that end lines in a way that readers differ in are refused, however they are cut', () => {
    for (const text of ['data: a\rdata: b\n\n', 'data: a\r\rdata: b\n\n', '\r', 'data: a\n\r\r\n', 'data: a\r\r\n\n']) {
      for (const cut of [1, 2, 7, 8, 9, 100]) {
        expect(() => taken(`${text}data: z\n\n`, [cut])).toThrow('ends lines in its own way');
      }
    }
  });

  test('end with `[DONE]`, and nothing comes after it but blank lines', () => {
    for (const end of ['data: [DONE]\n\n', 'data:[DONE]\n\n', 'data: [DONE]\r\n\r\n']) {
      for (const cut of [1, 5, 100]) expect(taken(`data: a\n\n${end}`, [cut]).frames.isDone).toBe(true);
      expect(taken(`${end}\n\n`, [100]).frames.isBroken).toBe(false);
      expect(() => taken(`${end}data: b\n\n`, [100])).toThrow('goes on after its end');
    }
    for (const no of ['data: [DONE] \n\n', 'data: {"a":"[DONE]"}\n\n', 'x: [DONE]\n\n', 'data: [DONE]\ndata: x\n\n']) {
      expect(taken(no, [100]).frames.isDone).toBe(false);
    }
  });

  test('are so many and so long at most', () => {
    const few = (): Frames => new Frames({ frames: 2, frameBytes: 20 });
    expect(taken('data: a\n\ndata: b\n\n', [100], few()).frames.count).toBe(2);
    expect(() => taken('data: a\n\n'.repeat(3), [100], few())).toThrow('too many parts');
    for (const cut of [1, 7, 100]) {
      expect(() => taken(`data: ${'x'.repeat(20)}\n\n`, [cut], few())).toThrow('too long');
      expect(() => taken(`data: ${'x'.repeat(20)}`, [cut], few())).toThrow('too long');
    }
  });
});

describe('the tokens of an answer', () => {
  const used = (text: string): number | undefined => tokensUsed(taken(text, [9]).frames.usage);

  test('are those of the last frame that says them', () => {
    const chunk = (usage: string): string => `data: {"choices":[],"usage":${usage}}\n\n`;
    expect(used(chunk('{"completion_tokens":3,"total_tokens":9}'))).toBe(3);
    expect(used(chunk('{"completion_tokens":1}') + chunk('{"completion_tokens":2}') + chunk('null'))).toBe(2);
    expect(used('data: {"usage":\ndata: {"completion_tokens":4}}\n\n')).toBe(4);
  });

  test.each([
    ['nothing', 'data: {"choices":[]}\n\n'],
    ['a text that speaks of it', 'data: {"choices":[{"delta":{"content":"\\"usage\\": 5"}}]}\n\n'],
    ['a number below nothing', 'data: {"usage":{"completion_tokens":-1}}\n\n'],
    ['no number', 'data: {"usage":{"completion_tokens":"9"}}\n\n'],
    ['a broken one', 'data: {"usage":{"completion_tokens":1.5}}\n\n'],
    ['what is no JSON', 'data: {"usage":\n\n'],
    ['no object', 'data: "usage"\n\n'],
    ['null', 'data: {"usage": null}\n\n'],
  ])('are not known by %s', (_, text) => {
    expect(used(text)).toBeUndefined();
  });
});
