// The switch that stops an agent, a tool or everything under a group, at once and everywhere.
import * as api from '/console/api.js';
import {el, empty, heading, note, time, uid} from '/console/dom.js';

async function change(asked, done, refresh) {
  try {
    await asked;
    note(done);
  } catch (error) {
    note(error.message, 'bad');
  }
  refresh();
}

function form(refresh) {
  const type = el('input', {name: 'type', required: true, placeholder: 'Agent', 'data-key': 'type'});
  const id = el('input', {name: 'id', required: true, placeholder: 'triage-7', 'data-key': 'id'});
  const reason = el('input', {name: 'reason', placeholder: 'calls in a loop', 'data-key': 'reason'});
  const submit = (event) => {
    event.preventDefault();
    change(api.post('/v1/quarantine', {type: type.value.trim(), id: id.value, reason: reason.value.trim()}), 'Stopped.', refresh);
  };
  return el('form', {class: 'row', onsubmit: submit}, el('label', null, 'Type', type), el('label', null, 'Id', id), el('label', {class: 'grow'}, 'Reason', reason),
    el('button', {class: 'danger'}, 'Quarantine'));
}

function row(entry, refresh) {
  const release = () => change(api.remove(`/v1/quarantine/${encodeURIComponent(entry.type)}/${encodeURIComponent(entry.id)}`), 'Released.', refresh);
  return el('article', {class: 'card row', tabindex: '0', 'data-stop': true, 'data-key': uid(entry)},
    el('div', {class: 'grow'}, el('h2', null, uid(entry)),
      el('div', {class: 'meta'}, [entry.reason || 'no reason given', entry.who ? `by ${uid(entry.who)}` : '', entry.since ? `since ${time(entry.since)}` : ''].filter(Boolean).join(', '))),
    el('button', {onclick: release, 'data-key': `release ${uid(entry)}`}, 'Release'));
}

export const quarantine = {
  id: 'quarantine', name: 'Quarantine', every: 5000, hears: ['quarantine'],
  load: async () => api.items(await api.get('/v1/quarantine')),
  show: (all, refresh) => [
    ...heading('Quarantine', 'Whoever is here, or in something that is here, is denied everything.'), form(refresh),
    ...(all.length ? all.map((each) => row(each, refresh)) : [empty('Nothing is quarantined.')]),
  ],
};
