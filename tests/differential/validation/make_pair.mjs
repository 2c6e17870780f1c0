// One pair: a schema and policies for it, and where decisions are compared too, entities and requests that the schema allows.
import { makePolicyIds } from '../generate_policies.mjs';
import { mutateTokens } from '../mutate.mjs';
import { Prng } from '../prng.mjs';
import { EstRenderer } from '../render_est.mjs';
import { TextRenderer } from '../render_text.mjs';
import { Conforming, makeWorld } from './conforming.mjs';
import { makeSchema } from './generate_schema.mjs';
import { schemaJson } from './render_schema_json.mjs';
import { schemaText } from './render_schema_text.mjs';
import { SchemaIndex } from './schema_model.mjs';
import { spoilSchema, spoilSchemaText } from './spoil_schema.mjs';
import { PolicyMaker } from './typed_policies.mjs';

export const kRequestsPerCase = 8;

const kSpoiltSchema = 0.12;
const kSpoiltData = 0.12;

const uidJson = ({ type, id }) => ({ type, id });

// A schema with an environment at least.
function usableSchema(rng) {
  for (;;) {
    const schema = makeSchema(rng);
    const index = new SchemaIndex(schema);
    if (index.envs.length > 0) return { schema, index };
  }
}

function renderPolicySet(rng, { policies, templates, links }) {
  const text = new TextRenderer(rng);
  const est = new EstRenderer(rng);
  const render = (policy) => (rng.chance(0.15) ? est.policy(policy) : text.join(text.policy(policy), 'plain'));
  const ids = rng.chance(0.5) ? policies.map((_, i) => `policy${i}`) : makePolicyIds(rng, policies.length, 'p');
  const asText = (policy) => text.join(text.policy(policy), 'plain');
  const policySet = { staticPolicies: rng.chance(0.3) ? policies.map(asText).join('\n') : Object.fromEntries(policies.map((policy, i) => [ids[i], render(policy)])) };
  if (templates.length === 0) return policySet;
  const templateIds = makePolicyIds(rng, templates.length, 'template ');
  const linkIds = makePolicyIds(rng, links.length, 'link ');
  policySet.templates = Object.fromEntries(templates.map((template, i) => [templateIds[i], render(template)]));
  policySet.templateLinks = links.map((link, i) => ({
    templateId: templateIds[link.template],
    newId: linkIds[i],
    values: Object.fromEntries(link.values.map(([slot, uid]) => [slot, uidJson(uid)])),
  }));
  return policySet;
}

// The schema as written, spoilt in its structure, its tokens or not at all.
function renderSchema(rng, schema, plan) {
  const asText = rng.chance(0.6);
  const written = plan === 'structure' ? spoilSchema(rng, schema) : schema;
  if (!asText && plan !== 'tokens') return schemaJson(rng, written);
  const text = schemaText(rng, written);
  return plan === 'tokens' ? spoilSchemaText(rng, text, mutateTokens) : text;
}

// `sound`: more that conforms, and requests to decide. Entities are made before requests so that a case of either kind is the same pair.
export function makePair(seed, number, { sound = false } = {}) {
  const rng = new Prng(seed, number);
  const plan = !sound && rng.chance(kSpoiltSchema) ? rng.pick(['structure', 'structure', 'tokens']) : 'whole';
  const { schema, index } = usableSchema(rng);
  const world = makeWorld(rng, index);
  const misses = [];
  const maker = new PolicyMaker(rng, index, world, { clean: sound ? 0.8 : 0.3, wide: sound, count: (name) => misses.push(name) });
  const made = maker.make();
  const name = `${sound ? 'd' : 'v'}${seed}-${number}`;
  const test = { name, plan, made, misses, schema: renderSchema(rng, schema, plan), policySet: renderPolicySet(rng, made), entities: [], requests: [] };
  if (!sound) return test;
  const data = new Conforming(rng, index, world);
  const fault = rng.chance(kSpoiltData) ? rng.pick(['entities', 'context']) : '';
  const spoiling = (part, build) => {
    data.spoilt = fault === part ? 0.03 : 0;
    return build();
  };
  const entities = spoiling('entities', () => data.entities());
  const requests = spoiling('context', () => rng.times(kRequestsPerCase, () => data.request(rng.chance(0.9) ? maker.used : index.envs)));
  return { ...test, sound, entities, requests };
}
