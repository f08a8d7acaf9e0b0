/**
 * Runs in the browser, as it stands here. What comes from the gateway goes into text nodes only, never into markup. The secret behind `#` is
 * taken off the address at once; a session is kept for as long as the tab is open.
 */
export const pageScript = `'use strict';
const byId = (id) => document.getElementById(id);
let session = sessionStorage.getItem('session');
let isPaused = false;

function element(name, text, kind) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (kind !== undefined) made.className = kind;
  return made;
}
const timeOf = (time) => new Date(time).toLocaleTimeString();
const milliseconds = (seconds) => seconds === null ? '–' : (seconds * 1000).toPrecision(3) + ' ms';

function fill(table, names, rows, none) {
  if (rows.length === 0) { table.replaceChildren(element('caption', none, 'soft')); return; }
  const head = element('tr');
  for (const name of names) { const cell = element('th', name); cell.scope = 'col'; head.append(cell); }
  table.replaceChildren(head, ...rows.map((row) => {
    const line = element('tr');
    for (const value of row) line.append(value instanceof Node ? cellOf(value) : element('td', String(value)));
    return line;
  }));
}
function cellOf(node) { const cell = element('td'); cell.append(node); return cell; }

function draw(recent) {
  const most = Math.max(1, ...recent.map(({ answered, refused }) => Math.max(answered, refused)));
  byId('most').textContent = 'highest: ' + most;
  const line = (kind) => {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'polyline');
    path.setAttribute('class', kind);
    path.setAttribute('vector-effect', 'non-scaling-stroke');
    path.setAttribute('points', recent.map((second, at) => (at * 600 / (recent.length - 1)).toFixed(1) + ',' + (97 - 92 * second[kind] / most).toFixed(1)).join(' '));
    return path;
  };
  byId('chart').replaceChildren(line('answered'), line('refused'));
  const sum = (kind) => recent.reduce((total, second) => total + second[kind], 0);
  byId('chart').setAttribute('aria-label', sum('answered') + ' answered and ' + sum('refused') + ' refused in two minutes');
}

function number(name, value, kind) {
  const box = element('div', undefined, 'number');
  box.append(element('b', value, kind), element('span', name, 'soft'));
  return box;
}

function routeOf(route) {
  const part = element('section');
  const refused = Object.values(route.codes).reduce((sum, count) => sum + count, 0);
  const all = Object.values(route.statuses).reduce((sum, count) => sum + count, 0);
  const numbers = element('div', undefined, 'numbers');
  numbers.append(number('answered', String(all - refused)), number('refused', String(refused), refused > 0 ? 'bad' : undefined),
    number('half are faster than', milliseconds(route.median)), number('99 of 100 are', milliseconds(route.slowest)));
  if (route.scores !== null) {
    numbers.append(number('distance of scores', route.scores.distance.toFixed(3)));
    if (route.scores.expectedAccuracy !== undefined) numbers.append(number('expected accuracy', route.scores.expectedAccuracy.toFixed(3)));
  }
  part.append(element('h2', route.model + ' at ' + route.route), numbers);
  const codes = element('table');
  fill(codes, ['refused', 'times'], Object.entries(route.codes), 'Nothing was refused.');
  part.append(codes);
  const drift = element('table');
  fill(drift, ['feature', 'stability index', '', 'chance', ''], route.drift.map((feature) => {
    const meter = element('meter');
    Object.assign(meter, { min: 0, max: 1, low: 0.1, high: 0.25, optimum: 0, value: Math.min(1, feature.stability) });
    meter.setAttribute('aria-label', feature.feature + ': ' + feature.stability.toFixed(3));
    return [feature.feature, feature.stability.toFixed(3), meter, feature.p.toPrecision(2), feature.isRaised ? element('span', 'drifts', 'bad') : ''];
  }), 'No feature was compared yet: ' + route.window + ' rows in this window.');
  part.append(element('h2', 'Features against the training data'), drift);
  return part;
}

function show(state) {
  if (isPaused) return;
  const raised = state.routes.flatMap(({ model, raised: rules }) => rules.map((rule) => model + ': ' + rule));
  document.title = (raised.length > 0 ? '(' + raised.length + ') ' : '') + 'Holdfast gateway';
  const alarms = byId('alarms');
  alarms.replaceChildren(element('p', raised.length === 0 ? 'None now.' : 'Now: ' + raised.join(', '), raised.length === 0 ? 'good' : 'bad'));
  const changes = element('table');
  fill(changes, ['when', 'model', 'what', '', 'value'], state.alarms.map(({ time, model, rule, state: to, value }) => [timeOf(time), model, rule, to, value.toFixed(3)]), 'There were none.');
  alarms.append(changes);
  draw(state.recent);
  byId('routes').replaceChildren(...state.routes.map(routeOf));
  fill(byId('callers'), ['caller', 'answered', 'refused', 'held back'], state.callers.map(({ caller, answered, refused, throttled }) => [caller, answered, refused, throttled]), 'Nobody called yet.');
  fill(byId('throttled'), ['when', 'caller', 'model', 'why'], state.throttled.map(({ time, caller, model, code }) => [timeOf(time), caller, model, code]), 'Nobody was.');
  byId('seen').hidden = false;
  byId('pause').hidden = false;
}

async function begin(secret) {
  const response = await fetch('/session', { method: 'POST', headers: { authorization: 'Bearer ' + secret } });
  if (!response.ok) return false;
  session = (await response.json()).session;
  sessionStorage.setItem('session', session);
  return true;
}

function ask(why) {
  session = null;
  sessionStorage.removeItem('session');
  byId('seen').hidden = true;
  byId('enter').hidden = false;
  byId('refused').textContent = why;
  byId('token').focus();
}

async function follow() {
  for (;;) {
    try {
      const response = await fetch('/events', { headers: { authorization: 'Bearer ' + session } });
      if (response.status === 401) { ask('This session is not known any more.'); return; }
      if (!response.ok) throw new Error(String(response.status));
      byId('connection').textContent = 'live';
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let text = '';;) {
        const { done, value } = await reader.read();
        if (done) break;
        text += value;
        for (let end = text.indexOf('\\n\\n'); end >= 0; end = text.indexOf('\\n\\n')) {
          show(JSON.parse(text.slice(6, end)));
          text = text.slice(end + 2);
        }
      }
    } catch { /* the gateway is away: asked again below */ }
    byId('connection').textContent = 'not connected, trying again';
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

byId('pause').addEventListener('click', () => {
  isPaused = !isPaused;
  byId('pause').setAttribute('aria-pressed', String(isPaused));
  byId('pause').textContent = isPaused ? 'Go on' : 'Pause';
});
byId('enter').addEventListener('submit', async (event) => {
  event.preventDefault();
  const secret = byId('token').value;
  byId('token').value = '';
  if (!(await begin(secret))) { ask('This is not the token.'); return; }
  byId('enter').hidden = true;
  follow();
});

(async () => {
  const secret = location.hash.slice(1);
  history.replaceState(null, '', '/');
  if (secret !== '' && !(await begin(secret))) { ask('This link was used, or is not one of this gateway.'); return; }
  if (session === null) { ask(''); return; }
  follow();
})();
`;
