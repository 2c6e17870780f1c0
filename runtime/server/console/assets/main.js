// Which view is shown, the keys that change it, signing in, and what is heard from the server.
import * as api from '/console/api.js';
import {el, note} from '/console/dom.js';
import {escalations} from '/console/escalations.js';
import {decisions} from '/console/decisions.js';
import {budgets, breakers} from '/console/state.js';
import {quarantine} from '/console/quarantine.js';
import {audit} from '/console/audit.js';

// A view: `load()` asks the server, `show(data)` makes elements, `every` says after how many milliseconds again.
const views = [escalations, decisions, budgets, breakers, quarantine, audit];
const view = document.getElementById('view');
const nav = document.getElementById('nav');
const status = document.getElementById('status');
const signOut = document.getElementById('sign-out');

let current = null;
let timer = 0;
let turn = 0;

const fromHash = () => views.find((each) => each.id === location.hash.slice(1)) ?? views[0];

function showNav() {
  nav.replaceChildren(...views.map((each, index) => el('a', {href: `#${each.id}`, 'aria-current': each === current ? 'page' : null}, each.name,
    each.waiting > 0 ? el('span', {class: 'count', 'aria-label': `${each.waiting} waiting`}, each.waiting) : null, el('kbd', {'aria-hidden': 'true'}, index + 1))));
}

// Whether something is being typed or read that a refresh would take away.
const isBusy = () => view.contains(document.activeElement) && document.activeElement.matches('input, select, pre') || document.querySelector('dialog[open]') !== null;

function showFailure(error) {
  if (error.status === 401) return showSignIn(api.token() ? 'This token is not accepted.' : '');
  // Who is known by the connection alone, as everybody on this machine, may decide and no more: a token may say more.
  if (error.status === 403 && !api.token()) return showSignIn('');
  signOut.hidden = !api.token();
  if (error.status === 403) return view.replaceChildren(el('p', {class: 'empty'}, 'This credential has no right to see this.'));
  status.textContent = 'no answer';
  if (view.childElementCount === 0) view.replaceChildren(el('p', {class: 'empty'}, error.message));
}

async function refresh(force = false) {
  const mine = ++turn;
  clearTimeout(timer);
  const shown = current;
  try {
    if (force || !isBusy()) {
      const data = await shown.load();
      if (mine !== turn) return;
      status.textContent = 'live';
      signOut.hidden = !api.token();
      const focused = document.activeElement?.dataset?.key;
      view.replaceChildren(...[shown.show(data, () => refresh(true))].flat());
      if (focused) view.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
      showNav();
    }
  } catch (error) {
    if (mine !== turn) return;
    showFailure(error);
  }
  if (mine === turn && shown.every) timer = setTimeout(refresh, shown.every);
}

function open(next) {
  current = next;
  document.title = `${next.name} - Remit console`;
  showNav();
  view.replaceChildren();
  refresh(true);
}

function showSignIn(message) {
  clearTimeout(timer);
  status.textContent = 'signed out';
  signOut.hidden = true;
  const input = el('input', {type: 'password', name: 'token', autocomplete: 'off', required: true, 'aria-describedby': 'sign-in-note'});
  view.replaceChildren(el('section', {class: 'card sign-in'}, el('h1', null, 'Sign in'),
    el('p', {class: 'meta', id: 'sign-in-note'}, message || 'With a bearer token of this server. It stays in this tab.'),
    el('form', {onsubmit: (event) => { event.preventDefault(); api.setToken(input.value.trim()); hear(); refresh(true); }},
      el('label', null, 'Token', input), el('button', {class: 'main'}, 'Sign in'))));
  input.focus();
}

// ---- what the server tells by itself

let hearing = null;
async function hear() {
  hearing?.abort();
  hearing = new AbortController();
  const {signal} = hearing;
  for (let wait = 1000; !signal.aborted; wait = Math.min(wait * 2, 30000)) {
    try {
      await api.listen('/v1/events', (topic) => {
        wait = 1000;
        if (topic.startsWith('escalation')) note('An escalation has changed.');
        if (topic.startsWith('quarantine')) note('The quarantine has changed.');
        if (current.hears?.some((each) => topic.startsWith(each))) refresh();
        else countWaiting();
      }, signal);
    } catch (error) {
      if (error.status === 401 || error.status === 403 || error.status === 404) return;
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

async function countWaiting() {
  try { await escalations.load(); showNav(); } catch { /* the view itself says what is wrong */ }
}

// ---- keys

addEventListener('hashchange', () => open(fromHash()));
addEventListener('keydown', (event) => {
  if (event.target.matches('input, select, textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
  const chosen = views[Number(event.key) - 1];
  if (chosen) location.hash = chosen.id;
  if (event.key === 'j' || event.key === 'k') {
    const stops = [...view.querySelectorAll('[data-stop]')];
    const at = stops.findIndex((each) => each.contains(document.activeElement));
    stops[Math.max(0, Math.min(stops.length - 1, at + (event.key === 'j' ? 1 : -1)))]?.focus();
  }
  if (event.key === 'r') refresh(true);
});
signOut.addEventListener('click', () => { api.setToken(''); hearing?.abort(); showSignIn(''); });

open(fromHash());
hear();
if (current !== escalations) countWaiting();
