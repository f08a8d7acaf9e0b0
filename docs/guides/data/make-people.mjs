// Writes people.csv: 200 people who do not exist. Numbers pass their checks and are nobody's but by chance.
//   node docs/guides/data/make-people.mjs > docs/guides/data/people.csv
let state = 20261128;
const draw = (count) => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return Math.floor((state / 2 ** 32) * count);
};
const one = (list) => list[draw(list.length)];
const digits = (count) => Array.from({ length: count }, () => draw(10)).join('');
const two = (number) => String(number).padStart(2, '0');

const given = ['Ada', 'Anna', 'Carlos', 'Emma', 'Hans', 'Lucia', 'Marek', 'Olga', 'Peter', 'Sofia', 'Thomas', 'Zofia'];
const family = [
  'Albers',
  'Bergman',
  'Castel',
  'Dorn',
  'Eklund',
  'Farkas',
  'Grabner',
  'Holm',
  'Ivers',
  'Janda',
  'Keller',
];

/** Luhn's digit, ISO/IEC 7812-1. */
const card = () => {
  const body = `4${digits(14)}`;
  const sum = [...body].reduce((total, sign, place) => {
    const digit = Number(sign) * (place % 2 === 0 ? 2 : 1);
    return total + (digit > 9 ? digit - 9 : digit);
  }, 0);
  return body + String((10 - (sum % 10)) % 10);
};
/** Check digits of a German IBAN, ISO 13616. */
const iban = () => {
  const account = digits(18);
  return `DE${two(98n - (BigInt(`${account}131400`) % 97n))}${account}`;
};

const names = 'customer,name,contact,born,account,c1,c2,c3,c4,religion,details,limit';
const rows = Array.from({ length: 200 }, (_, at) => {
  const [first, last] = [one(given), one(family)];
  const mail = `${first}.${last}${at}@mail.example`.toLowerCase();
  const born = `${1940 + draw(65)}-${two(1 + draw(12))}-${two(1 + draw(28))}`;
  const number = card();
  const details = `"{""ip"": ""198.51.100.${draw(250)}"", ""visits"": ${draw(40)}}"`;
  const parts = [0, 4, 8, 12].map((from) => number.slice(from, from + 4));
  const faith = one(['catholic', 'protestant', 'muslim', 'none']);
  return [1000 + at, `${first} ${last}`, mail, born, iban(), ...parts, faith, details, 500 * draw(20)].join(',');
});
console.log([names, ...rows].join('\n'));
