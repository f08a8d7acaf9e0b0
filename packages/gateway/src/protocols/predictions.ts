import type { PlacedValues } from './inferred/inferred-tensor.ts';
import { NamedValues } from './inferred/named-values.ts';
import type { JsonReader } from './json/json-reader.ts';
import { malformed } from './malformed.ts';

/** Reads `{"predictions": …}`, rows of values or of objects, as MLflow and SageMaker's containers answer; `null` is a missing number. */
export function readPredictions(reader: JsonReader, output: string): readonly PlacedValues[] {
  const values = new NamedValues(reader, { unnamed: output, takesNull: true, keepsPlaces: true });
  let placed: readonly PlacedValues[] | undefined;
  reader.openObject();
  for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
    if (key !== 'predictions') reader.skip();
    else placed = reader.peek() === 0x5b ? values.rows(key) : values.columns(key);
  }
  reader.end();
  if (placed === undefined) throw malformed('an answer has `predictions`', 'body');
  return placed;
}
