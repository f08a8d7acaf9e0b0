export {
  createModelManifest,
  type ModelManifest,
  type ModelResource,
  type ModelSerialization,
  type ModelSignaturePredicate,
  modelSignaturePredicate,
  modelSigningStatement,
} from './manifest.ts';
export { modelSignature, type SignedModel, type SignModelOptions, signModel } from './sign.ts';
export { openModelSignature, type VerifiedModel, type VerifyModelOptions, verifyModel } from './verify.ts';
