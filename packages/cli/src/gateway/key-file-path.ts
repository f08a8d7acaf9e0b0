import { join } from 'node:path';
import { GatewayError } from '@holdfast/gateway';
import { openProject } from '@holdfast/pipeline/project';

/** The file of keys that holdfast.yaml names. @throws GatewayError HF_GATEWAY_CONFIGURATION */
export async function keyFilePath(folder: string): Promise<string> {
  const { config, folder: root } = await openProject(folder);
  const keys = config.gateway?.callers?.keys;
  if (keys !== undefined) return join(root, keys);
  throw new GatewayError('HF_GATEWAY_CONFIGURATION', 'holdfast.yaml names no file of keys: `gateway.callers.keys`');
}
