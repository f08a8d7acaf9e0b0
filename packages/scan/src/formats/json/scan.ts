import { MemorySource, NotUnderstood } from '../../bytes/source.ts';
import type { Inspection } from '../../inspection.ts';
import { readJson } from '../../json/json-reader.ts';
import { reportCode } from '../code/report-code.ts';
import { scanTemplate } from '../jinja/scan.ts';
import { Configuration } from './configuration.ts';

/** Reads JSON strictly and in pieces, and judges the keys that loaders act on. Everything else in it is data. */
export async function scanJson(part: Inspection): Promise<void> {
  const configuration = new Configuration(part);
  const end = readJson(part.source, configuration);
  if (end !== part.source.size) throw new NotUnderstood('something follows the JSON', end);
  for (const { name, text } of configuration.templates) {
    await part.within(name, new MemorySource(new TextEncoder().encode(text)), scanTemplate);
  }
  const top = configuration.topLevel;
  if (isNotebook(top) || /\.ipynb$/i.test(part.name)) reportCode(part, 'a Jupyter notebook');
  const { kerasAt: at } = configuration;
  if (at !== undefined) part.leave('an object of Keras as JSON: it is not understood here', { at });
  part.summary = summaryOf(top, configuration);
  part.scan.progress(part.source.size);
}

/** Notebooks had `worksheets` of cells before version 4, and Jupyter still opens them. */
function isNotebook(top: ReadonlySet<string>): boolean {
  return top.has('nbformat') && (top.has('cells') || top.has('worksheets'));
}

function summaryOf(top: ReadonlySet<string>, { templates, weights }: Configuration): string {
  if (top.has('weight_map')) return `index of ${weights.size} weight ${weights.size === 1 ? 'file' : 'files'}`;
  if (top.has('learner') && top.has('version')) return 'XGBoost model';
  if (isNotebook(top)) return 'Jupyter notebook';
  return templates.length > 0 ? 'JSON, chat template' : 'JSON';
}
