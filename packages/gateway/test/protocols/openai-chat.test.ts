import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../src/protocols/openai-chat.ts';
import { json, limits, ofRequest, refusal } from './open-inference-scene.ts';

const protocol = openaiChat({ served: 'small' });
const messages = [{ role: 'user', content: 'Hello!' }];
const chat = (more: object = {}): object => ({ model: 'small', messages, ...more });
const taken = { inputs: [], rows: 1, isOpaque: true };

describe('a chat', () => {
  it('is read for what limits take (platform.openai.com/docs/api-reference/chat/create)', () => {
    expect(protocol.readRequest(json(chat()), limits)).toEqual(taken);
    expect(protocol.readRequest(json(chat({ stream: true, max_tokens: 20 })), limits)).toEqual({
      ...{ ...taken, isStreamed: true, cost: 20 },
    });
    const nulls = { stream: null, max_tokens: null, n: null };
    expect(protocol.readRequest(json(chat({ ...nulls, max_completion_tokens: 7 })), limits)).toEqual({
      ...taken,
      cost: 7,
    });
    expect(protocol.readRequest(json(chat({ max_completion_tokens: 7, n: 3, stream: false })), limits)).toEqual({
      ...{ ...taken, cost: 21 },
    });
    const parts = [
      { type: 'text', text: 'x' },
      { type: 'image_url', image_url: { url: 'data:' } },
    ];
    const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];
    expect(ofRequest(json(chat({ tools, messages: [{ role: 'user', content: parts }] })), protocol)).toBe('taken');
  });

  it.each([
    ['another model', chat({ model: 'large' }), 'model'],
    ['no model', { messages }, 'model'],
    ['no messages', { model: 'small' }, 'messages'],
    ['empty messages', chat({ messages: [] }), 'messages'],
    ['a message without role', chat({ messages: [...messages, { content: 'x' }] }), 'messages[1]'],
    ['messages that are a text', chat({ messages: 'x' }), 'body, byte 28'],
    ['a text for stream', chat({ stream: 'true' }), 'body, byte 74'],
    ['broken tokens', chat({ max_tokens: 1.5 }), 'max_tokens'],
    ['no tokens', chat({ max_tokens: 0 }), 'max_tokens'],
    ['negative tokens', chat({ max_completion_tokens: -1 }), 'max_completion_tokens'],
    ['tokens twice', chat({ max_tokens: 1, max_completion_tokens: 2 }), 'max_completion_tokens'],
    ['no answer', chat({ n: 0 }), 'n'],
  ])('refused: %s', (_, body, where) => {
    expect(ofRequest(json(body), protocol)).toBe(`HF_GATEWAY_MALFORMED ${where}`);
  });

  it('refused: a key twice, of which a server takes the other one', () => {
    expect(ofRequest(json('{"model":"small","model":"large","messages":[]}'), protocol)).toMatch(
      /^HF_GATEWAY_MALFORMED/,
    );
  });

  it('has bounds of tokens when they are declared', () => {
    const bounded = openaiChat({ served: 'small', mostTokens: 100 });
    expect(ofRequest(json(chat({ max_tokens: 100 })), bounded)).toBe('taken');
    expect(ofRequest(json(chat({ max_tokens: 101 })), bounded)).toBe('HF_GATEWAY_TOO_LARGE max_completion_tokens');
    expect(ofRequest(json(chat({ max_tokens: 51, n: 2 })), bounded)).toBe('HF_GATEWAY_TOO_LARGE max_completion_tokens');
    expect(ofRequest(json(chat()), bounded)).toBe('HF_GATEWAY_MALFORMED max_completion_tokens');
  });
});

it('has the paths of its model', () => {
  expect(protocol.operation('POST', '/v1/chat/completions')).toBe('infer');
  expect(protocol.operation('GET', '/v1/models/small')).toBe('metadata');
  expect(protocol.operation('GET', '/v1/models')).toBeUndefined();
  expect(protocol.operation('POST', '/v1/completions')).toBeUndefined();
});

it('passes answers on', () => {
  const answer = json({ id: 'x', choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' } }] });
  expect(protocol.readResponse(answer, limits)).toEqual({ outputs: [] });
  expect(protocol.writeResponse(answer, { outputs: [] })).toBe(answer);
  const stream = {
    body: Buffer.from('data: [DONE]\n\n'),
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
  };
  expect(protocol.readResponse(stream, limits)).toEqual({ outputs: [] });
  expect(refusal(() => protocol.readResponse(json({ error: {} }), limits))).toBe('HF_GATEWAY_UPSTREAM choices');
});
