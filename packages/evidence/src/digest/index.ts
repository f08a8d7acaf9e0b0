export {
  type ArtifactDigest,
  type DigestOptions,
  digestArtifact,
  type FileDigest,
  type FolderDigest,
} from './artifact.ts';
export { type DigestCache, type DigestCacheOptions, openDigestCache } from './cache.ts';
export { dirHash, type FileEntry, rootDigest } from './folder.ts';
export { IGNORED_PATHS, SIGNATURE_NAME } from './ignore.ts';
