// Imports the tools of real servers of the Model Context Protocol, each started over its standard input and output. Of each: the schema checks, a
// policy with the guards checks against it, a valid call of each tool is a request that the schema accepts, nothing drifts from one start to
// the next, and without what is ours the schema is the public generator's. usage: servers.mjs PATH-OF-REMIT
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { sample } from './sample.mjs';

const here = path.dirname(new URL(import.meta.url).pathname);
const remit = process.argv[2];
if (!fs.existsSync(path.join(here, 'node_modules/.package-lock.json'))) {
  console.log('skipped: there are no npm packages in tests/mcp (`./dev setup` brings them)');
  process.exit(77);
}
const require = createRequire(import.meta.url);
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'remit-mcp-'));
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }));

const servers = {
  everything: ['@modelcontextprotocol/server-everything/dist/index.js'],
  filesystem: ['@modelcontextprotocol/server-filesystem/dist/index.js', work],
  memory: ['@modelcontextprotocol/server-memory/dist/index.js'],
  'sequential-thinking': ['@modelcontextprotocol/server-sequential-thinking/dist/index.js'],
  context7: ['@upstash/context7-mcp/dist/index.js'],
  playwright: ['@playwright/mcp/cli.js'],  // lists its tools without a browser
};
const modes = [[], ['--precise', '--docs'], ['--include-outputs', '--deduplicate-entity-types', '--flatten-namespaces', '--encode-numbers-as-decimal']];

let checks = 0;
let failures = 0;
function expect(what, good, told = '') {
  checks += 1;
  if (good) return;
  failures += 1;
  console.log(`FAILED: ${what}\n${told}`);
}
function run(what, args, input, status = 0) {
  const done = spawnSync(remit, args, { input, encoding: 'utf8', timeout: 60_000 });
  expect(`${what}: remit ${args.join(' ')}`, done.status === status, done.stdout.slice(0, 2000) + done.stderr);
  return done.stdout;
}
const file = (name) => path.join(work, name);

// The generator refuses what has names that are no identifiers; where it answers, its schema and ours are the same.
function compareWithGenerator(name, tools) {
  const { generateSchema } = require('@cedar-policy/mcp-schema-generator-wasm');
  const stub = 'namespace Mcp { @mcp_principal entity User; @mcp_resource entity Server; }';
  const theirs = JSON.parse(generateSchema(stub, fs.readFileSync(tools, 'utf8').replace('"tools"', '"result":{"tools"').replace(/\}\s*$/, '}}')));
  if (!theirs.isOk) return console.log(`  ${name}: refused by the public generator: ${theirs.error.split('\n')[0]}`);
  fs.writeFileSync(file('theirs.cedarschema'), theirs.schema);
  run(`${name}: the public generator's schema`, ['schema', 'import', '--mcp', tools, '--no-hint-groups', '--no-notes', '--drift', file('theirs.cedarschema')]);
}

function testCall(name, tools, mode, tool, full) {
  const call = JSON.stringify({ method: 'tools/call', params: { name: tool.name, arguments: sample(tool.inputSchema, tool.inputSchema, full) } });
  const request = run(`${name}: call of ${tool.name}`, ['schema', 'request', '--mcp', tools, ...mode, '--call', '-'], call);
  run(`${name}: request of ${tool.name}`, ['validate-request', '--schema', file('s.cedarschema'), '-r', '-'], request);
}

for (const [name, [script, ...args]] of Object.entries(servers)) {
  const words = ['node', path.join(here, 'node_modules', script), ...args];
  const tools = file(`${name}.json`);
  run(name, ['schema', 'import', '--mcp-command', words.map((word) => `'${word}'`).join(' '), '--save-tools', tools, '-o', file('first.cedarschema')]);
  if (!fs.existsSync(tools)) continue;
  const list = JSON.parse(fs.readFileSync(tools, 'utf8')).tools;
  expect(`${name} has tools`, list.length > 0);
  run(`${name}: drift`, ['schema', 'import', '--mcp', tools, '--drift', file('first.cedarschema')]);
  for (const mode of modes) {
    run(name, ['schema', 'import', '--mcp', tools, ...mode, '-o', file('s.cedarschema'), '--guards', file('guards.remit')]);
    fs.writeFileSync(file('p.cedar'), 'permit (principal, action in Mcp::Action::"read_only_tools", resource);\n');
    run(`${name}: check`, ['check', file('p.cedar'), file('guards.remit'), '--schema', file('s.cedarschema')]);
    for (const tool of list) for (const full of [false, true]) testCall(name, tools, mode, tool, full);
  }
  compareWithGenerator(name, tools);
  console.log(`  ${name}: ${list.length} tools`);
}
console.log(`${checks - failures} passed, ${failures} failed`);
process.exit(failures === 0 ? 0 : 1);
