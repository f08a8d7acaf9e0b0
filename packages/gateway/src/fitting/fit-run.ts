import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ArtifactReader, Operation, OperationContext, Report } from '@holdfast/evidence/check';
import { artifactId } from '@holdfast/evidence/statement';
import { openSession } from '@holdfast/inference';
import { writeDurably } from '@holdfast/ledger/durable-file';
import { type Graph, readModel } from '@holdfast/onnx';
import { GatewayError } from '../errors.ts';
import { onnxFileAt } from '../protection/schema/onnx-file.ts';
import { schemaOf } from '../protection/schema/schema-of.ts';
import { fitProtections } from './fit-protections.ts';
import type { FittedProtections } from './fitted-protections.ts';
import { modelAnswers } from './model-answers.ts';
import { type FitOptions, readFitOptions } from './options.ts';
import { fittedText } from './read-fitted.ts';
import { trainingRows } from './training-rows.ts';

/** The operation behind `fitOperation`. */
export const fitRun: Operation = {
  async run(artifact, { output = '' }, given, context) {
    const options = optionsOf(given);
    if (existsSync(output) && !context.isForced) throw wrong(`\`${output}\` is there already`);
    const fitted = await fit(artifact, options, context);
    await writeDurably(output, fittedText(fitted.protections));
    context.progress(1);
    return reportOf(fitted);
  },
};

interface Fitted {
  readonly protections: FittedProtections;
  readonly rows: number;
}

async function fit(data: ArtifactReader, options: FitOptions, context: OperationContext): Promise<Fitted> {
  const model = context.inputs['model'];
  if (model === undefined) throw wrong(`there is no model \`${options.model}\``);
  const bytes = await modelBytes(model);
  const { graph } = readModel(bytes);
  const schema = schemaOf(graph);
  const { rows, columns, sources, values } = await trainingRows(data.path, schema, options.leave);
  context.progress(0.1);
  const output = { name: options.scores ?? onlyOutput(graph), holds: options.holds };
  const session = await openSession(bytes, { threads: 1, folder: folderOf(model) });
  const answers = await modelAnswers(session, schema, { columns, rows }, output).finally(async () => session.release());
  context.progress(0.3);
  const { falseAlarms, seed } = options;
  const protections = fitProtections({
    ...{ model: artifactId({ ...model.digest }), sources, output, seed },
    rows: { rows, columns: sources.length, values, ...answers },
    ...(falseAlarms === undefined ? {} : { falseAlarms }),
  });
  return { protections, rows };
}

const largestModel = 2 ** 31 - 1;

/** The ONNX file of the model, as it was digested. */
async function modelBytes(model: ArtifactReader): Promise<Uint8Array> {
  const path = await onnxFileAt(model.path);
  const file = model.files.find(({ name }) => path?.endsWith(name) === true);
  if (file === undefined) throw wrong(`\`${model.name}\` is no ONNX model`);
  return model.read(file.name, largestModel);
}

const folderOf = ({ path, files }: ArtifactReader): string =>
  files.length === 1 && path.endsWith(files[0]?.name ?? '\0') ? dirname(path) : path;

function onlyOutput({ outputs }: Graph): string {
  const [only, ...more] = outputs;
  if (only !== undefined && more.length === 0) return only.name;
  throw wrong('the model has several outputs: say with `scores` which one holds the scores');
}

function optionsOf(given: unknown): FitOptions {
  const options = readFitOptions(given);
  if (typeof options === 'string') throw wrong(options);
  return options;
}

const noEvasion = 'evasion: ordinary rows are so much alike that variations cannot be told from them';

function reportOf({ protections, rows }: Fitted): Report {
  const { sources, anomaly } = protections;
  return {
    ...{ verdict: 'pass', origin: 'measured', findings: [] },
    metrics: { rows, features: sources.length, false_alarms: anomaly.calibration.falseAlarms },
    coverage: { examined: rows, total: rows, left: protections.evasion === undefined ? [noEvasion] : [] },
  };
}

const wrong = (message: string): GatewayError => new GatewayError('HF_GATEWAY_CONFIGURATION', message);
