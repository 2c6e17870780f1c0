// What waits for people: everything that would be done, in full, and one key or click to approve or deny it.
import * as api from '/console/api.js';
import {el, empty, heading, json, list, note, pill, uid, until, time} from '/console/dom.js';

async function answer(ticket, what, body, refresh) {
  try {
    const done = await api.post(`/v1/escalations/${encodeURIComponent(ticket.id)}/${what}`, body);
    const state = done.state ?? done.escalation?.state ?? '';
    note(what === 'approve' && state === 'pending' ? 'Approved. More people have to approve.' : what === 'approve' ? 'Approved.' : 'Denied.');
  } catch (error) {
    note(error.message, 'bad');
  }
  refresh();
}

// The parameters of the action, as they are bound into an approval.
function parameters(ticket) {
  const context = ticket.context ?? {};
  return typeof context === 'string' ? JSON.parse(context) : context;
}

function card(ticket, refresh) {
  const reason = el('input', {type: 'text', placeholder: 'Reason for a denial', 'aria-label': 'Reason for a denial', maxlength: '500'});
  const approve = () => answer(ticket, 'approve', {}, refresh);
  const deny = () => answer(ticket, 'deny', {reason: reason.value.trim() || 'denied in the console'}, refresh);
  const approvers = ticket.approvers ?? [];
  const keys = (event) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === 'a') approve();
    if (event.key === 'd') deny();
  };
  return el('article', {class: 'card', tabindex: '0', 'data-stop': true, 'data-key': ticket.id, onkeydown: keys, 'aria-label': `Escalation by ${ticket.statement}`},
    el('div', {class: 'row'}, el('h2', {class: 'grow'}, uid(ticket.principal ?? ticket.requester), ' wants ', uid(ticket.action)), pill(until(ticket.expires_at), 'warn')),
    list([
      ['on', uid(ticket.resource)],
      ['asked by statement', el('code', null, ticket.statement)],
      ['on behalf of', (ticket.delegation ?? []).map(uid).join(', ')],
      ['session', ticket.session],
      ['who may approve', (ticket.by ?? []).map(uid).join(', ')],
      ['approvals', `${approvers.length} of ${ticket.quorum ?? 1}` + (approvers.length ? `: ${approvers.map((each) => uid(each.person ?? each)).join(', ')}` : '')],
      ['uses', ticket.uses],
      ['opened', time(ticket.opened_at)],
      ['digest', el('span', {class: 'mono'}, ticket.digest)],
    ]),
    el('div', {class: 'meta'}, 'Parameters, complete'), json(parameters(ticket)),
    el('div', {class: 'actions'},
      el('button', {class: 'main', onclick: approve, 'data-key': `approve ${ticket.id}`}, 'Approve'),
      el('button', {class: 'danger', onclick: deny, 'data-key': `deny ${ticket.id}`}, 'Deny'), reason));
}

export const escalations = {
  id: 'escalations', name: 'Escalations', every: 5000, hears: ['escalation'], waiting: 0,
  async load() {
    const pending = api.items(await api.get('/v1/escalations?state=pending')).filter((each) => each.state === 'pending');
    escalations.waiting = pending.length;
    return pending;
  },
  show: (pending, refresh) => [
    ...heading('Escalations', 'Agents that wait for a person. j and k move between them, a approves, d denies.'),
    ...(pending.length ? pending.map((each) => card(each, refresh)) : [empty('Nobody waits for an answer.')]),
  ],
};
