// What an expression may rely on: the variables of the request environments that a policy's scope leaves.
//
// A policy is checked once for each environment. So it may use an access path only if every one of them has it with the same type; where the
// principal differs from one to the next, it has none that the generator would know.
import * as e from '../expr.mjs';
import { keyOf } from './schema_model.mjs';

const kDepth = 3;
const kPaths = 160;

export const pathKey = (root, steps) => [root, ...steps].map((step) => JSON.stringify(step)).join('.');

// Access paths from some root: [{root, steps, optional: [bool], type}], breadth first, so that entities which hold each other come to an end.
function walk(index, root, type) {
  const found = [];
  let level = [{ root, steps: [], optional: [], type }];
  for (let depth = 0; depth < kDepth && found.length < kPaths; ++depth) {
    level = level.flatMap((path) => index.fieldsOf(path.type).map(([name, field, optional]) => (
      { root, steps: [...path.steps, name], optional: [...path.optional, optional === true], type: field })));
    found.push(...level);
  }
  return found.slice(0, kPaths);
}

const identity = ({ root, steps, optional, type }) => `${pathKey(root, steps)} ${optional} ${keyOf(type)}`;

export class ScopeEnv {
  constructor(index, envs) {
    this.index = index;
    this.envs = envs;
    const types = (name) => [...new Set(envs.map((env) => env[name]))];
    const actions = [...new Set(envs.map((env) => env.action.type))];
    this.variables = new Map();  // name to type, for those that have one type in all environments
    for (const [name, list] of [['principal', types('principal')], ['resource', types('resource')], ['action', actions]]) {
      if (list.length === 1) this.variables.set(name, { t: 'entity', name: list[0] });
    }
    this.principalTypes = types('principal');
    this.resourceTypes = types('resource');
    this.paths = this.#common();
    this.byKey = new Map();
    for (const path of this.paths) {
      const key = keyOf(path.type);
      if (!this.byKey.has(key)) this.byKey.set(key, []);
      this.byKey.get(key).push(path);
    }
    for (const [name, type] of this.variables) this.#add({ root: name, steps: [], optional: [], type });
    this.types = [...new Map(this.paths.map((path) => [keyOf(path.type), path.type])).values()];
  }

  #add(path) {
    const key = keyOf(path.type);
    if (!this.byKey.has(key)) this.byKey.set(key, []);
    this.byKey.get(key).push(path);
  }

  #pathsOf(env) {
    return [
      ...walk(this.index, 'principal', { t: 'entity', name: env.principal }),
      ...walk(this.index, 'resource', { t: 'entity', name: env.resource }),
      ...walk(this.index, 'context', env.context),
    ];
  }

  #common() {
    const [first, ...others] = this.envs.slice(0, 12).map((env) => this.#pathsOf(env));
    if (!first) return [];
    const sets = others.map((paths) => new Set(paths.map(identity)));
    return first.filter((path) => sets.every((set) => set.has(identity(path))));
  }

  ofType(type) {
    return this.byKey.get(keyOf(type)) ?? [];
  }
}

export const access = (root, steps) => steps.reduce((object, step) => e.get(object, step), e.variable(root));
