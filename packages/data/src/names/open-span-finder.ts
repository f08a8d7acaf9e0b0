import type { ArtifactReader } from '@holdfast/evidence/check';
import { type LabelledSpan, openTokenClassifier } from '@holdfast/inference';
import type { Span, SpanFinder } from './span-finder.ts';
import { wordOfLabel } from './span-labels.ts';

/** Spans below it are left out: what the model itself takes for less likely than not. */
const threshold = 0.5;

/**
 * Opens a token classifier that was exported as ONNX (`model.onnx` or `onnx/model.onnx`, `tokenizer.json`, `config.json`), and gives its
 * labels the words of {@link Span}. Words are never cut: each is what its first piece is.
 * @param artifact a folder; its digest is what the results hold for
 * @throws InferenceError HF_INFERENCE_CLASSIFIER, HF_INFERENCE_TOKENIZER, HF_INFERENCE_MODEL, HF_INFERENCE_RUNTIME;
 * EvidenceError HF_DIGEST_CHANGED
 */
export async function openSpanFinder(artifact: ArtifactReader): Promise<SpanFinder> {
  const classifier = await openTokenClassifier(
    { names: artifact.files.map(({ name }) => name), read: async (name, limit) => artifact.read(name, limit) },
    { aggregation: 'first', threshold },
  );
  // The one of the two digests of a folder that commits to the names in it.
  const sha256 = artifact.digest['dirHash'] ?? artifact.digest['sha256'] ?? '';
  return {
    model: { name: artifact.name, sha256 },
    async find(texts) {
      const found = await classifier.find(texts);
      return found.map((spans, index) =>
        spans.map((span) => spanOf(texts[index] ?? '', span)).filter(({ start, end }) => end > start),
      );
    },
    close: async () => classifier.release(),
  };
}

/** White space at the edges is of no span: SentencePiece counts the space before a word as one with it. */
function spanOf(text: string, { label, start, end, score }: LabelledSpan): Span {
  const within = text.slice(start, end);
  const from = start + within.length - within.trimStart().length;
  return { label: wordOfLabel(label), start: from, end: from + within.trim().length, score };
}
