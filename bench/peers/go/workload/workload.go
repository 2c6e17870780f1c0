// Package workload reads one folder of the workloads and measures decisions over it, by the method of bench/README.md.
package workload

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	hotTime  = time.Second
	mostTime = 5 * time.Second
)

// UID names an entity as the files do.
type UID struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

func (u UID) String() string { return u.Type + "::" + u.ID }

// Request is one line of requests.json; none of the workloads has a context.
type Request struct {
	Principal UID `json:"principal"`
	Action    UID `json:"action"`
	Resource  UID `json:"resource"`
}

// Answer is what must come out.
type Answer struct {
	Decision string   `json:"decision"`
	Reason   []string `json:"reason"`
	Errors   []any    `json:"errors"`
}

// Entity is one element of entities.json.
type Entity struct {
	UID     UID            `json:"uid"`
	Attrs   map[string]any `json:"attrs"`
	Parents []UID          `json:"parents"`
}

// Link fills the slots of a template.
type Link struct {
	Template  string `json:"template"`
	ID        string `json:"id"`
	Principal UID    `json:"principal"`
	Resource  UID    `json:"resource"`
}

// Folder is one workload at one size.
type Folder struct {
	Path, App string
	N         int
}

// Open takes the folder from the command line.
func Open() Folder {
	path := filepath.Clean(os.Args[1])
	n, err := strconv.Atoi(filepath.Base(path)[1:])
	Must(err)
	return Folder{Path: path, App: filepath.Base(filepath.Dir(path)), N: n}
}

// Must ends the program on an error: a benchmark has no other way out.
func Must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Bytes of a file; nil if there is none.
func (f Folder) Bytes(name string) []byte {
	data, err := os.ReadFile(filepath.Join(f.Path, name))
	if os.IsNotExist(err) {
		return nil
	}
	Must(err)
	return data
}

func list[T any](f Folder, name string) []T {
	var items []T
	if data := f.Bytes(name); data != nil {
		Must(json.Unmarshal(data, &items))
	}
	return items
}

func (f Folder) Entities() []Entity             { return list[Entity](f, "entities.json") }
func (f Folder) Links() []Link                  { return list[Link](f, "links.json") }
func (f Folder) Requests(file string) []Request { return list[Request](f, file+".json") }

// Files are the request files there are.
func (f Folder) Files() []string {
	return slices.DeleteFunc([]string{"requests", "requests_mix", "candidates"}, func(file string) bool { return f.Bytes(file+".json") == nil })
}

func (f Folder) expected(file string) []Answer {
	name := "expected_" + file + ".json"
	if rest, found := strings.CutPrefix(file, "requests"); found {
		name = "expected" + rest + ".json"
	}
	return list[Answer](f, name)
}

// Ancestors of every entity, itself included.
func Ancestors(entities []Entity) map[UID]map[UID]bool {
	parents := map[UID][]UID{}
	for _, entity := range entities {
		parents[entity.UID] = entity.Parents
	}
	closure := map[UID]map[UID]bool{}
	for uid := range parents {
		seen, todo := map[UID]bool{uid: true}, []UID{uid}
		for len(todo) > 0 {
			next := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, parent := range parents[next] {
				if !seen[parent] {
					seen[parent] = true
					todo = append(todo, parent)
				}
			}
		}
		closure[uid] = seen
	}
	return closure
}

// Reference is the entity that an attribute names.
func Reference(value any) UID {
	entity := value.(map[string]any)["__entity"].(map[string]any)
	return UID{entity["type"].(string), entity["id"].(string)}
}

// Engine says who is measured, and how much of an answer it can give.
type Engine struct {
	Name, Version, Mode string
	// Compares: "all" (decision, every determining policy, errors), or "decision" where the engine does not say why.
	Compares string
}

func same(compares string, got, want Answer) bool {
	if got.Decision != want.Decision || compares == "decision" {
		return got.Decision == want.Decision
	}
	slices.Sort(got.Reason)
	slices.Sort(want.Reason)
	return slices.Equal(got.Reason, want.Reason) && len(got.Errors) == len(want.Errors)
}

// Measure prints one line for the requests of a file. The first round is compared with what is expected.
func Measure[T any](f Folder, file string, engine Engine, call func(i int) T, read func(T) Answer) {
	expected, cold := f.expected(file), file == "candidates"
	var samples []float64
	mismatches, allowed, start := 0, 0, time.Now()
	for i, want := range expected {
		begin := time.Now()
		result := call(i)
		samples = append(samples, float64(time.Since(begin)))
		answer := read(result)
		if !same(engine.Compares, answer, want) {
			mismatches++
		}
		if answer.Decision == "allow" {
			allowed++
		}
		if time.Since(start) > mostTime {
			break
		}
	}
	checked, rounds := len(samples), 1
	if time.Since(start) < mostTime/2 {
		samples, rounds = repeat(len(expected), cold, call)
	}
	report(f, file, engine, samples, map[string]any{"rounds": rounds, "checked": checked, "allowed": allowed, "mismatches": mismatches})
}

func repeat[T any](count int, cold bool, call func(i int) T) (samples []float64, rounds int) {
	var junk []uint64
	if cold {
		junk = make([]uint64, 8<<20)
	}
	for start := time.Now(); (rounds < 3 || !cold && time.Since(start) < hotTime) && time.Since(start) < mostTime; rounds++ {
		for i := range junk {
			junk[i]++
		}
		for i := range count {
			begin := time.Now()
			sink = call(i)
			samples = append(samples, float64(time.Since(begin)))
		}
	}
	return samples, rounds
}

// What the calls return goes here, so that none is left out.
var sink any

func report(f Folder, file string, engine Engine, samples []float64, line map[string]any) {
	clock := clockTime()
	sum := 0.0
	for i := range samples {
		samples[i] = max(samples[i]-clock, 0)
		sum += samples[i]
	}
	slices.Sort(samples)
	line["engine"], line["version"], line["mode"], line["compares"] = engine.Name, engine.Version, engine.Mode, engine.Compares
	line["workload"], line["n"], line["requests"] = f.App, f.N, file
	line["decisions"], line["mean_ns"] = len(samples), sum/float64(len(samples))
	line["median_ns"], line["p99_ns"] = samples[(len(samples)-1)/2], samples[(len(samples)-1)*99/100]
	Print(line)
}

// What two looks at the clock cost.
func clockTime() float64 {
	samples := make([]float64, 10001)
	for i := range samples {
		begin := time.Now()
		samples[i] = float64(time.Since(begin))
	}
	slices.Sort(samples)
	return samples[len(samples)/2]
}

// Print writes one line of the output.
func Print(line map[string]any) {
	data, err := json.Marshal(line)
	Must(err)
	fmt.Println(string(data))
}

// Figure reports something other than a decision.
func Figure(f Folder, engine Engine, measure string, value float64, unit string) {
	Print(map[string]any{"engine": engine.Name, "version": engine.Version, "measure": measure, "workload": f.App, "n": f.N, "value": value, "unit": unit})
}
