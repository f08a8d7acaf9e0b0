// Written by `npm run generate` from the allowlist.
/** SHA-256 of the allowlist that comes with the scanner, in hex. */
export const allowlistDigest = 'd85b77f01bcdd18023e3a9f7845f6404864e3a9a4991fb412c65edc9a6068818';
