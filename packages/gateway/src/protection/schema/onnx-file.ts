import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Graph, readModel } from '@holdfast/onnx';
import { GatewayError } from '../../errors.ts';

/** A model file that is larger is not read for its signature. */
const largestModel = 2 ** 31 - 1;

/**
 * The file of a model that is an ONNX file, or a folder with one; undefined for a model of another kind.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION where it is not certain which file is the model
 */
export async function onnxFileAt(path: string): Promise<string | undefined> {
  const isFolder = (await stat(path)).isDirectory();
  const files = (isFolder ? (await readdir(path)).map((name) => join(path, name)) : [path]).filter(isOnnx);
  if (files.length > 1) throw unread('the model has several ONNX files');
  return files[0];
}

/**
 * The graph of a model, where {@link onnxFileAt} finds one.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION, where the file is too large to be read, too; OnnxError
 */
export async function graphAt(path: string): Promise<Graph | undefined> {
  const file = await onnxFileAt(path);
  if (file === undefined) return undefined;
  if ((await stat(file)).size > largestModel) throw unread('the ONNX file of the model is too large to be read');
  return readModel(await readFile(file)).graph;
}

const isOnnx = (name: string): boolean => name.toLowerCase().endsWith('.onnx');

const unread = (why: string): GatewayError =>
  new GatewayError('HF_GATEWAY_CONFIGURATION', `${why}: \`protections: { schema: off }\` serves it without its schema`);
