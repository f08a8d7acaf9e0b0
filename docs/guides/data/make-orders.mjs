// Makes the two tables of docs/guides/data.md, of orders that nobody placed: node make-orders.mjs
import { writeFileSync } from 'node:fs';

let state = 20260301;
/** Park and Miller (1988): 0 to 1, always the same. */
const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
const pick = (weighted) => {
  let left = random();
  return (Object.entries(weighted).find(([, share]) => (left -= share) < 0) ?? Object.entries(weighted)[0])[0];
};

function orders(first, count, day, { amount, paid }) {
  const lines = Array.from({ length: count }, (_, at) => {
    const placed = new Date(Date.UTC(2026, 2, day + Math.floor((at * 28) / count))).toISOString().slice(0, 10);
    const city = pick({ Lund: 0.5, Aarhus: 0.3, Turku: 0.2 });
    const items = 1 + Math.floor(-2.2 * Math.log(random()));
    const total = (items * amount * Math.exp(0.35 * normal())).toFixed(2);
    const weight = random() < 0.03 ? '' : (0.4 + items * (0.6 + 0.1 * normal())).toFixed(2);
    return `A${first + at},${placed},${city},${items},${weight},${total},${pick(paid)}`;
  });
  return `${['order,placed,city,items,weight,total,paid', ...lines].join('\n')}\n`;
}

const march = { amount: 14, paid: { card: 0.7, invoice: 0.25, cash: 0.05 } };
const april = { amount: 19, paid: { card: 0.5, invoice: 0.45, cash: 0.05 } };
const here = new URL('.', import.meta.url);
writeFileSync(new URL('orders.csv', here), orders(1001, 500, 1, march));
writeFileSync(new URL('orders-april.csv', here), orders(1501, 500, 32, april));
