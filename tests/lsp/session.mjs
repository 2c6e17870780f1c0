// `remit lsp` over stdio, asked by the protocol's own client library: what is sent is what editors send, what comes back is read as they read it.
//
//   node session.mjs REMIT
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import assert from 'node:assert/strict';
import rpc from 'vscode-jsonrpc/node.js';
import lsp from 'vscode-languageserver-protocol';

const schema = `entity Role;
entity User in [Role] = { level: Long, email?: String };
entity Order = { total_cents: Long, owner: User };
action read appliesTo { principal: User, resource: Order, context: {} };
action refund appliesTo { principal: User, resource: Order, context: { amount_cents: Long } };
`;
const policies = `@id("refund")
permit (principal is User, action == Action::"refund", resource)
when { context.amount_cents <= resource.total_cents && principal.level > 2 };
`;
const tests = `test "a refund" {
  entity User::"ana" { level: 3 };
  entity Order::"o1" { total_cents: 20000, owner: User::"ana" };
  request (User::"ana", Action::"refund", Order::"o1") with { amount_cents: 900 };
  expect execute by "refund";
}
`;

class Editor {
  constructor(remit) {
    this.folder = mkdtempSync(join(tmpdir(), 'remit-lsp-'));
    mkdirSync(join(this.folder, 'policies'));
    for (const [name, text] of [['schema.cedarschema', schema], ['policies/a.remit', policies], ['policies/a.test.remit', tests]]) {
      writeFileSync(join(this.folder, name), text);
    }
    this.server = spawn(remit, ['lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.gone = new Promise((resolve) => this.server.on('exit', resolve));
    this.connection = rpc.createMessageConnection(
      new rpc.StreamMessageReader(this.server.stdout), new rpc.StreamMessageWriter(this.server.stdin));
    this.diagnostics = new Map();
    this.waiting = [];
    this.registrations = [];
    this.versions = new Map();
    this.connection.onNotification(lsp.PublishDiagnosticsNotification.type, (params) => {
      this.diagnostics.set(params.uri, params.diagnostics);
      this.waiting = this.waiting.filter((each) => !each());
    });
    this.connection.onRequest(lsp.RegistrationRequest.type, (params) => void this.registrations.push(...params.registrations));
    this.connection.listen();
  }

  uri(name) { return pathToFileURL(join(this.folder, name)).href; }
  document(name) { return { textDocument: { uri: this.uri(name) } }; }
  at(name, line, character) { return { ...this.document(name), position: { line, character } }; }
  ask(type, params) { return this.connection.sendRequest(type, params); }

  async start() {
    const capabilities = {
      general: { positionEncodings: ['utf-16'] },
      textDocument: { completion: { completionItem: { snippetSupport: true } } },
      workspace: { didChangeWatchedFiles: { dynamicRegistration: true }, workspaceEdit: { documentChanges: true } },
    };
    const answer = await this.ask(lsp.InitializeRequest.type, {
      processId: process.pid, rootUri: null, capabilities,
      initializationOptions: { documentation: 'https://example.org/rules/' },
      workspaceFolders: [{ uri: pathToFileURL(this.folder).href, name: 'test' }],
    });
    await this.connection.sendNotification(lsp.InitializedNotification.type, {});
    return answer;
  }

  open(name, text) {
    const languageId = name.endsWith('schema') ? 'cedarschema' : 'remit';
    return this.connection.sendNotification(lsp.DidOpenTextDocumentNotification.type,
      { textDocument: { uri: this.uri(name), languageId, version: 1, text } });
  }
  change(name, contentChanges) {
    const version = (this.versions.get(name) ?? 1) + 1;
    this.versions.set(name, version);
    return this.connection.sendNotification(lsp.DidChangeTextDocumentNotification.type,
      { textDocument: { uri: this.uri(name), version }, contentChanges });
  }
  // Until what is said of a file is as wanted.
  until(name, wanted) {
    const holds = () => this.diagnostics.has(this.uri(name)) && wanted(this.diagnostics.get(this.uri(name)).map((each) => each.code));
    if (holds()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`never came: ${JSON.stringify(this.diagnostics.get(this.uri(name)))}`)), 20_000);
      this.waiting.push(() => holds() && (clearTimeout(timer), resolve(), true));
    });
  }
  async stop() {
    await this.ask(lsp.ShutdownRequest.type);
    await this.connection.sendNotification(lsp.ExitNotification.type);
    const code = await this.gone;
    this.connection.dispose();
    rmSync(this.folder, { recursive: true });
    return code;
  }
}

// Edits as the protocol's own text document makes them.
function apply(text, edits) {
  const offset = (position) => {
    const lines = text.split('\n');
    return lines.slice(0, position.line).reduce((sum, line) => sum + line.length + 1, 0) + position.character;
  };
  return [...edits].sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce((now, edit) => now.slice(0, offset(edit.range.start)) + edit.newText + now.slice(offset(edit.range.end)), text);
}

const range = (first, last) => ({ start: { line: first, character: 0 }, end: { line: last, character: 0 } });

const cases = {
  'initialize tells what is served': async (editor, answer) => {
    assert.equal(answer.capabilities.positionEncoding, 'utf-16');
    assert.equal(answer.serverInfo.name, 'remit');
    assert.equal(answer.capabilities.textDocumentSync.change, lsp.TextDocumentSyncKind.Incremental);
  },
  'files to watch are registered': async (editor) => {
    for (let i = 0; i < 500 && editor.registrations.length === 0; i += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(editor.registrations[0].method, 'workspace/didChangeWatchedFiles');
  },
  'diagnostics follow incremental edits': async (editor) => {
    await editor.open('policies/a.remit', policies);
    await editor.change('policies/a.remit', [{ range: { start: { line: 2, character: 15 }, end: { line: 2, character: 21 } }, text: 'amuont' }]);
    await editor.until('policies/a.remit', (codes) => codes.includes('unknown-attribute'));
    await editor.change('policies/a.remit', [{ range: { start: { line: 2, character: 15 }, end: { line: 2, character: 21 } }, text: 'amount' }]);
    await editor.until('policies/a.remit', (codes) => codes.length === 0);
  },
  'hover': async (editor) => {
    const hover = await editor.ask(lsp.HoverRequest.type, editor.at('policies/a.remit', 2, 18));
    assert.match(hover.contents.value, /amount_cents: Long/);
  },
  'completion': async (editor) => {
    await editor.open('policies/b.remit', 'permit (principal, action == Action::"refund", resource) when { context.');
    const list = await editor.ask(lsp.CompletionRequest.type, editor.at('policies/b.remit', 0, 72));
    assert.deepEqual(list.items.map((item) => item.label), ['amount_cents']);
    await editor.change('policies/b.remit', [{ text: '' }]);
    await editor.until('policies/b.remit', (codes) => codes.length === 0);
  },
  'signature help': async (editor) => {
    await editor.change('policies/b.remit', [{ text: 'permit (principal, action, resource) when { ip(' }]);
    const help = await editor.ask(lsp.SignatureHelpRequest.type, editor.at('policies/b.remit', 0, 47));
    assert.equal(help.signatures[0].label, 'ip(String) -> ipaddr');
    await editor.change('policies/b.remit', [{ text: '' }]);
  },
  'definition, references and highlights': async (editor) => {
    const [definition] = await editor.ask(lsp.DefinitionRequest.type, editor.at('policies/a.remit', 2, 18));
    assert.ok(definition.uri.endsWith('schema.cedarschema'));
    const references = await editor.ask(lsp.ReferencesRequest.type, { ...editor.at('policies/a.remit', 2, 18), context: { includeDeclaration: true } });
    assert.equal(references.length, 3);
    assert.equal((await editor.ask(lsp.DocumentHighlightRequest.type, editor.at('policies/a.remit', 2, 18))).length, 1);
  },
  'rename': async (editor) => {
    const prepared = await editor.ask(lsp.PrepareRenameRequest.type, editor.at('policies/a.remit', 0, 6));
    assert.equal(prepared.placeholder, 'refund');
    const edit = await editor.ask(lsp.RenameRequest.type, { ...editor.at('policies/a.remit', 0, 6), newName: 'give-back' });
    assert.match(apply(policies, edit.changes[editor.uri('policies/a.remit')]), /^@id\("give-back"\)/);
    assert.match(apply(tests, edit.changes[editor.uri('policies/a.test.remit')]), /expect execute by "give-back"/);
    await assert.rejects(editor.ask(lsp.RenameRequest.type, { ...editor.at('policies/a.remit', 1, 22), newName: '1 2' }));
  },
  'symbols': async (editor) => {
    const symbols = await editor.ask(lsp.DocumentSymbolRequest.type, editor.document('schema.cedarschema'));
    assert.ok(symbols.some((each) => each.name === 'User' && each.children.length === 2));
    assert.equal((await editor.ask(lsp.WorkspaceSymbolRequest.type, { query: 'refund' })).length, 3);
  },
  'formatting': async (editor) => {
    const text = 'permit(principal,action==Action::"read",resource);\n';
    await editor.change('policies/b.remit', [{ text }]);
    const options = { tabSize: 2, insertSpaces: true };
    const edits = await editor.ask(lsp.DocumentFormattingRequest.type, { ...editor.document('policies/b.remit'), options });
    assert.equal(apply(text, edits), 'permit (principal, action == Action::"read", resource);\n');
    const some = await editor.ask(lsp.DocumentRangeFormattingRequest.type, { ...editor.document('policies/b.remit'), options, range: range(0, 1) });
    assert.equal(some.length, 1);
  },
  'folding and selection': async (editor) => {
    assert.ok((await editor.ask(lsp.FoldingRangeRequest.type, editor.document('policies/a.test.remit'))).length > 0);
    const [selection] = await editor.ask(lsp.SelectionRangeRequest.type, { ...editor.document('policies/a.remit'), positions: [{ line: 2, character: 18 }] });
    assert.ok(selection.parent.parent);
  },
  'semantic tokens': async (editor, answer) => {
    const { data } = await editor.ask(lsp.SemanticTokensRequest.type, editor.document('policies/a.remit'));
    const legend = answer.capabilities.semanticTokensProvider.legend.tokenTypes;
    assert.equal(legend[data[3]], 'decorator');
    assert.ok((await editor.ask(lsp.SemanticTokensRangeRequest.type, { ...editor.document('policies/a.remit'), range: range(1, 2) })).data.length < data.length);
  },
  'inlay hints': async (editor) => {
    assert.deepEqual(await editor.ask(lsp.InlayHintRequest.type, { ...editor.document('policies/a.remit'), range: range(0, 9) }), []);
  },
  'code actions': async (editor) => {
    await editor.change('policies/b.remit', [{ text: '@id("b")\npermit (principal, action == Action::"raed", resource);\n' }]);
    const actions = await editor.ask(lsp.CodeActionRequest.type, { ...editor.document('policies/b.remit'), range: range(1, 2), context: { diagnostics: [] } });
    assert.ok(actions.some((each) => each.title === 'change to `Action::"read"`'));
    await editor.change('policies/b.remit', [{ text: '' }]);
    const saved = await editor.ask(lsp.CodeActionRequest.type, { ...editor.document('policies/a.remit'), range: range(1, 1), context: { diagnostics: [], only: ['refactor.rewrite'] } });
    assert.equal(saved[0].title, 'save as test');
  },
  'code lenses run tests': async (editor) => {
    const lenses = await editor.ask(lsp.CodeLensRequest.type, editor.document('policies/a.test.remit'));
    const { command } = lenses.at(-1);
    const result = await editor.ask(lsp.ExecuteCommandRequest.type, { command: command.command, arguments: command.arguments });
    assert.deepEqual([result.passed, result.failed], [1, 0]);
  },
  'document links': async (editor) => {
    await editor.change('policies/b.remit', [{ text: '// remit: allow(broad-permit) why\n' }]);
    const [link] = await editor.ask(lsp.DocumentLinkRequest.type, editor.document('policies/b.remit'));
    assert.equal(link.target, 'https://example.org/rules/broad-permit.md');
    await editor.change('policies/b.remit', [{ text: '' }]);
  },
  'diagnostics can be pulled': async (editor) => {
    const report = await editor.ask(lsp.DocumentDiagnosticRequest.type, editor.document('policies/a.remit'));
    assert.equal(report.kind, 'full');
  },
  'requests can be cancelled': async (editor) => {
    const source = new rpc.CancellationTokenSource();
    const asked = editor.connection.sendRequest(lsp.WorkspaceSymbolRequest.type, { query: '' }, source.token);
    source.cancel();
    // Either the answer was ready before, or there is none.
    await asked.then((answer) => assert.ok(Array.isArray(answer)), (error) => assert.equal(error.code, lsp.LSPErrorCodes.RequestCancelled));
  },
  'watched files': async (editor) => {
    writeFileSync(join(editor.folder, 'policies/c.remit'), 'permit (');
    await editor.connection.sendNotification(lsp.DidChangeWatchedFilesNotification.type, { changes: [{ uri: editor.uri('policies/c.remit'), type: lsp.FileChangeType.Created }] });
    await editor.until('policies/c.remit', (codes) => codes.length === 1);
    rmSync(join(editor.folder, 'policies/c.remit'));
    await editor.connection.sendNotification(lsp.DidChangeWatchedFilesNotification.type, { changes: [{ uri: editor.uri('policies/c.remit'), type: lsp.FileChangeType.Deleted }] });
    await editor.until('policies/c.remit', (codes) => codes.length === 0);
  },
};

const remit = process.argv[2];
if (!remit) {
  console.error('usage: node session.mjs REMIT');
  process.exit(2);
}
let passed = 0;
let failed = 0;
const editor = new Editor(remit);
const answer = await editor.start();
for (const [title, run] of Object.entries(cases)) {
  try {
    await run(editor, answer);
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${title}\n  ${error.stack.replaceAll('\n', '\n  ')}`);
  }
}
const code = await editor.stop();
if (code === 0) passed += 1;
else failed += 1, console.log(`FAILED the server ended with ${code}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
