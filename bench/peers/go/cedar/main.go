// cedar-go on one folder of the workloads. Templates are given as the policies they stand for: cedar-go 1 has no links.
package main

import (
	"encoding/json"
	"regexp"
	"time"

	"remit.bench/workload"

	cedar "github.com/cedar-policy/cedar-go"
)

var engine = workload.Engine{Name: "cedar-go", Version: "1.9.0", Mode: "prepared", Compares: "all"}

func policies(folder workload.Folder) *cedar.PolicySet {
	text := folder.Bytes("policies_linked.cedar")
	if text == nil {
		text = folder.Bytes("policies.cedar")
	}
	parsed, err := cedar.NewPolicyListFromBytes("policies.cedar", text)
	workload.Must(err)
	set := cedar.NewPolicySet()
	for _, policy := range parsed {
		set.Add(cedar.PolicyID(policy.Annotations()["id"]), policy)
	}
	return set
}

func uid(u workload.UID) cedar.EntityUID {
	return cedar.NewEntityUID(cedar.EntityType(u.Type), cedar.String(u.ID))
}

func request(r workload.Request) cedar.Request {
	return cedar.Request{Principal: uid(r.Principal), Action: uid(r.Action), Resource: uid(r.Resource)}
}

type result struct {
	decision   cedar.Decision
	diagnostic cedar.Diagnostic
}

func answer(r result) workload.Answer {
	out := workload.Answer{Decision: "deny", Errors: make([]any, len(r.diagnostic.Errors))}
	if r.decision == cedar.Allow {
		out.Decision = "allow"
	}
	for _, reason := range r.diagnostic.Reasons {
		out.Reason = append(out.Reason, string(reason.PolicyID))
	}
	return out
}

var memberAction = regexp.MustCompile(`action (\w+) in \[(\w+)\]`)

// cedar-go does not read the schema for a decision: the action groups must be among the entities.
func addActions(folder workload.Folder, entities cedar.EntityMap) {
	for _, match := range memberAction.FindAllSubmatch(folder.Bytes("schema.cedarschema"), -1) {
		action, parent := cedar.NewEntityUID("Action", cedar.String(match[1])), cedar.NewEntityUID("Action", cedar.String(match[2]))
		entities[action] = cedar.Entity{UID: action, Parents: cedar.NewEntityUIDSet(parent)}
	}
}

func main() {
	folder := workload.Open()
	set := policies(folder)
	var entities cedar.EntityMap
	text, start := folder.Bytes("entities.json"), time.Now()
	workload.Must(json.Unmarshal(text, &entities))
	workload.Figure(folder, engine, "entities-load", float64(len(text))/1e6/time.Since(start).Seconds(), "MB/s")
	addActions(folder, entities)
	for _, file := range folder.Files() {
		requests := folder.Requests(file)
		prepared := make([]cedar.Request, len(requests))
		for i, r := range requests {
			prepared[i] = request(r)
		}
		workload.Measure(folder, file, engine, func(i int) result {
			decision, diagnostic := cedar.Authorize(set, entities, prepared[i])
			return result{decision, diagnostic}
		}, answer)
	}
}
