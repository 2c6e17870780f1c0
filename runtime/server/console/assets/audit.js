// Searching the audit log.
import * as api from '/console/api.js';
import {el, empty, heading, note} from '/console/dom.js';
import {table} from '/console/decisions.js';

const fields = [['principal', 'Principal', 'Agent::"triage-7"'], ['action', 'Action', 'Action::"refund"'], ['resource', 'Resource', 'Order::"o1"'], ['outcome', 'Outcome', 'deny'], ['statement', 'Statement', 'refund-over-100']];
const wanted = {};

const query = () => Object.fromEntries([['limit', '1000'], ...Object.entries(wanted).filter(([, value]) => value)]);

export const audit = {
  id: 'audit', name: 'Audit', every: 0,
  load: () => api.records(query(), 20000),
  show(records, refresh) {
    const inputs = fields.map(([name, label, example]) => [name, label, el('input', {name, value: wanted[name] ?? '', placeholder: example, 'data-key': name})]);
    const submit = (event) => {
      event.preventDefault();
      for (const [name, , input] of inputs) wanted[name] = input.value.trim();
      refresh();
      note('Searched.');
    };
    return [
      ...heading('Audit', 'Everything that was decided, settled, approved, published and quarantined.'),
      el('form', {class: 'row', onsubmit: submit}, inputs.map(([, label, input]) => el('label', null, label, input)), el('button', {class: 'main'}, 'Search')),
      records.length ? table(records) : empty('No record fits.'),
    ];
  },
};
