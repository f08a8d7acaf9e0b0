import {
  describeModel,
  type Model,
  type ModelDescription,
  OnnxError,
  type OnnxErrorCode,
  readOutline,
} from '@holdfast/onnx';
import { NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import type { ScanRule } from '../../verdict.ts';
import { reportExternalData } from './external-data.ts';
import { operatorNames } from './generated/operators.ts';
import { onnxRules } from './rules.ts';

/** What fits into the memory of a scan: an outline, and what is built from it. */
const limits = { outlineBytes: 2 ** 25, messages: 400_000, nodes: 100_000, tensors: 100_000, entries: 2 ** 20 };

/** What the reader of ONNX refuses, and what that means for the file; everything else is not understood. */
const refusals: Partial<Readonly<Record<OnnxErrorCode, ScanRule>>> = {
  HF_ONNX_EXTERNAL_PATH: onnxRules.externalPath,
  HF_ONNX_TENSOR_SIZE: onnxRules.size,
  HF_ONNX_DUPLICATE_NAME: onnxRules.ambiguous,
};

/** Reads the graph and all that is in it; of raw weights only how many bytes they are. */
export function scanOnnx(part: Inspection): void {
  const model = modelOf(part);
  if (model === undefined) return;
  const description = describeModel(model);
  reportOperators(part, model, description);
  reportExternalData(part, model);
  if (description.hasTrainingInfo) part.leave('graphs for training come along, which were not looked at');
  const nodes = Object.values(description.operators).reduce((sum, count) => sum + count, 0);
  part.summary = `${nodes} operators, ${description.parameters} parameters`;
  part.scan.progress(part.source.size);
}

function modelOf(part: Inspection): Model | undefined {
  try {
    return readOutline(part.source, limits);
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    const rule = refusals[error.code];
    if (rule === undefined) throw new NotUnderstood(`${error.message} (${error.where ?? error.code})`);
    part.report(rule, { message: error.message, ...(error.where === undefined ? {} : { within: error.where }) });
    return undefined;
  }
}

const known: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(operatorNames).map(([domain, names]) => [domain, new Set(names.trim().split(/\s+/))]),
);

/** Operators that are neither known nor functions of the model itself, each once. */
function reportOperators(part: Inspection, model: Model, { operators }: ModelDescription): void {
  const own = new Set(model.functions.map(({ domain, name }) => operatorId(domain, name)));
  for (const id of Object.keys(operators)) {
    const [domain, name] = id.includes('::')
      ? [id.slice(0, id.lastIndexOf('::')), id.slice(id.lastIndexOf('::') + 2)]
      : ['', id];
    const allowed = part.scan.allow.callables.has(`${domain}.${name}`);
    if (known.get(domain)?.has(name) === true || own.has(operatorId(domain, name)) || allowed) continue;
    part.report(onnxRules.operator, {
      message: `the operator ${shown(name)} of the domain ${shown(domain === '' ? 'ai.onnx' : domain)} is not known`,
      reaches: `${domain}.${name}`,
      when: 'when the model runs, if a library with this operator is registered',
    });
  }
}

const operatorId = (domain: string, name: string): string => JSON.stringify([domain, name]);
