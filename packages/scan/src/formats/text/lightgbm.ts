import { NotUnderstood, piecesOf } from '../../bytes/source.ts';
import type { Inspection } from '../../inspection.ts';

/** `key=value`, a parameter `[key: value]`, a list of categories, or one of the words that part the sections. */
const line =
  /^(?:|tree|end of trees|feature_importances:|parameters:|end of parameters|average_output|(?:Tree|[a-zA-Z_]\w*)=.*|\[\w+: [^\]]*\]|.{1,300}=\d+|pandas_categorical:(?:null|\[.*\]))$/;
const lineBytes = 2 ** 23;

/** A model that LightGBM wrote as text (`Booster.save_model`): numbers by name, line by line. */
export function scanLightGbm(part: Inspection): void {
  let [rest, trees, at, done] = ['', 0, 0, false];
  for (const piece of piecesOf(part.source)) {
    const lines = (rest + Buffer.from(piece).toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > lineBytes) throw new NotUnderstood('a line that is too long', at);
    for (const each of lines) {
      if (!line.test(each.replace(/\r$/, ''))) throw new NotUnderstood('a line that no LightGBM model has', at);
      if (each.startsWith('Tree=')) trees += 1;
      done ||= each.startsWith('end of trees');
      at += each.length + 1;
    }
  }
  if (!line.test(rest)) throw new NotUnderstood('a line that no LightGBM model has', at);
  if (!done) throw new NotUnderstood('a LightGBM model that is cut short', at);
  part.summary = `LightGBM model, ${trees} ${trees === 1 ? 'tree' : 'trees'}`;
}
