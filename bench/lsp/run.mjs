// What a keystroke costs in an editor: from the change that the editor sends to all diagnostics of the file, those included that compare it with every
// other file of the project. Over stdio, with the client library that editors use.
//
//   node run.mjs REMIT [FILES]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeProject } from './project.mjs';

const require = createRequire(new URL('../../tests/lsp/package.json', import.meta.url));
const rpc = require('vscode-jsonrpc/node');

const [remit, count = '1000'] = process.argv.slice(2);
if (!remit) {
  console.error('usage: node run.mjs REMIT [FILES]');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'remit-bench-lsp-'));
const names = writeProject(folder, Number(count));
const server = spawn(remit, ['lsp'], { stdio: ['pipe', 'pipe', 'inherit'] });
const gone = new Promise((resolve) => server.on('exit', resolve));
const connection = rpc.createMessageConnection(new rpc.StreamMessageReader(server.stdout), new rpc.StreamMessageWriter(server.stdin));
connection.onRequest('client/registerCapability', () => null);
connection.onNotification('textDocument/publishDiagnostics', () => {});
connection.listen();

const uri = (name) => pathToFileURL(join(folder, name)).href;
const begin = performance.now();
await connection.sendRequest('initialize', {
  processId: process.pid, capabilities: { general: { positionEncodings: ['utf-16'] } }, workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'bench' }],
});
await connection.sendNotification('initialized', {});
const first = await connection.sendRequest('workspace/diagnostic', { previousResultIds: [] });
console.log(`start: ${first.items.length} files, ${first.items.reduce((sum, each) => sum + each.items.length, 0)} diagnostics in ${(performance.now() - begin).toFixed(0)} ms`);

let version = 1;
async function keystroke(name, range, text) {
  version += 1;
  const start = performance.now();
  connection.sendNotification('textDocument/didChange', { textDocument: { uri: uri(name), version }, contentChanges: [{ range, text }] });
  const report = await connection.sendRequest('textDocument/diagnostic', { textDocument: { uri: uri(name) } });
  return { time: performance.now() - start, diagnostics: report.items.length };
}

function position(text, offset) {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1).length };
}

// Types `insert` at a place letter by letter, then takes it away again.
async function type(name, text, offset, insert, times) {
  const at = position(text, offset);
  for (let i = 0; i < insert.length; i += 1) {
    const here = { line: at.line, character: at.character + i };
    times.push((await keystroke(name, { start: here, end: here }, insert[i])).time);
  }
  for (let i = insert.length; i > 0; i -= 1) {
    const end = { line: at.line, character: at.character + i };
    times.push((await keystroke(name, { start: { ...end, character: end.character - 1 }, end }, '')).time);
  }
}

const kinds = {
  'digits of a number, everything stays right': (text) => [text.indexOf('principal.level > ') + 18, '12'],
  'a condition, wrong until it is whole': (text) => [text.indexOf(' }\nunless'), ' && resource.amount_cents < 9'],
  'an id that tests expect': (text) => [text.indexOf('-people")'), 'x'],
  'a comment': (text) => [0, '// a thought\n'.trim()],
};
for (const [title, place] of Object.entries(kinds)) {
  const times = [];
  for (let round = 0; round < 12; round += 1) {
    const name = names[(round * 7919) % names.length];
    const text = readFileSync(join(folder, name), 'utf8');
    if (round < names.length) connection.sendNotification('textDocument/didOpen', { textDocument: { uri: uri(name), languageId: 'remit', version: 1, text } });
    const [offset, insert] = place(text);
    await type(name, text, offset, insert, times);
  }
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
  console.log(`${title}: ${times.length} keystrokes, median ${at(0.5)} ms, 95 % ${at(0.95)} ms, most ${at(1)} ms`);
}
await connection.sendRequest('shutdown');
await connection.sendNotification('exit');
await gone;
connection.dispose();
rmSync(folder, { recursive: true });
