// Elements from data. Text becomes text and nothing else: no function here, and none in the console, parses markup.
import {pretty} from '/console/api.js';

const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  for (const child of children.flat(9)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

export const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
export const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

export const pill = (text, kind = '') => el('span', {class: `pill ${kind}`}, text);
export const empty = (text) => el('p', {class: 'empty'}, text);
export const heading = (title, lead) => [el('h1', null, title), el('p', {class: 'lead'}, lead)];
export const json = (value) => el('pre', {tabindex: '0'}, pretty(value));

export function list(pairs) {
  const items = pairs.filter(([, value]) => value !== undefined && value !== null && value !== '');
  return el('dl', null, items.map(([name, value]) => [el('dt', null, name), el('dd', null, value)]));
}

// `User::"ana"`, of `{"type", "id"}` or a text that is one already.
export function uid(value) {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' && 'type' in value ? `${value.type}::${JSON.stringify(value.id)}` : String(value);
}

export function time(value) {
  if (value === undefined || value === null || value === '') return '';
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? String(value) : date.toISOString().replace('T', ' ').slice(0, 19);
}

export function until(value) {
  const left = Math.round((new Date(value).getTime() - Date.now()) / 1000);
  if (Number.isNaN(left)) return '';
  if (left <= 0) return 'over';
  if (left < 90) return `${left} s left`;
  return left < 5400 ? `${Math.round(left / 60)} min left` : `${Math.round(left / 3600)} h left`;
}

export const outcomeKind = (outcome) => ({execute: 'good', allow: 'good', deny: 'bad', approve: 'warn'})[outcome] ?? '';

export function note(text, kind = '') {
  const item = el('div', {class: `note ${kind}`}, text);
  document.getElementById('notes').append(item);
  setTimeout(() => item.remove(), 6000);
}
