// Writes the models of packages/onnx/test/written-models.ts as vectors. Usage: node --conditions=source write-onnx.ts
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeModel } from '../../packages/onnx/src/index.ts';
import { logisticRegression, perceptron } from '../../packages/onnx/test/written-models.ts';

const folder = fileURLToPath(new URL('../../spec/vectors/valid/', import.meta.url));
writeFileSync(`${folder}onnx-written-logistic.onnx`, writeModel(logisticRegression()));
writeFileSync(`${folder}onnx-written-perceptron.onnx`, writeModel(perceptron()));
