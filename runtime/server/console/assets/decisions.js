// Decisions as they are made, and why each came out as it did.
import * as api from '/console/api.js';
import {el, empty, heading, json, list, outcomeKind, pill, time, uid} from '/console/dom.js';

// Records of the audit log are flat; what is no decision has somebody else in the place of a principal.
const asked = (record) => ({...record, principal: record.principal ?? record.approver ?? record.subject ?? record.caller});
const when = (record) => record.timeMs ?? record.time;
const why = (record) => (record.determining ?? (record.statement ? [record.statement] : record.reason ? [record.reason] : [])).join(', ');

// One statement, with what its scope and each of its conditions said.
function statement(policy) {
  const parts = Object.entries(policy.scope ?? {}).filter(([, holds]) => !holds).map(([part]) => el('div', {class: 'meta'}, `another ${part}`));
  const conditions = (policy.conditions ?? []).map((each) => el('div', {class: 'mono'}, each.holds ? '✓ ' : each.error ? '! ' : '✗ ', each.place?.text ?? each.kind,
    each.error ? ` (${each.error.message})` : ''));
  return el('div', {class: 'why'}, el('div', {class: 'row'}, el('strong', {class: 'grow'}, policy.id), el('span', {class: 'meta'}, policy.effect),
    pill(policy.satisfied ? 'satisfied' : 'not satisfied', policy.satisfied ? 'good' : '')), parts, conditions);
}

// The same request asked again, of the policies and entities of now; nothing is spent.
async function explain(request, place) {
  try {
    const {principal, action, resource, context = {}} = request;
    const why = await api.post('/v1/explain', {principal, action, resource, context});
    const policies = why.policies ?? why.explanation?.policies;
    place.replaceChildren(el('div', {class: 'meta'}, 'As it would be decided now'), ...(policies ? policies.map(statement) : [json(why)]));
  } catch (error) {
    place.replaceChildren(el('p', {class: 'meta'}, error.message));
  }
}

export function showRecord(record) {
  const close = el('button', {class: 'main'}, 'Close');
  const request = asked(record);
  const place = el('div');
  const ask = request.principal && request.action ? el('button', {onclick: async () => { await explain(request, place); place.scrollIntoView(); }}, 'Why, clause by clause') : null;
  const dialog = el('dialog', {'aria-label': 'Record'},
    el('div', {class: 'row'}, el('h2', {class: 'grow'}, record.kind ?? 'decision'), record.outcome ? pill(record.outcome, outcomeKind(record.outcome)) : null),
    list([['time', time(when(record))], ['principal', uid(request.principal)], ['action', uid(request.action)], ['resource', uid(request.resource)],
      ['because of', why(record)], ['caller', uid(record.caller)], ['policies', record.policyVersion], ['decision', record.id]]),
    el('div', {class: 'meta'}, 'The record, complete'), json(record), place, el('div', {class: 'actions'}, close, ask));
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

export function table(records) {
  return el('div', {class: 'scroll'}, el('table', null,
    el('thead', null, el('tr', null, ['Time', 'Outcome', 'Who', 'Does', 'On', 'Because of'].map((each) => el('th', {scope: 'col'}, each)))),
    el('tbody', null, records.map((record) => {
      const request = asked(record);
      const show = () => showRecord(record);
      return el('tr', {class: 'pick', tabindex: '0', 'data-stop': true, 'data-key': record.number ?? record.id, onclick: show, onkeydown: (event) => event.key === 'Enter' && show()},
        el('td', {class: 'time'}, time(when(record))), el('td', null, pill(record.outcome ?? record.kind, outcomeKind(record.outcome))), el('td', null, uid(request.principal)),
        el('td', null, uid(request.action)), el('td', null, uid(request.resource)), el('td', null, why(record)));
    }))));
}

export const decisions = {
  id: 'decisions', name: 'Decisions', every: 2000,
  load: () => api.records({kind: 'decision', limit: '100'}, 100),
  show: (records) => [
    ...heading('Decisions', 'The latest first. Enter shows why.'),
    records.length ? table(records) : empty('Nothing has been decided yet.'),
  ],
};
