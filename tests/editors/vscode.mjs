// The extension of Visual Studio Code, without Visual Studio Code: what its manifest names is there, its code type checks, its package has what it needs and
// nothing else, and it activates under doubles of `vscode` and of the client, behind which is the real `remit lsp`.
//
//   node vscode.mjs REMIT
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = join(root, 'editors/vscode');
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const remit = process.argv[2];
const rpc = createRequire(join(root, 'tests/lsp/package.json'))('vscode-jsonrpc/node');

// ---- doubles -----------------------------------------------------------------------------------------------------------------

// What the extension uses of the editor, and what it was used for.
const seen = { commands: new Map(), providers: new Map(), listeners: [], output: '', errors: [], status: [] };
const vscode = {
  commands: { registerCommand: (name, run) => (seen.commands.set(name, run), { dispose() {} }) },
  workspace: {
    registerTextDocumentContentProvider: (scheme, provider) => (seen.providers.set(scheme, provider), { dispose() {} }),
    onDidChangeConfiguration: (listener) => (seen.listeners.push(listener), { dispose() {} }),
    getConfiguration: (section) => ({ get: (key) => (section === 'remit' && key === 'path' ? remit : undefined) }),
  },
  window: {
    createOutputChannel: () => ({ clear() { seen.output = ''; }, append(text) { seen.output += text; }, show() {} }),
    showErrorMessage: (text) => seen.errors.push(text),
    setStatusBarMessage: (text) => seen.status.push(text),
  },
};

// A client that only starts the server as it is told to, and asks.
const clients = [];
class LanguageClient {
  constructor(id, name, server, options) {
    Object.assign(this, { id, name, server, options });
    clients.push(this);
  }
  async start() {
    this.child = spawn(this.server.command, this.server.args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.gone = new Promise((resolve) => this.child.on('exit', resolve));
    this.connection = rpc.createMessageConnection(new rpc.StreamMessageReader(this.child.stdout), new rpc.StreamMessageWriter(this.child.stdin));
    this.connection.listen();
    await this.connection.sendRequest('initialize', {
      processId: process.pid, capabilities: {}, initializationOptions: this.options.initializationOptions,
      workspaceFolders: [{ uri: pathToFileURL(work).href, name: 'test' }],
    });
    await this.connection.sendNotification('initialized', {});
  }
  sendRequest(method, params) { return this.connection.sendRequest(method, params); }
  async stop() {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    this.code = await this.gone;
  }
}

const load = Module._load;
Module._load = (request, ...rest) => {
  if (request === 'vscode') return vscode;
  if (request === 'vscode-languageclient/node') return { LanguageClient, TransportKind: { stdio: 0 } };
  return load(request, ...rest);
};

// ---- cases -------------------------------------------------------------------------------------------------------------------

const work = mkdtempSync(join(tmpdir(), 'remit-vscode-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
writeFileSync(join(work, 's.cedarschema'), 'entity User;\naction read appliesTo { principal: User, resource: User };\n');
writeFileSync(join(work, 'p.remit'), `@id("all") permit (principal, action == Action::"read", resource);
test "right" { request (User::"a", Action::"read", User::"b"); expect execute by "all"; }
test "wrong" { request (User::"a", Action::"read", User::"b"); expect deny; }
`);

const needsPackages = existsSync(join(folder, 'node_modules/.package-lock.json'));
const extension = createRequire(import.meta.url)(join(folder, manifest.main));
const cases = {
  'what the manifest names is there, and is JSON where it is data'() {
    const { contributes } = manifest;
    const data = [...contributes.grammars, ...contributes.snippets].map((each) => each.path).concat(contributes.languages.map((each) => each.configuration));
    for (const path of data) assert.doesNotThrow(() => JSON.parse(readFileSync(join(folder, path), 'utf8')), path);
    assert.ok(existsSync(join(folder, manifest.main)) && existsSync(join(folder, 'LICENSE')) && existsSync(join(folder, 'README.md')));
    const languages = new Set(contributes.languages.map((each) => each.id));
    for (const each of [...contributes.grammars, ...contributes.snippets]) assert.ok(languages.has(each.language), each.language);
  },
  async 'activating starts the server that the settings name'() {
    await extension.activate({ subscriptions: [] });
    assert.equal(clients.length, 1);
    assert.deepEqual([clients[0].server.command, clients[0].server.args], [remit, ['lsp']]);
    const selected = clients[0].options.documentSelector.map((each) => each.language ?? each.pattern);
    assert.deepEqual(selected, [...manifest.contributes.languages.map((each) => each.id), '**/remit.toml']);
  },
  'every command of the manifest is registered, and no other'() {
    assert.deepEqual([...seen.commands.keys()], manifest.contributes.commands.map((each) => each.command));
  },
  async 'a test that is run from its lens shows what came out'() {
    const { executeCommand } = clients[0].options.middleware;
    const argument = { uri: pathToFileURL(join(work, 'p.remit')).href };
    await executeCommand('remit.runTest', [{ ...argument, title: 'right' }], () => assert.fail('the editor was asked'));
    assert.deepEqual([seen.status.at(-1), seen.errors.length], ['Remit: 1 passed, 0 failed', 0]);
    await executeCommand('remit.runTest', [argument], () => assert.fail('the editor was asked'));
    assert.equal(seen.errors.at(-1), 'Remit: 1 passed, 1 failed');
    assert.match(seen.output, /expected `deny`, but the outcome is `execute`/);
    assert.equal(await executeCommand('another', [1], (name, parameters) => [name, parameters].join()), 'another,1');
  },
  async 'a test that cannot be run is told, not lost'() {
    await clients[0].options.middleware.executeCommand('remit.runTest', [{ uri: 'file:///nowhere' }], () => {});
    assert.match(seen.errors.at(-1), /Remit: 0 passed, 1 failed/);
  },
  async 'pages of rules come from the server'() {
    const page = await seen.providers.get('remit-rule').provideTextDocumentContent({ path: '/broad-permit.md' });
    assert.match(page, /^# broad-permit/);
  },
  async 'another program makes another client, other settings do not'() {
    await seen.listeners[0]({ affectsConfiguration: (name) => name === 'remit.trace' });
    assert.equal(clients.length, 1);
    await seen.listeners[0]({ affectsConfiguration: (name) => name === 'remit.path' });
    assert.deepEqual([clients.length, clients[0].code], [2, 0]);
  },
  async 'deactivating ends the server'() {
    await extension.deactivate();
    assert.equal(clients.at(-1).code, 0);
  },
  'the code type checks against the real packages'() {
    if (!needsPackages) return 'there are no npm packages in editors/vscode (`./dev setup` brings them)';
    const done = spawnSync('npm', ['run', '--silent', 'check'], { cwd: folder, encoding: 'utf8', timeout: 100_000 });
    assert.equal(done.status, 0, done.stdout + done.stderr);
  },
  'the package has what it needs and nothing else'() {
    if (!needsPackages) return 'there are no npm packages in editors/vscode';
    const done = spawnSync('npx', ['--no-install', 'vsce', 'ls'], { cwd: folder, encoding: 'utf8', timeout: 100_000 });
    assert.equal(done.status, 0, done.stdout + done.stderr);
    const files = done.stdout.trim().split('\n');
    const data = [...manifest.contributes.grammars, ...manifest.contributes.snippets].map((each) => each.path.replace('./', ''));
    for (const name of ['package.json', 'LICENSE', 'README.md', 'language-configuration.json', 'src/extension.js', 'node_modules/vscode-languageclient/node.js', ...data]) {
      assert.ok(files.some((each) => each.toLowerCase() === name.toLowerCase()), `${name} is missing among\n${done.stdout}`);
    }
    const foreign = files.filter((each) => /^(?!node_modules\/)(?!src\/|syntaxes\/|snippets\/|package\.json|LICENSE|README\.md|language-configuration\.json)|node_modules\/(@vscode\/vsce|typescript|@types)\//i.test(each));
    assert.deepEqual(foreign, []);
  },
};

let passed = 0;
let failed = 0;
let skipped = 0;
for (const [title, run] of Object.entries(cases)) {
  try {
    const why = await run();
    if (typeof why === 'string') skipped += 1, console.log(`skipped: ${title}: ${why}`);
    else passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${title}\n  ${error.stack.replaceAll('\n', '\n  ')}`);
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 ? 0 : 1);
