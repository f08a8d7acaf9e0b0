import type { ArtifactReader, Check } from '@holdfast/evidence/check';
import { PipelineError } from '../errors.ts';
import type { DescribedSource } from './described-source.ts';
import { requireSigned } from './signed-bytes.ts';
import { type SourceFacts, sourceReport } from './source-report.ts';

export const sourceCheckRun: Check = {
  async run(artifact, options) {
    const { allow, source } = optionsOf(options);
    const sha256 = artifact.digest['sha256'] ?? '';
    const bytes = artifact.files.reduce((sum, { size }) => sum + size, 0);
    if (source === undefined) {
      const left = [`\`${artifact.name}\` names no source: \`artifacts: { ${artifact.name}: { source: NAME } }\``];
      const coverage = { examined: 0, total: 1, left };
      return { verdict: 'unknown', origin: 'measured', metrics: { bytes }, findings: [], coverage };
    }
    const signature = await signatureOf(artifact, source);
    return sourceReport({ source, sha256, bytes, ...allow, ...signature, isFetched: false });
  },
};

async function signatureOf(artifact: ArtifactReader, source: DescribedSource): Promise<Pick<SourceFacts, 'signature'>> {
  const { signer, keys = [], name } = source;
  if (signer === undefined) return {};
  try {
    await requireSigned(artifact.path, `${artifact.path}.sig`, { signer, keys, name });
    return { signature: 'valid' };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { signature: error.code === 'HF_SOURCE_SIGNER' ? 'unknown' : 'invalid' };
  }
}

/** Licences that may be used, as the options have them. @throws PipelineError HF_CHECK_OPTIONS */
export function allowedLicences(options: Readonly<Record<string, unknown>>): Pick<SourceFacts, 'allow'> {
  const { allow } = options;
  if (allow === undefined) return {};
  if (Array.isArray(allow) && allow.every((one) => typeof one === 'string')) return { allow };
  throw new PipelineError('HF_CHECK_OPTIONS', 'the option `allow` of `data.source` is no list of licences');
}

function optionsOf(options: unknown): { allow: Pick<SourceFacts, 'allow'>; source: DescribedSource | undefined } {
  const given = options as Readonly<Record<string, unknown>> & { readonly source?: DescribedSource };
  return { allow: allowedLicences(given), source: given.source };
}
