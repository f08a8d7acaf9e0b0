import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '../errors.ts';

/**
 * The ONNX file of a model: itself, or the only one of its folder.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION where there is none, or it is not certain which
 */
export async function onnxFile(path: string): Promise<string> {
  const isFolder = (await stat(path)).isDirectory();
  const files = isFolder ? (await readdir(path)).map((name) => join(path, name)) : [path];
  const [file, ...more] = files.filter((name) => name.toLowerCase().endsWith('.onnx'));
  if (file !== undefined && more.length === 0) return file;
  throw new GatewayError(
    'HF_GATEWAY_CONFIGURATION',
    '`challenge` compares with an ONNX file, and the model has none, or several',
  );
}
