import type { ArtifactReader, Check, Finding, Report } from '@holdfast/evidence/check';
import { describeModel, OnnxError, readModel } from '@holdfast/onnx';
import { modelFormat } from './model-format.ts';

const maximumBytes = 2 * 1024 ** 3;

/** The check behind `model.format`. Files that are not ONNX are named as left out, so that they do not pass unseen. */
export const modelFormatCheck: Check = {
  async run(artifact) {
    const models = artifact.files.filter(({ name }) => name.endsWith('.onnx'));
    if (models.length === 0)
      return reportOf(artifact, 0, [finding('no-model', 'there is no ONNX file', artifact.name)]);
    const findings: Finding[] = [];
    const external = new Set<string>();
    let parameters = 0;
    let operators = 0;
    for (const { name } of models) {
      const examined = await examine(artifact, name);
      findings.push(...examined.findings);
      parameters += examined.parameters;
      operators += examined.operators;
      for (const file of examined.external) external.add(file);
    }
    const known = (name: string): boolean => name.endsWith('.onnx') || external.has(name) || isCard(name);
    const left = artifact.files.filter(({ name }) => !known(name)).map(({ name }) => `\`${name}\` is not an ONNX file`);
    return {
      ...reportOf(artifact, artifact.files.length - left.length, findings, left),
      metrics: { parameters, operators, models: models.length },
    };
  },
};

/** A model card is text that no runtime loads. */
const isCard = (name: string): boolean => /(^|\/)(card|config|metadata)\.json$|\.(md|txt)$/i.test(name);

async function examine(artifact: ArtifactReader, name: string) {
  try {
    const model = describeModel(readModel(await artifact.read(name, maximumBytes)));
    const folder = name.includes('/') ? `${name.slice(0, name.lastIndexOf('/'))}/` : '';
    const external = model.externalFiles.map((file) => `${folder}${file}`);
    const missing = external.filter((file) => !artifact.files.some((present) => present.name === file));
    const findings = [
      ...model.customDomains.map((domain) => finding('custom-operator', `operators of the domain \`${domain}\``, name)),
      ...missing.map((file) => finding('external-data', `weights are expected in \`${file}\``, name)),
    ];
    const operators = Object.values(model.operators).reduce((sum, count) => sum + count, 0);
    return { findings, external, parameters: model.parameters, operators };
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
    return {
      findings: [finding('malformed', `${error.code}: ${error.message}`, name)],
      external: [],
      parameters: 0,
      operators: 0,
    };
  }
}

function finding(rule: string, message: string, where: string): Finding {
  const described = modelFormat.rules.find(({ id }) => id === `model.format.${rule}`);
  if (described === undefined) throw new TypeError(`model.format has no rule ${rule}`);
  return { rule: described.id, severity: described.severity, message, where, fix: described.fix };
}

function reportOf(
  artifact: ArtifactReader,
  examined: number,
  findings: readonly Finding[],
  left: readonly string[] = [],
): Report {
  return {
    verdict: findings.length > 0 ? 'fail' : left.length > 0 ? 'unknown' : 'pass',
    origin: 'measured',
    metrics: {},
    findings,
    coverage: { examined, total: artifact.files.length, left },
  };
}
