import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * An address of Ethereum, `0x` and 40 hexadecimal digits, whose capital letters are its checksum (EIP-55). Of one case only it
 * has none, and is not found by it.
 */
export function isEthereumAddress(text: string): boolean {
  const digits = text.slice(2);
  const lower = digits.toLowerCase();
  const hash = bytesToHex(keccak_256(utf8ToBytes(lower)));
  for (let index = 0; index < 40; index++) {
    const isCapital = hash.charCodeAt(index) > 55; // above '7'
    const sign = lower.charAt(index);
    if (digits.charAt(index) !== (isCapital ? sign.toUpperCase() : sign)) return false;
  }
  return true;
}
