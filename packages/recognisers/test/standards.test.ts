import { expect, it } from 'vitest';
import { isSegregatedWitness } from '../src/checksums/bech32.ts';
import { isEthereumAddress } from '../src/checksums/ethereum.ts';
import { isVerhoeff } from '../src/checksums/verhoeff.ts';
import { isVin } from '../src/entities/devices.ts';
import { isNpi } from '../src/entities/north-america.ts';
import { isNric } from '../src/entities/south-east-asia.ts';
import { found } from './found.ts';

it('reads the machine-readable zones of ICAO 9303, parts 4 and 5', () => {
  const passport = 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10';
  expect(found(passport)).toEqual([`passport-mrz: ${passport}`]);
  expect(found(passport.replace('7408122', '7408123'))).toEqual([]);
  expect(found(passport.slice(-44))).toEqual([`passport-mrz: ${passport.slice(-44)}`]);
  const card = 'I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6';
  expect(found(`${card}\nERIKSSON<<ANNA<MARIA<<<<<<<<<<`)).toEqual([`identity-card-mrz: ${card}`]);
  expect(found(card.replace('1204159', '1204158'))).toEqual([]);
});

// BIP 173 and BIP 350, test vectors.
it.each([
  ['BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4', true],
  ['bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y', true],
  ['bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0', true],
  ['bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd', false], // bech32 instead of bech32m
  ['BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL', false],
  ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh', false],
  ['bc1pw5dgrnzv', false],
])('segregated witness: %s is %s', (address, verdict) => {
  expect(isSegregatedWitness(address)).toBe(verdict);
});

// EIP-55, test cases; the last with a letter of the other case.
it.each([
  ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', true],
  ['0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359', true],
  ['0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB', true],
  ['0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb', true],
  ['0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDB', false],
])('Ethereum: %s is %s', (address, verdict) => {
  expect(isEthereumAddress(address)).toBe(verdict);
});

it('checks what no peer has as its issuers publish it', () => {
  expect(isNpi('1234567893')).toBe(true); // CMS, "Requirements for NPI and NPI check digit"
  expect(isNpi('1234567894')).toBe(false);
  expect(isVin('1M8GDM9AXKP042788')).toBe(true); // the example of 49 CFR 565
  expect(isVin('1M8GDM9A1KP042788')).toBe(false);
  expect(isNric('S0000001I')).toBe(true);
  expect(isNric('S0000001A')).toBe(false);
  expect(isVerhoeff('2363')).toBe(true); // 236 has the check digit 3
  expect(isVerhoeff('2364')).toBe(false);
  expect(found('card 4111 1111 1111 1111, card 3782 822463 10005, card 4111 1111 1111 1112')).toEqual([
    'credit-card: 4111 1111 1111 1111',
    'credit-card: 3782 822463 10005',
  ]);
});

it('takes the letters that Brazilian companies have since 2026', () => {
  expect(found('12.ABC.345/01DE-35')).toEqual(['br-cnpj: 12.ABC.345/01DE-35']); // the example of the Receita Federal
  expect(found('12.ABC.345/01DE-36')).toEqual([]);
});
