#!/usr/bin/env bash
# remit partial and remit query.
source "$(dirname "$0")/expect.sh"
cd "$work" || exit 2

cat >s.cedarschema <<'S'
entity Group;
entity User in [Group] { age: Long };
entity Doc { public: Bool, owner: User };
action read, write appliesTo { principal: User, resource: Doc, context: { mfa: Bool, n?: Long } };
action look appliesTo { principal: [User, Group], resource: Doc };
S
cat >p.cedar <<'P'
@id("public") permit (principal, action == Action::"read", resource) when { resource.public };
@id("own") @note("kept") permit (principal, action in [Action::"read", Action::"write"], resource) when { context.mfa && resource.owner == principal };
@id("banned") forbid (principal == User::"bob", action, resource);
@id("broken") permit (principal, action == Action::"read", resource) when { 9223372036854775807 + 1 > 0 };
P
cat >e.json <<'J'
[{"uid": {"type": "User", "id": "ana"}, "attrs": {"age": 30}, "parents": []},
 {"uid": {"type": "User", "id": "bob"}, "attrs": {"age": 30}, "parents": []},
 {"uid": {"type": "User", "id": "cleo"}, "attrs": {"age": 30}, "parents": []},
 {"uid": {"type": "Doc", "id": "d1"}, "attrs": {"public": true, "owner": {"type": "User", "id": "ana"}}, "parents": []},
 {"uid": {"type": "Doc", "id": "d2"}, "attrs": {"public": false, "owner": {"type": "User", "id": "ana"}}, "parents": []}]
J
partial=("$remit" partial -p p.cedar -s s.cedarschema)

# Residual policies as a policy file.
run "${partial[@]}" --principal 'User::"ana"' --action 'Action::"read"'
expect_status 0
expect_err ""
expect_out '// decision: open: it depends on what is not known
// not satisfied: banned
// fails: broken (integer-overflow: integer overflow while attempting to add the values `9223372036854775807` and `1`)

@id("public")
permit (principal, action, resource)
when { resource.public };

@id("own")
@note("kept")
permit (principal, action, resource)
when { context.mfa && resource.owner == User::"ana" };

@id("broken")
permit (principal, action, resource)
when { 9223372036854775807 + 1 > 0 };'
printf '%s\n' "$out" >residual.cedar
run "$remit" check residual.cedar
expect_status 0

# As JSON, with the residual as a JSON policy.
run "${partial[@]}" --principal 'User::"ana"' --action 'Action::"read"' --context '{"mfa": true}' --format json
expect_status 0
expect_out_has '{"policies":[{"id":"public","effect":"permit","state":"residual","residual":{"effect":"permit","principal":{"op":"All"}'
expect_out_has '{"id":"banned","effect":"forbid","state":"notSatisfied"}'
expect_out_has '"state":"fails","error":{"code":"integer-overflow"'
expect_out_lacks '"decision"'

# Decisions that are settled, and the exit code of deny.
run "${partial[@]}" --principal 'User::"bob"' --action 'Action::"read"' --format json
expect_status 1
expect_out_has '{"decision":"deny"'
run "${partial[@]}" -e e.json --principal 'User::"ana"' --action 'Action::"write"' --resource 'Doc::"d1"' --context '{"mfa": true}' --format json
expect_status 0
expect_out_has '{"decision":"allow"'
run "${partial[@]}" --action 'Action::"write"' --context '{"mfa": false}'
expect_status 1
expect_out_has '// decision: deny'
# An attribute of the context that is not known.
run "${partial[@]}" --principal-type User --action 'Action::"write"' --context '{"n": 1}' --unknown-context mfa
expect_status 0
expect_out_has 'when { principal == User::"bob" };'
expect_out_has 'when { context.mfa && resource.owner == principal };'
echo '{"mfa": true}' >context.json
run "${partial[@]}" --action 'Action::"write"' --context context.json
expect_status 0
expect_out_has 'when { resource.owner == principal };'
# Entities may leave parts out; with --complete they may not, and there are no others.
echo '[{"uid": {"type": "Doc", "id": "d1"}}]' >part.json
run "${partial[@]}" -e part.json --action 'Action::"read"' --resource 'Doc::"d1"'
expect_status 0
expect_out_has 'when { Doc::"d1".public };'
run "${partial[@]}" -e part.json --complete --action 'Action::"read"' --resource 'Doc::"d1"'
expect_status 2
expect_err_has 'missing field `attrs`'
run "${partial[@]}" -e e.json --complete --action 'Action::"read"' --resource 'Doc::"d9"'
expect_status 1
expect_out_has '// fails: public (entity-missing'
# Positional ids, which a file of residuals says in comments.
run "${partial[@]}" --ids cedar --principal 'User::"ana"' --action 'Action::"write"'
expect_out_has '
// policy1
@id("own")'
# An id cannot break out of its comment.
echo '@id("a\npermit (principal, action, resource);") permit (principal, action, resource);' >evil.cedar
run "$remit" partial -p evil.cedar -s s.cedarschema --action 'Action::"read"'
expect_out_has '// satisfied: a\npermit (principal, action, resource);'
# Many names are cut short for people, not for programs.
for i in $(seq 25); do echo 'permit (principal == User::"zoe", action, resource);'; done >many.cedar
run "$remit" partial -p many.cedar -s s.cedarschema --principal 'User::"ana"' --action 'Action::"read"'
expect_out_has 'policy19 and 5 more'
run "$remit" partial -p many.cedar -s s.cedarschema --principal 'User::"ana"' --action 'Action::"read"' --format json
expect_out_has '"id":"policy24"'
# What is no permit and no forbid is named.
echo 'permit (principal, action, resource); @id("careful") restrict (principal, action, resource) to draft;' >more.remit
run "$remit" partial -p more.remit -s s.cedarschema --action 'Action::"read"'
expect_out_has '// not considered: restrict careful'
run "$remit" partial -p more.remit -s s.cedarschema --action 'Action::"read"' --format json
expect_out_has '"notConsidered":[{"id":"careful","kind":"restrict"}]'

# Mistakes.
run "${partial[@]}" --action 'Action::"nope"'
expect_status 2
expect_err_has 'error[undeclared-action]: /action: action'
run "${partial[@]}" --action 'Action::"look"'
expect_status 2
expect_err_has 'error[missing-type]: /principal: which type of principal is meant has to be said'
run "${partial[@]}" --principal 'User::"ana"' --principal-type User --action 'Action::"read"'
expect_status 2
run "${partial[@]}" --action 'Action::"read"' --context '{"mfa": 1}'
expect_status 2
expect_err_has 'error[type-mismatch]: /context/mfa'
run "$remit" partial -p p.cedar --action 'Action::"read"'
expect_status 2
echo 'permit (principal, action, resource) when { principal.nope };' >wrong.cedar
run "$remit" partial -p wrong.cedar -s s.cedarschema --action 'Action::"read"'
expect_status 2
expect_err_has 'unknown-attribute'

# Queries.
query=("$remit" query -p p.cedar -s s.cedarschema -e e.json)
run "${query[@]}" who --action 'Action::"read"' --resource 'Doc::"d1"' --context '{"mfa": false}'
expect_status 0
expect_out 'User::"ana"
User::"cleo"'
run "${query[@]}" who --action 'Action::"read"' --resource 'Doc::"d2"'
expect_status 0
expect_out 'User::"ana" (maybe)'
run "${query[@]}" who --action 'Action::"read"' --resource 'Doc::"d2"' --context '{"mfa": false}'
expect_status 1
expect_out ''
run "${query[@]}" who --action 'Action::"read"' --resource 'Doc::"d1"' --limit 1 --format json
expect_out '{"found":[{"entity":{"type":"User","id":"ana"},"answer":"yes"}],"next":"User::\"ana\""}'
run "${query[@]}" who --action 'Action::"read"' --resource 'Doc::"d1"' --limit 1 --after 'User::"ana"'
expect_out 'User::"cleo"'
expect_err ''
run "${query[@]}" what --principal 'User::"cleo"' --action 'Action::"read"' --context '{"mfa": true}'
expect_out 'Doc::"d1"'
run "${query[@]}" actions --principal 'User::"ana"' --resource 'Doc::"d1"' --format json
expect_out '{"found":[{"entity":{"type":"Action","id":"read"},"answer":"yes"},{"entity":{"type":"Action","id":"write"},"answer":"maybe"}]}'
run "${query[@]}" actions --principal 'User::"ana"' --resource 'Doc::"d1"' --context '{"mfa": true}'
expect_status 0
expect_out 'Action::"read"
Action::"write"'
expect_err_has 'the context does not fit Action::"look"'
run "${query[@]}" actions --principal 'User::"bob"' --resource 'Doc::"d1"'
expect_status 1
run "${query[@]}" actions --principal 'Usr::"bob"' --resource 'Doc::"d1"'
expect_status 2
expect_err_has 'did you mean `User`?'
run "${query[@]}" who --action 'Action::"read"'
expect_status 2
expect_err_has '`who` needs --action and --resource'
run "${query[@]}" actions --principal 'User::"ana"' --resource 'Doc::"d1"' --context '{"zz": true}'
expect_status 2

# Where a forbid that fails denies.
cat >f.cedar <<'P'
@id("all") permit (principal, action, resource);
@id("fails") forbid (principal, action == Action::"read", resource) when { principal.age * 9223372036854775807 == 0 };
@id("may fail") forbid (principal, action == Action::"write", resource) when { principal.age * context.n == 1 && false };
P
cat >f.cedarschema <<'S'
entity User { age: Long };
entity Doc;
action read, write appliesTo { principal: User, resource: Doc, context: { n: Long } };
S
cat >f.json <<'J'
[{"uid": {"type": "User", "id": "ana"}, "attrs": {"age": 30}, "parents": []},
 {"uid": {"type": "User", "id": "kid"}, "attrs": {"age": 1}, "parents": []},
 {"uid": {"type": "Doc", "id": "d1"}, "attrs": {}, "parents": []}]
J
forbids=(-p f.cedar -s f.cedarschema -e f.json)
run "$remit" partial "${forbids[@]}" --principal 'User::"ana"' --action 'Action::"read"' --resource-type Doc
expect_status 0
expect_out_has 'decision: allow'
run "$remit" partial "${forbids[@]}" --principal 'User::"ana"' --action 'Action::"read"' --resource-type Doc --forbid-errors deny
expect_status 1
expect_out_has 'decision: deny'
expect_out_has 'fails: fails (integer-overflow'
run "$remit" partial "${forbids[@]}" --principal 'User::"ana"' --action 'Action::"write"' --resource-type Doc
expect_out_has 'decision: allow'
run "$remit" partial "${forbids[@]}" --principal 'User::"ana"' --action 'Action::"write"' --resource-type Doc --forbid-errors deny
expect_status 0
expect_out_has 'decision: open'
who=("$remit" query who "${forbids[@]}" --resource 'Doc::"d1"')
run "${who[@]}" --action 'Action::"read"' --context '{"n": 1}'
expect_out 'User::"ana"
User::"kid"'
run "${who[@]}" --action 'Action::"read"' --context '{"n": 1}' --forbid-errors deny
expect_out 'User::"kid"'
run "${who[@]}" --action 'Action::"read"' --forbid-errors deny
expect_out 'User::"kid"'
run "${who[@]}" --action 'Action::"write"' --forbid-errors deny
expect_out 'User::"ana" (maybe)
User::"kid" (maybe)'
run "$remit" query actions "${forbids[@]}" --principal 'User::"ana"' --resource 'Doc::"d1"' --context '{"n": 1}' --forbid-errors deny
expect_out 'Action::"write"'
# The project's word.
printf 'policies = ["f.cedar"]\nschema = ["f.cedarschema"]\nentities = "f.json"\nforbid_errors = "deny"\n' >remit.toml
run "$remit" query who --resource 'Doc::"d1"' --action 'Action::"read"'
expect_out 'User::"kid"'
run "$remit" query what --principal 'User::"ana"' --action 'Action::"read"'
expect_status 1
run "$remit" partial --principal 'User::"ana"' --action 'Action::"read"'
expect_status 1
finish
