import { base58Checked, rippleAlphabet } from '../checksums/base58.ts';
import { isSegregatedWitness } from '../checksums/bech32.ts';
import { isEthereumAddress } from '../checksums/ethereum.ts';
import type { Check, EntityType } from '../entity-type.ts';
import { type Form, pattern } from '../form.ts';

const base58Form = pattern('base58check', {
  begins: '[13LMDTr][1-9A-HJ-NP-Za-km-z]{24}',
  exact: '(?<![\\p{L}\\p{N}])[13LMDTr][1-9A-HJ-NP-Za-km-z]{24,34}(?![\\p{L}\\p{N}])',
  longest: 35,
});

const bech32Form = pattern('bech32', {
  begins: '(?i:bc|tb|ltc)1[02-9A-Za-z]{4}',
  exact: '(?<![\\p{L}\\p{N}])(?:bc|tb|ltc)1[02-9ac-hj-np-z]{8,87}(?![\\p{L}\\p{N}])',
  longest: 91,
  ignoreCase: true,
});

/** An address in base 58 whose first byte, which says the network, is one of `versions`. */
function hasVersion(versions: readonly number[], alphabet?: string): Check {
  return (text) => {
    const payload = base58Checked(text, alphabet);
    return payload?.length === 21 && versions.includes(payload[0] ?? -1);
  };
}

function address(name: string, title: string, reference: string, forms: readonly Form[], check: Check): EntityType {
  return {
    name,
    title,
    countries: [],
    classes: ['pii', 'financial'],
    hipaa: 'J',
    reference,
    forms,
    checksum: forms.includes(bech32Form) ? 'base58check or bech32' : 'base58check',
    check,
    chance: 1e-9,
    context: { en: ['wallet', 'address', 'bitcoin', 'btc', 'crypto'] },
  };
}

const bitcoinVersion = hasVersion([0, 5, 111, 196]);
const litecoinVersion = hasVersion([48, 50]);

const ethereumContext = { en: ['ethereum', 'eth', 'wallet', 'address', 'erc20'] };

export const cryptoAddresses: readonly EntityType[] = [
  address('crypto-bitcoin', 'Bitcoin address', 'BIP 13, 173, 350', [base58Form, bech32Form], (text) =>
    /^(?:bc|tb)1/i.test(text) ? isSegregatedWitness(text) : bitcoinVersion(text),
  ),
  address(
    'crypto-litecoin',
    'Litecoin address',
    'https://litecoin.org (chainparams)',
    [base58Form, bech32Form],
    (text) => (/^ltc1/i.test(text) ? isSegregatedWitness(text) : litecoinVersion(text)),
  ),
  address(
    'crypto-dogecoin',
    'Dogecoin address',
    'https://dogecoin.com (chainparams)',
    [base58Form],
    hasVersion([30, 22]),
  ),
  address(
    'crypto-tron',
    'TRON address',
    'https://developers.tron.network/docs/account',
    [base58Form],
    hasVersion([0x41]),
  ),
  address(
    'crypto-xrp',
    'XRP Ledger address',
    'https://xrpl.org/base58-encodings.html',
    [base58Form],
    hasVersion([0], rippleAlphabet),
  ),
  {
    name: 'crypto-ethereum',
    title: 'Ethereum address with its checksum',
    countries: [],
    classes: ['pii', 'financial'],
    hipaa: 'J',
    reference: 'EIP-55',
    forms: [
      pattern('0x and 40 of mixed case', {
        begins: '0x[0-9A-Fa-f]{40}',
        exact: '(?<![\\p{L}\\p{N}])0x(?=[0-9a-f]{0,39}[A-F])(?=[0-9A-F]{0,39}[a-f])[0-9A-Fa-f]{40}(?![\\p{L}\\p{N}])',
        longest: 42,
      }),
    ],
    checksum: 'EIP-55',
    check: isEthereumAddress,
    chance: 0.0003,
    context: ethereumContext,
  },
  {
    name: 'crypto-ethereum-unchecked',
    title: 'Ethereum address in one case, which has no checksum',
    countries: [],
    classes: ['pii', 'financial'],
    hipaa: 'J',
    reference: 'EIP-55',
    forms: [
      pattern('0x and 40 of one case', {
        begins: '0x[0-9A-Fa-f]{40}',
        exact: '(?<![\\p{L}\\p{N}])0x(?:[0-9a-f]{40}|[0-9A-F]{40})(?![\\p{L}\\p{N}])',
        longest: 42,
        telling: 'grouped',
      }),
    ],
    chance: 0.05,
    context: ethereumContext,
  },
];
