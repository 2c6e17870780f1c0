// The native API, under the caller's own credential.
//
// The credential is a bearer token that this tab keeps and sends itself. A cookie, the usual way, would be sent by the browser for anybody's page, and then needs
// tokens against that; here there is nothing that another page could make the browser send.

const KEY = 'remit.token';

export class Failed extends Error {
  constructor(status, error) {
    super(error?.message ?? `the server answered ${status}`);
    this.status = status;
    this.code = error?.code ?? '';
  }
}

export const token = () => sessionStorage.getItem(KEY) ?? '';
export const setToken = (value) => (value ? sessionStorage.setItem(KEY, value) : sessionStorage.removeItem(KEY));

function headers(more) {
  const all = {Accept: 'application/json', ...more};
  if (token()) all.Authorization = `Bearer ${token()}`;
  return all;
}

// Integers that JavaScript would round are kept as texts with a mark that nobody else can know: what people approve must be what was asked, to the last digit.
const MARK = `${crypto.randomUUID?.() ?? Math.random()}:`;
const WORDS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const parse = (text) => JSON.parse(text.replace(WORDS, (word) => (/^-?\d{16,}$/.test(word) ? `"${MARK}${word}"` : word)));
const MARKED = new RegExp(`"${MARK}(-?\\d+)"`, 'g');
export const pretty = (value) => JSON.stringify(value, null, 2).replace(MARKED, '$1');
export const number = (value) => Number(String(value ?? 0).replace(MARK, ''));

async function ask(method, path, body) {
  const options = {method, headers: headers(body === undefined ? {} : {'Content-Type': 'application/json'}), cache: 'no-store', credentials: 'same-origin'};
  if (body !== undefined) options.body = JSON.stringify(body);
  const response = await fetch(path, options);
  const text = await response.text();
  let value;
  try { value = text ? parse(text) : {}; } catch { value = {}; }
  if (!response.ok) throw new Failed(response.status, value.error);
  return value;
}

export const get = (path) => ask('GET', path);
export const remove = (path) => ask('DELETE', path);
export const post = (path, body = {}) => ask('POST', path, body);

// Lists come as arrays or as the only array of an object.
export function items(value) {
  if (Array.isArray(value)) return value;
  return Object.values(value ?? {}).find(Array.isArray) ?? [];
}

// Records of the audit log, the latest first. The log is read forwards, so it is asked from a little before its end, which the checkpoint's second line says.
export async function records(query, last) {
  const response = await fetch('/v1/audit/checkpoint', {headers: headers(), cache: 'no-store'});
  if (!response.ok) throw new Failed(response.status);
  const size = Number((await response.text()).split('\n')[1] ?? 0);
  const all = items(await get(`/v1/audit?${new URLSearchParams({...query, first: Math.max(0, size - last)})}`));
  return all.map((each) => ({number: each.number, ...(each.record ?? each)})).reverse();
}

// Server-sent events. EventSource, the browser's own, cannot carry a credential. Calls `told(topic, data)` until `signal` aborts.
export async function listen(path, told, signal) {
  const response = await fetch(path, {headers: headers({Accept: 'text/event-stream'}), signal, cache: 'no-store'});
  if (!response.ok) throw new Failed(response.status);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const {value, done} = await reader.read();
    if (done) return;
    rest += value;
    const events = rest.split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const fields = {};
      for (const line of event.split('\n')) {
        const at = line.indexOf(':');
        if (at > 0) fields[line.slice(0, at)] = line.slice(at + 1).trim();
      }
      if (fields.data !== undefined) told(fields.event ?? '', fields.data);
    }
  }
}
