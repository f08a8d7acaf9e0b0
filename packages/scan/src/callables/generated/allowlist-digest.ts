// Written by `npm run generate` from the allowlist.
/** SHA-256 of the allowlist that comes with the scanner, in hex. */
export const allowlistDigest = '6bb8a037c202762f22184113c756b7ba09c806243d981053ce8f5ff4b3cc1748';
