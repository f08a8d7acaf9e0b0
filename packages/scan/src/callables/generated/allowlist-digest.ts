// Written by `npm run generate` from the allowlist.
/** SHA-256 of the allowlist that comes with the scanner, in hex. */
export const allowlistDigest = 'ace4431821a22b22b77f3a9d59b0ad02070e5d44e04954b945a10e1fbd751325';
