// What decisions depend on: budgets as they burn down, breakers.
import * as api from '/console/api.js';
import {el, empty, heading, pill, svg, time} from '/console/dom.js';

// What was left at each look, so that a curve can be drawn; of this tab alone.
const seen = new Map();
const kLooks = 60;

function remember(key, left) {
  const looks = seen.get(key) ?? [];
  looks.push(left);
  if (looks.length > kLooks) looks.shift();
  seen.set(key, looks);
  return looks;
}

function curve(looks, limit) {
  if (looks.length < 2) return null;
  const points = looks.map((left, index) => `${((kLooks - looks.length + index) * 100) / (kLooks - 1)},${30 - (28 * Math.max(0, Math.min(1, left / limit)))}`).join(' ');
  return svg('svg', {class: 'burn', viewBox: '0 0 100 32', preserveAspectRatio: 'none', role: 'img', 'aria-label': 'what was left over time'}, svg('polyline', {points}));
}

const number = (value) => api.number(value).toLocaleString('en');

function bar(used, reserved, limit) {
  const part = (value) => `${limit > 0 ? Math.max(0, Math.min(100, (100 * value) / limit)) : 100}%`;
  const fill = el('span');
  fill.style.width = part(used);
  const left = limit > 0 ? (limit - used) / limit : 0;
  return el('div', {class: `bar ${left <= 0 ? 'out' : left < 0.2 ? 'low' : ''}`, role: 'meter', 'aria-valuemin': '0', 'aria-valuemax': limit, 'aria-valuenow': used, 'aria-label': 'used'}, fill);
}

function budgetCard(budget) {
  const name = budget.budget ?? budget.name;
  const used = api.number(budget.used);
  const limit = api.number(budget.limit);
  const looks = remember(`${name} ${budget.key}`, limit - used);
  return el('article', {class: 'card budget', tabindex: '0', 'data-stop': true, 'data-key': `${name} ${budget.key}`},
    el('div', null, el('h2', null, name), el('div', {class: 'meta mono'}, budget.key || 'one counter')),
    el('div', {class: 'row'}, curve(looks, limit), el('div', {class: 'amount'}, `${number(Math.max(0, limit - used))} of ${number(limit)} left`)),
    bar(used, 0, limit),
    el('div', {class: 'meta'}, [
      `${number(used)} used`, budget.reserved ? `${number(budget.reserved)} of it reserved` : null, budget.overdraft ? `${number(budget.overdraft)} overdraft` : null,
      budget.approved ? `${number(budget.approved)} beyond the limit by approval` : null, budget.window, budget.window_end ? `until ${time(budget.window_end)}` : null,
    ].filter(Boolean).join(', ')));
}

export const budgets = {
  id: 'budgets', name: 'Budgets', every: 2000,
  load: async () => api.items(await api.get('/v1/budgets')),
  show: (all) => [
    ...heading('Budgets', 'What may still be spent, for every key that has been used.'),
    ...(all.length ? all.map(budgetCard) : [empty('No budget has been used yet.')]),
  ],
};

const stateKind = (state) => ({closed: 'good', open: 'bad'})[state] ?? 'warn';

export const breakers = {
  id: 'breakers', name: 'Breakers', every: 3000,
  load: async () => api.items(await api.get('/v1/breakers')),
  show: (all) => [
    ...heading('Breakers', 'Dependencies that fail are left alone for a while.'),
    all.length ? el('div', {class: 'scroll'}, el('table', null,
      el('thead', null, el('tr', null, ['Breaker', 'Key', 'State', 'Calls', 'Failures', 'Open until'].map((each) => el('th', {scope: 'col'}, each)))),
      el('tbody', null, all.map((each) => el('tr', {tabindex: '0', 'data-stop': true, 'data-key': `${each.breaker ?? each.name} ${each.key}`},
        el('td', null, each.breaker ?? each.name), el('td', {class: 'mono'}, each.key), el('td', null, pill(each.state, stateKind(each.state))),
        el('td', null, each.calls ?? ''), el('td', null, each.failures ?? ''), el('td', {class: 'time'}, time(each.open_until)))))))
      : empty('No breaker has been called yet.'),
  ],
};
