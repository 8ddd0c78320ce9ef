// Package migrations holds the database's schema as files: the baseline of
// each engine, the steps that bring an older Mattermost database up to it
// (PostgreSQL only; SQLite never had an older one), the numbered files of
// Parley's own parley_* tables and the rows that a fresh database starts with.
//
// The baselines, the list of versions and the seed data are written by gen
// from the reference tables and committed. The file names under parley/ are
// the ledger: NNNN_name.sql, in order, never changed once released. Package
// db decides which of them to run.
package migrations

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

//go:embed postgres sqlite parley seed versions.txt
var files embed.FS

// Version is one entry of a ledger.
type Version struct {
	Number int64
	Name   string
}

// Step is a version and the SQL that leads to it.
type Step struct {
	Version
	SQL    string
	engine string // "sqlite", "postgres", or "" for both
}

// For tells whether the step does anything on an engine.
func (s Step) For(sqlite bool) bool {
	return s.engine == "" || (s.engine == "sqlite") == sqlite
}

func (v Version) String() string { return fmt.Sprintf("%d %s", v.Number, v.Name) }

func read(name string) string {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err) // the file is part of the program
	}
	return string(b)
}

// Baseline is the whole schema of an engine, db_migrations filled.
func Baseline(sqlite bool) string {
	if sqlite {
		return read("sqlite/baseline.sql")
	}
	return read("postgres/baseline.sql")
}

// Versions lists what db_migrations holds when it is complete, in order.
func Versions() []Version {
	return parseVersions(read("versions.txt"))
}

func parseVersions(text string) []Version {
	var out []Version
	for line := range strings.Lines(text) {
		out = append(out, parseVersion(strings.TrimSpace(line), " "))
	}
	return out
}

func parseVersion(s, separator string) Version {
	number, name, _ := strings.Cut(s, separator)
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		panic(err)
	}
	return Version{n, name}
}

// Oldest is the first version that Upgrade can start after.
const Oldest = 127

// Upgrade lists the PostgreSQL steps from Oldest to the baseline.
func Upgrade() []Step {
	var out []Step
	for i, part := range strings.Split(read("postgres/upgrade.sql"), "\n-- step ") {
		if i == 0 {
			continue // the comment on top
		}
		head, text, _ := strings.Cut(part, "\n")
		out = append(out, Step{Version: parseVersion(head, " "), SQL: text})
	}
	return out
}

// Parley lists the steps of Parley's own tables. A file called
// NNNN_name.sqlite.sql or NNNN_name.postgres.sql is for that engine; the other
// one only notes it in its ledger.
func Parley() []Step {
	entries, err := files.ReadDir("parley")
	if err != nil {
		panic(err)
	}
	var out []Step
	for _, e := range entries {
		name, engine, _ := strings.Cut(strings.TrimSuffix(e.Name(), ".sql"), ".")
		out = append(out, Step{parseVersion(name, "_"), read("parley/" + e.Name()), engine})
	}
	return out
}

// Role is a built-in role as a fresh database holds it.
type Role struct {
	DisplayName, Description string
	SchemeManaged, BuiltIn   bool
	Permissions              []string
}

// Roles returns the built-in roles by name.
func Roles() map[string]Role {
	var out map[string]Role
	decode("roles.json", &out)
	return out
}

// Systems returns the rows of the table systems. Values that are made anew
// for each installation are "generated json", "26 char id" and "unix ms".
func Systems() map[string]string {
	var out map[string]string
	decode("systems.json", &out)
	return out
}

// Properties are the groups and fields of the property system.
type Properties struct {
	Groups []string
	Fields []struct {
		Name, Group, Type string
		Attrs             map[string]any
	}
}

// PropertySeed returns the property groups and fields of a fresh database.
func PropertySeed() Properties {
	var out Properties
	decode("properties.json", &out)
	return out
}

func decode(name string, v any) {
	if err := json.Unmarshal([]byte(read("seed/"+name)), v); err != nil {
		panic(err)
	}
}

// Fingerprint changes when any file of this package does; tests keep prepared
// databases by it.
func Fingerprint() string {
	h := sha256.New()
	_ = fs.WalkDir(files, ".", func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			h.Write([]byte(path + read(path)))
		}
		return err
	})
	return hex.EncodeToString(h.Sum(nil))[:12]
}
