// The extension: starts `remit lsp` and shows what only an editor can show, results of tests and pages of rules. Everything else is the server's.
'use strict';
const vscode = require('vscode');
const { LanguageClient, TransportKind } = require('vscode-languageclient/node');

// Pages of rules are the server's: no site has to be up to read them.
const RULES = 'remit-rule';

let client;
let output;

async function runTest(argument) {
  output ??= vscode.window.createOutputChannel('Remit tests');
  const answer = await client.sendRequest('workspace/executeCommand', { command: 'remit.runTest', arguments: [argument] })
    .catch((error) => ({ passed: 0, failed: 1, report: error.message }));
  output.clear();
  output.append(answer.report);
  output.show(true);
  const text = `${answer.passed} passed, ${answer.failed} failed`;
  if (answer.failed > 0) vscode.window.showErrorMessage(`Remit: ${text}`);
  else vscode.window.setStatusBarMessage(`Remit: ${text}`, 5000);
}

async function explainRule(uri) {
  const code = uri.path.replace(/^\//, '').replace(/\.md$/, '');
  const answer = await client.sendRequest('workspace/executeCommand', { command: 'remit.explainRule', arguments: [{ code }] });
  return answer.markdown;
}

function makeClient() {
  const command = vscode.workspace.getConfiguration('remit').get('path') || 'remit';
  return new LanguageClient('remit', 'Remit', { command, args: ['lsp'], transport: TransportKind.stdio }, {
    // The project file, too: what is wrong with it is told while it is typed.
    documentSelector: [...['remit', 'cedar', 'cedarschema'].map((language) => ({ language })), { pattern: '**/remit.toml' }],
    initializationOptions: { documentation: `${RULES}:/` },
    // The command of a code lens: asked of the server here, so that its answer can be shown.
    middleware: {
      executeCommand: (name, parameters, next) => (name === 'remit.runTest' ? runTest(parameters[0]) : next(name, parameters)),
    },
  });
}

async function restart() {
  if (client) await client.stop();
  client = makeClient();
  await client.start();
}

exports.activate = async (context) => {
  context.subscriptions.push(
    vscode.commands.registerCommand('remit.restart', restart),
    vscode.workspace.registerTextDocumentContentProvider(RULES, { provideTextDocumentContent: explainRule }),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('remit.path') && restart()),
  );
  await restart();
};

exports.deactivate = () => client?.stop();
