// Tries the grammars as Visual Studio Code does: with its own tokenizer, on samples whose expectations stand below the lines they are about.
//
//   permit (principal, action, resource);
// ^^^^^^ keyword.control.statement
//
// A line that begins with `//` and has `^` says of the columns above them which scope they have. `node grammar.mjs`
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

const here = join(dirname(fileURLToPath(import.meta.url)), 'grammar');
const root = join(here, '../../../editors/vscode');
const wasm = readFileSync(join(dirname(createRequire(import.meta.url).resolve('vscode-oniguruma')), 'onig.wasm'));
await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));

const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async (scope) => {
    const { path } = contributes.grammars.find((each) => each.scopeName === scope);
    return textmate.parseRawGrammar(readFileSync(join(root, path), 'utf8'), path);
  },
});

let passed = 0;
let failed = 0;
function expect(holds, message) {
  if (holds) passed += 1;
  else failed += 1, console.log(`FAILED ${message}`);
}

for (const name of readdirSync(here)) {
  const scope = name.endsWith('.cedarschema') ? 'source.cedarschema' : 'source.remit';
  const grammar = await registry.loadGrammar(scope);
  let stack = textmate.INITIAL;
  let tokens = [];
  readFileSync(join(here, name), 'utf8').split('\n').forEach((line, number) => {
    const claim = /^\/\/ ?( *)(\^+) +(\S+)$/.exec(line);
    if (!claim) {
      ({ tokens, ruleStack: stack } = grammar.tokenizeLine(line, stack));
      return;
    }
    const begin = line.indexOf('^');
    for (let column = begin; column < begin + claim[2].length; column += 1) {
      const token = tokens.find((each) => each.startIndex <= column && column < each.endIndex);
      const has = token?.scopes.some((each) => each.startsWith(claim[3]));
      if (!has) {
        expect(false, `${name}:${number + 1}: column ${column + 1} is ${token?.scopes.join(' ') ?? 'beyond the line'}, not ${claim[3]}`);
        return;
      }
    }
    expect(true, '');
  });
}

// What the package names is there, and its JSON is JSON.
for (const each of [...contributes.languages.map((l) => l.configuration), ...contributes.snippets.map((s) => s.path), ...contributes.grammars.map((g) => g.path)]) {
  try {
    JSON.parse(readFileSync(join(root, each), 'utf8'));
    passed += 1;
  } catch (error) {
    expect(false, `${each}: ${error.message}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
