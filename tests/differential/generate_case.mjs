// One case: a policy set, entities and requests, made from the seed and the case's number alone.
//
// Most cases are meant to be accepted and decided. The others have one part spoilt: policy text, JSON policies, the policy set around
// them, entities or context. Whether such a part is refused after all is for Cedar to say.
import { makeContext, makeEntities, makeRequest } from './generate_entities.mjs';
import { makePolicies, makePolicyIds } from './generate_policies.mjs';
import { mutateTokens, spoilPolicyText } from './mutate.mjs';
import { Prng } from './prng.mjs';
import { EstRenderer } from './render_est.mjs';
import { TextRenderer } from './render_text.mjs';
import { spoilContext, spoilEntities, spoilEst, spoilPolicySet } from './spoil.mjs';
import { makeWorld } from './world.mjs';

export const kRequestsPerCase = 8;

const plans = [[66, 'decide'], [14, 'tokens'], [6, 'text'], [7, 'est'], [4, 'policy set'], [8, 'entities'], [4, 'context']];

const uidJson = (uid) => ({ type: uid.type, id: uid.id });

// A mutation belongs in one policy; all others of the case are sound.
function renderText(rng, text, policy, plan, spoilt) {
  let tokens = text.policy(policy);
  if (plan === 'tokens' && spoilt) tokens = mutateTokens(rng, tokens);
  const joined = text.join(tokens);
  return plan === 'text' && spoilt ? spoilPolicyText(rng, joined) : joined;
}

// The policy set, and the ids of the static policies where they have any.
function renderPolicySet(rng, { policies, templates, links }, plan) {
  const text = new TextRenderer(rng);
  const est = new EstRenderer(rng);
  const share = plan === 'est' ? 1 : plan === 'tokens' || plan === 'text' ? 0 : 0.3;
  const victim = rng.below(policies.length);
  const render = (policy, spoilt) => {
    if (!rng.chance(share)) return renderText(rng, text, policy, plan, spoilt);
    const json = est.policy(policy);
    return plan === 'est' && spoilt ? spoilEst(rng, json) : json;
  };

  const policySet = {};
  let staticIds = null;
  if (share === 0 || (share < 1 && rng.chance(0.4))) {
    const style = rng.pick(['\n', ' ', '\n\n// between\n']);
    policySet.staticPolicies = policies.map((policy, i) => renderText(rng, text, policy, plan, i === victim)).join(style);
  } else {
    staticIds = makePolicyIds(rng, policies.length, rng.pick(['p', 'policy', '']));
    policySet.staticPolicies = Object.fromEntries(policies.map((policy, i) => [staticIds[i], render(policy, i === victim)]));
  }
  if (templates.length === 0) return { policySet, staticIds };
  const templateIds = makePolicyIds(rng, templates.length, 'template ');
  policySet.templates = Object.fromEntries(templates.map((template, i) => [templateIds[i], render(template, false)]));
  const linkIds = makePolicyIds(rng, links.length, 'link ');
  policySet.templateLinks = links.map((link, i) => ({
    templateId: templateIds[link.template],
    newId: linkIds[i],
    values: Object.fromEntries(link.values.map(([slot, uid]) => [slot, rng.chance(0.9) ? uidJson(uid) : { __entity: uidJson(uid) }])),
  }));
  return { policySet, staticIds };
}

// The shape of a number beside the seed: `s1-17`.
export function makeCase(seed, number) {
  const rng = new Prng(seed, number);
  const plan = rng.weighted(plans);
  const world = makeWorld(rng);
  const made = makePolicies(rng, world, plan === 'decide');
  const rendered = renderPolicySet(rng, made, plan);
  const policySet = plan === 'policy set' ? spoilPolicySet(rng, rendered.policySet) : rendered.policySet;
  let entities = makeEntities(rng, world);
  if (plan === 'entities') entities = spoilEntities(rng, entities);
  const requests = rng.times(kRequestsPerCase, () => {
    const request = makeRequest(rng, world);
    const context = plan === 'context' ? spoilContext(rng, makeContext(rng, world)) : request.context;
    return { principal: uidJson(request.principal), action: uidJson(request.action), resource: uidJson(request.resource), context };
  });
  return { name: `s${seed}-${number}`, plan, made, staticIds: rendered.staticIds, policySet, entities, requests };
}
