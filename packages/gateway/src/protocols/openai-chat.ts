import type { BodyLimits, HttpBody, InferenceRequest, InferenceResponse, Operation, Protocol } from './inference.ts';
import { JsonReader } from './json/json-reader.ts';
import { malformed, ofUpstream, tooLarge } from './malformed.ts';
import { mediaType, requireJson } from './media-type.ts';

export interface OpenaiChatOptions {
  /** What the model server calls the model: the only `model` that may be asked for. */
  readonly served: string;
  /** Tokens that all answers to one request may have. When it is declared, requests have to say how many they want. */
  readonly mostTokens?: number;
}

/**
 * Chat completions (https://platform.openai.com/docs/api-reference/chat/create): what limits take is read, everything else is passed on
 * as it came. `cost` is the number of tokens that are asked for.
 */
export function openaiChat({ served, mostTokens }: OpenaiChatOptions): Protocol {
  return new OpenaiChat(served, mostTokens);
}

class OpenaiChat implements Protocol {
  readonly name = 'openai-chat';
  readonly #served: string;
  readonly #mostTokens: number | undefined;

  constructor(served: string, mostTokens: number | undefined) {
    this.#served = served;
    this.#mostTokens = mostTokens;
  }

  operation(method: string, path: string): Operation | undefined {
    if (method === 'POST') return path === '/v1/chat/completions' ? 'infer' : undefined;
    return method === 'GET' && path === `/v1/models/${this.#served}` ? 'metadata' : undefined;
  }

  readRequest({ body, headers }: HttpBody, limits: BodyLimits): InferenceRequest {
    requireJson(headers);
    const { model, hasMessages, isStreamed, tokens, choices } = readChat(new JsonReader(body, limits));
    if (model !== this.#served) throw malformed('this model is not served here', 'model');
    if (!hasMessages) throw malformed('a request has `messages`', 'messages');
    const cost = tokens === undefined ? undefined : tokens * choices;
    if (this.#mostTokens !== undefined) {
      if (cost === undefined) throw malformed('a request says `max_completion_tokens` here', 'max_completion_tokens');
      if (cost > this.#mostTokens) {
        throw tooLarge(`answers have at most ${this.#mostTokens} tokens here`, 'max_completion_tokens');
      }
    }
    return {
      ...{ inputs: [], rows: 1, isOpaque: true },
      ...(cost === undefined ? {} : { cost }),
      ...(isStreamed ? { isStreamed: true } : {}),
    };
  }

  /** Nothing of an answer is a tensor; one that is not streamed has `choices`. */
  readResponse({ body, headers }: HttpBody, limits: BodyLimits): InferenceResponse {
    if (mediaType(headers) !== 'text/event-stream')
      ofUpstream(() => {
        requireChoices(new JsonReader(body, limits));
      });
    return { outputs: [] };
  }

  writeResponse(http: HttpBody): HttpBody {
    return http;
  }
}

interface Chat {
  model: string | undefined;
  hasMessages: boolean;
  isStreamed: boolean;
  tokens: number | undefined;
  choices: number;
}

function readChat(reader: JsonReader): Chat {
  const chat: Chat = { model: undefined, hasMessages: false, isStreamed: false, tokens: undefined, choices: 1 };
  reader.openObject();
  for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) readMember(reader, key, chat);
  reader.end();
  return chat;
}

function readMember(reader: JsonReader, key: string, chat: Chat): void {
  switch (key) {
    case 'model':
      chat.model = reader.text();
      break;
    case 'messages':
      chat.hasMessages = readMessages(reader) > 0;
      break;
    case 'stream':
      // The reference has it as a boolean or null.
      if (reader.peek() === 0x6e) reader.null();
      else chat.isStreamed = reader.boolean();
      break;
    case 'n':
      chat.choices = count(reader, key) ?? 1;
      break;
    case 'max_tokens':
    case 'max_completion_tokens': {
      const tokens = count(reader, key);
      if (tokens === undefined) break;
      if (chat.tokens !== undefined) throw malformed('a request says once how many tokens it wants', key);
      chat.tokens = tokens;
      break;
    }
    default:
      reader.skip();
  }
}

/** A whole number, at least 1; undefined for `null`, which is as if it were left out. */
function count(reader: JsonReader, key: string): number | undefined {
  if (reader.peek() === 0x6e) {
    reader.null();
    return undefined;
  }
  const value = reader.number();
  if (!reader.isWhole || value < 1 || value > 2 ** 31) throw malformed('a whole number, at least 1, is expected', key);
  return value;
}

function readMessages(reader: JsonReader): number {
  let messages = 0;
  reader.openArray();
  while (reader.nextItem()) {
    let hasRole = false;
    reader.openObject();
    for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
      if (key === 'role') {
        reader.text();
        hasRole = true;
      } else reader.skip();
    }
    if (!hasRole) throw malformed('a message has a `role`', `messages[${messages}]`);
    messages += 1;
  }
  return messages;
}

function requireChoices(reader: JsonReader): void {
  let hasChoices = false;
  reader.openObject();
  for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
    hasChoices ||= key === 'choices' && reader.peek() === 0x5b;
    reader.skip();
  }
  reader.end();
  if (!hasChoices) throw malformed('an answer has `choices`', 'choices');
}
