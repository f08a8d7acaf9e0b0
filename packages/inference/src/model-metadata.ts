import { fieldsOf } from './external-locations.ts';
import { ModelBytes } from './model-bytes.ts';

/** `metadata_props` of ModelProto, in onnx.proto. */
const metadataProps = 14;
const mostEntries = 1000;
const longestText = 4096;

/**
 * What a model says about itself: its `metadata_props`, such as `Image.NominalPixelRange`
 * (https://github.com/onnx/onnx/blob/main/docs/MetadataProps.md), with keys in lower case, since they are the same in either. Of a key
 * that is given twice nothing is said; texts longer than 4,096 bytes are left out.
 *
 * @param model the bytes of an ONNX file
 * @throws InferenceError HF_INFERENCE_MODEL if it is not well-formed
 */
export function modelMetadata(model: Uint8Array): ReadonlyMap<string, string> {
  const bytes = ModelBytes.inMemory(model);
  const found = new Map<string, string>();
  const twice = new Set<string>();
  let entries = 0;
  for (const field of fieldsOf(bytes, 0, bytes.size)) {
    if (field.number !== metadataProps || (entries += 1) > mostEntries) continue;
    const [key, value] = [1, 2].map((number) => {
      const [text] = [...fieldsOf(bytes, field.start, field.end)].filter((each) => each.number === number);
      if (text === undefined || text.end - text.start > longestText) return undefined;
      return new TextDecoder().decode(bytes.range(text.start, text.end));
    });
    if (key === undefined || value === undefined) continue;
    const name = key.toLowerCase();
    if (found.has(name)) twice.add(name);
    found.set(name, value);
  }
  for (const name of twice) found.delete(name);
  return found;
}
