// Written by `npm run generate` from the allowlist.
/** SHA-256 of the allowlist that comes with the scanner, in hex. */
export const allowlistDigest = 'be213e9c98a412fb287d89364527b2b4f9b41ae01ed6cb194662a5c9e359ab99';
