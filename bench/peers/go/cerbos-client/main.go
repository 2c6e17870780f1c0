// Cerbos through its own HTTP API: starts the server, asks it over one kept connection, stops it.
//
// usage: cerbos-client SERVER POLICIES FOLDER
//
// Cerbos keeps no entities: each request carries what the policies read, with the ancestors worked out by the caller beforehand. The bodies
// are written beforehand too, so the time is a request on loopback and what the server does for it. It says allow or deny, not why.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"remit.bench/workload"
)

const address = "127.0.0.1:13592"

func startServer(server, policies string) *exec.Cmd {
	command := exec.Command(server, "server", "--set=storage.driver=disk", "--set=storage.disk.directory="+policies,
		"--set=server.httpListenAddr="+address, "--set=server.grpcListenAddr=127.0.0.1:13593", "--set=telemetry.disabled=true", "--log-level=error")
	command.Stderr = os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // the server ends with us, however we end
	workload.Must(command.Start())
	for range 200 {
		if response, err := http.Get("http://" + address + "/_cerbos/health"); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return command
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	workload.Must(fmt.Errorf("cerbos did not become ready"))
	return nil
}

// A value as Cerbos can compare it: references become strings.
func plain(value any) any {
	switch v := value.(type) {
	case []any:
		out := make([]any, 0, len(v))
		for _, item := range v {
			out = append(out, plain(item))
		}
		return out
	case map[string]any:
		if _, reference := v["__entity"]; reference {
			return workload.Reference(v).String()
		}
	}
	return value
}

type attributes struct {
	entities map[workload.UID]workload.Entity
	above    map[workload.UID]map[workload.UID]bool
}

func (a attributes) of(uid workload.UID) map[string]any {
	out := map[string]any{}
	for name, value := range a.entities[uid].Attrs {
		if name != "tasks" {
			out[strings.Replace(name, "documentsAndFoldersWithViewAccess", "view", 1)] = plain(value)
		}
	}
	if owner, found := a.entities[uid].Attrs["owner"]; found && uid.Type == "Repository" {
		organization := a.entities[workload.Reference(owner)].Attrs
		out["orgReaders"], out["orgWriters"], out["orgAdmins"] = plain(organization["readers"]), plain(organization["writers"]), plain(organization["admins"])
	}
	above := []string{}
	for ancestor := range a.above[uid] {
		above = append(above, ancestor.String())
	}
	out["above"] = above
	return out
}

func (a attributes) body(r workload.Request) []byte {
	data, err := json.Marshal(map[string]any{
		"principal": map[string]any{"id": r.Principal.String(), "roles": []string{"user"}, "attr": a.of(r.Principal)},
		"resources": []any{map[string]any{
			"actions":  []string{r.Action.ID},
			"resource": map[string]any{"kind": r.Resource.Type, "id": r.Resource.String(), "attr": a.of(r.Resource)},
		}},
	})
	workload.Must(err)
	return data
}

func ask(body []byte) []byte {
	response, err := http.Post("http://"+address+"/api/check/resources", "application/json", bytes.NewReader(body))
	workload.Must(err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	workload.Must(err)
	return data
}

func answer(data []byte) workload.Answer {
	if bytes.Contains(data, []byte(`"EFFECT_ALLOW"`)) {
		return workload.Answer{Decision: "allow"}
	}
	if bytes.Contains(data, []byte(`"EFFECT_DENY"`)) {
		return workload.Answer{Decision: "deny"}
	}
	workload.Must(fmt.Errorf("cerbos: %s", data))
	return workload.Answer{}
}

func main() {
	server, policies := os.Args[1], os.Args[2]
	os.Args = append(os.Args[:1], os.Args[3:]...)
	folder := workload.Open()
	command := startServer(server, policies)
	defer command.Process.Kill()
	entities := folder.Entities()
	a := attributes{entities: map[workload.UID]workload.Entity{}, above: workload.Ancestors(entities)}
	for _, entity := range entities {
		a.entities[entity.UID] = entity
	}
	engine := workload.Engine{Name: "cerbos", Version: "0.55.0", Mode: "server", Compares: "decision"}
	for _, file := range folder.Files() {
		var bodies [][]byte
		for _, r := range folder.Requests(file) {
			bodies = append(bodies, a.body(r))
		}
		workload.Measure(folder, file, engine, func(i int) []byte { return ask(bodies[i]) }, answer)
	}
}
