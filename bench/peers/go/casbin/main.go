// casbin on tinytodo, the one application of these that its model can say: four policy lines, teams as roles, lists as objects.
// Its answer names one policy that matched, so only the decision is compared.
package main

import (
	"remit.bench/workload"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	defaultrolemanager "github.com/casbin/casbin/v2/rbac/default-role-manager"
)

const text = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = relation, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = (p.act == "*" || p.act == r.act) && ((p.relation == "anyone" && r.obj.Name == "Application::TinyTodo") || (p.relation == "owner" && r.obj.Owner == r.sub) || (p.relation == "reader" && g(r.sub, r.obj.Readers)) || (p.relation == "editor" && g(r.sub, r.obj.Editors)))
`

var lines = [][]string{
	{"anyone", "CreateList"}, {"anyone", "GetLists"}, {"owner", "*"}, {"reader", "GetList"}, {"editor", "GetList"},
	{"editor", "UpdateList"}, {"editor", "CreateTask"}, {"editor", "UpdateTask"}, {"editor", "DeleteTask"},
}

type object struct{ Name, Owner, Readers, Editors string }

func main() {
	folder := workload.Open()
	parsed, err := model.NewModelFromString(text)
	workload.Must(err)
	enforcer, err := casbin.NewEnforcer(parsed)
	workload.Must(err)
	enforcer.SetRoleManager(defaultrolemanager.NewRoleManagerImpl(10000)) // teams may be deeper than the ten of the default
	_, err = enforcer.AddPolicies(lines)
	workload.Must(err)
	objects := map[workload.UID]object{}
	var teams [][]string
	for _, entity := range folder.Entities() {
		one := object{Name: entity.UID.String()}
		if owner, found := entity.Attrs["owner"]; found {
			one.Owner, one.Readers = workload.Reference(owner).String(), workload.Reference(entity.Attrs["readers"]).String()
			one.Editors = workload.Reference(entity.Attrs["editors"]).String()
		}
		objects[entity.UID] = one
		for _, parent := range entity.Parents {
			teams = append(teams, []string{entity.UID.String(), parent.String()})
		}
	}
	_, err = enforcer.AddGroupingPolicies(teams)
	workload.Must(err)
	engine := workload.Engine{Name: "casbin", Version: "2.135.0 (Go)", Mode: "prepared", Compares: "decision"}
	for _, file := range folder.Files() {
		var requests [][]any
		for _, r := range folder.Requests(file) {
			requests = append(requests, []any{r.Principal.String(), objects[r.Resource], r.Action.ID})
		}
		workload.Measure(folder, file, engine, func(i int) bool {
			allowed, err := enforcer.Enforce(requests[i]...)
			workload.Must(err)
			return allowed
		}, func(allowed bool) workload.Answer {
			if allowed {
				return workload.Answer{Decision: "allow"}
			}
			return workload.Answer{Decision: "deny"}
		})
	}
}
