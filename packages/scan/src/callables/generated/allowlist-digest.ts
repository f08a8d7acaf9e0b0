// Written by `npm run generate` from the allowlist.
/** SHA-256 of the allowlist that comes with the scanner, in hex. */
export const allowlistDigest = '52ea7b0a9f32b6b28b178afa969e4bb736ba6454ffdca53dda42e26fe54b41bd';
