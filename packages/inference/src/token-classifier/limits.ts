/** What is refused beyond it, so that no folder and no text takes the memory or the time of whoever looks at it. */
export const classifierLimits = {
  /** Bytes; a file of protobuf has 2 GiB at most. */
  modelBytes: 2 ** 31 - 1,
  /** Bytes: the tokenizer of XLM-RoBERTa with its 250,002 pieces has 17 MB. */
  tokenizerBytes: 2 ** 26,
  /** Bytes. */
  configBytes: 2 ** 20,
  pieces: 1_000_000,
  /** UTF-16 units of a piece of the vocabulary, or of a token that was added. */
  pieceLength: 512,
  /** UTF-16 units of a piece of Unigram: each place of a text is looked at so many times. SentencePiece makes 16 unless told. */
  unigramLength: 64,
  addedTokens: 20_000,
  labels: 1000,
  labelLength: 200,
  /** Tokens of a window, special ones among them: attention takes memory by the square of it. */
  window: 512,
  texts: 100_000,
  /** UTF-16 units of a text. */
  textLength: 2 ** 20,
  /** UTF-16 units of all texts of one call. */
  allTexts: 2 ** 24,
  batch: 256,
} as const;
