import { classifierLimits as limits } from './limits.ts';
import type { JsonValue } from './read-json.ts';

/** The ids of the special tokens around one text. */
export interface SpecialTokens {
  readonly before: readonly number[];
  readonly behind: readonly number[];
  /** Where spaces at the edges of a token are none of its place: whether one is put before each text. */
  readonly trims: { readonly isAdded: boolean } | undefined;
}

const none: SpecialTokens = { before: [], behind: [], trims: undefined };
const mostAround = 16;

/**
 * Reads a `post_processor` for single texts.
 * @throws InferenceError HF_INFERENCE_TOKENIZER
 */
export function readSpecialTokens(given: JsonValue): SpecialTokens {
  if (!given.isThere) return none;
  const type = given.get('type').text(100);
  switch (type) {
    case 'TemplateProcessing':
      return templateOf(given);
    case 'BertProcessing':
      return { before: [idOf(given.get('cls'))], behind: [idOf(given.get('sep'))], trims: undefined };
    case 'RobertaProcessing':
      return { before: [idOf(given.get('cls'))], behind: [idOf(given.get('sep'))], trims: trimsOf(given) };
    case 'ByteLevel':
      return { ...none, trims: trimsOf(given) };
    case 'Sequence':
      return given.get('processors').items(8).map(readSpecialTokens).reduce(together, none);
    default:
      return given.get('type').refuse(`is \`${type}\`, which is not understood`);
  }
}

function together(inner: SpecialTokens, outer: SpecialTokens): SpecialTokens {
  return {
    before: [...outer.before, ...inner.before],
    behind: [...inner.behind, ...outer.behind],
    trims: outer.trims ?? inner.trims,
  };
}

function trimsOf(given: JsonValue): SpecialTokens['trims'] {
  return given.get('trim_offsets').flag(true) ? { isAdded: given.get('add_prefix_space').flag(true) } : undefined;
}

/** `["[CLS]", 101]` */
function idOf(given: JsonValue): number {
  const [, id] = given.items(2);
  return id?.count(limits.pieces) ?? given.refuse('is no token with its id');
}

function templateOf(given: JsonValue): SpecialTokens {
  const parts = given.get('single').items(mostAround);
  const at = parts.findIndex((each) => each.get('Sequence').isThere);
  if (at === -1 || parts.some((each, index) => index !== at && each.get('Sequence').isThere)) {
    given.get('single').refuse('does not hold the text once');
  }
  const ids = (each: JsonValue): number[] => {
    const name = each.get('SpecialToken').get('id').text(limits.pieceLength);
    const known = given.get('special_tokens').get(name).get('ids').items(mostAround);
    return known.map((id) => id.count(limits.pieces));
  };
  return { before: parts.slice(0, at).flatMap(ids), behind: parts.slice(at + 1).flatMap(ids), trims: undefined };
}
