// OPA as a library: a prepared query, the data loaded beforehand with every entity's ancestors worked out, requests parsed beforehand.
// The policies are in rego/, written so that each rule is a look-up; the store keeps parsed values, which is OPA's quickest setting.
package main

import (
	"context"
	"embed"
	"sort"
	"strings"

	"remit.bench/workload"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

//go:embed rego/*.rego
var policies embed.FS

// The growing workloads have the policies of others.
var policiesOf = map[string]string{"scale_links": "gdrive_templates", "scale_entities": "tinytodo", "scale_depth": "tinytodo"}

// Entity references become keys, records keep their names.
func plain(value any) any {
	switch v := value.(type) {
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = plain(v[i])
		}
		return out
	case map[string]any:
		if _, reference := v["__entity"]; reference {
			return workload.Reference(v).String()
		}
	}
	return value
}

// data.entity[uid] are attributes; data.above[uid] is an object with a key for the entity itself and each ancestor.
// data.links[resource] are the grants on a resource.
func data(folder workload.Folder) map[string]any {
	entities := folder.Entities()
	attributes, above, links := map[string]any{}, map[string]any{}, map[string]any{}
	for _, entity := range entities {
		out := map[string]any{}
		for name, value := range entity.Attrs {
			out[name] = plain(value)
		}
		attributes[entity.UID.String()] = out
	}
	for uid, ancestors := range workload.Ancestors(entities) {
		out := map[string]any{}
		for ancestor := range ancestors {
			out[ancestor.String()] = true
		}
		above[uid.String()] = out
	}
	for _, link := range folder.Links() {
		key := link.Resource.String()
		grants, _ := links[key].([]any)
		links[key] = append(grants, map[string]any{"id": link.ID, "template": link.Template, "principal": link.Principal.String()})
	}
	return map[string]any{"entity": attributes, "above": above, "links": links}
}

func answer(result rego.ResultSet) workload.Answer {
	out := workload.Answer{Decision: "deny"}
	for _, reason := range result[0].Expressions[0].Value.([]any) {
		out.Reason = append(out.Reason, reason.(string))
	}
	sort.Strings(out.Reason)
	if len(out.Reason) > 0 {
		out.Decision = "allow"
	}
	return out
}

func main() {
	folder, ctx := workload.Open(), context.Background()
	name := strings.ReplaceAll(folder.App, "-", "_")
	if other, found := policiesOf[name]; found {
		name = other
	}
	text, err := policies.ReadFile("rego/" + name + ".rego")
	workload.Must(err)
	query, err := rego.New(
		rego.Query("data."+name+".reason"),
		rego.Module(name+".rego", string(text)),
		rego.Store(inmem.NewFromObjectWithOpts(data(folder), inmem.OptReturnASTValuesOnRead(true))),
	).PrepareForEval(ctx)
	workload.Must(err)
	engine := workload.Engine{Name: "opa", Version: "1.22.2", Mode: "prepared", Compares: "all"}
	for _, file := range folder.Files() {
		requests := folder.Requests(file)
		inputs := make([]ast.Value, len(requests))
		for i, r := range requests {
			inputs[i], err = ast.InterfaceToValue(map[string]any{"principal": r.Principal.String(), "action": r.Action.ID, "resource": r.Resource.String()})
			workload.Must(err)
		}
		workload.Measure(folder, file, engine, func(i int) rego.ResultSet {
			result, err := query.Eval(ctx, rego.EvalParsedInput(inputs[i]))
			workload.Must(err)
			return result
		}, answer)
	}
}
