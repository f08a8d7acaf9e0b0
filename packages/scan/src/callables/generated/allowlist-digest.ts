// Written by `npm run generate` from the allowlist.
/** SHA-256 of the allowlist that comes with the scanner, in hex. */
export const allowlistDigest = 'd35d2a15d27cdba5cb8b5daf9753da5edeb782ae922513e16b10aa5064d868ff';
