// Command gen writes the baseline schema of both engines, the list of
// versions and the seed data from the reference tables that describe the
// database (schema.tsv, indexes.tsv, db-objects.tsv, migrations.tsv,
// roles.json). Run it from the repository's root when the reference changes:
//
//	go run ./internal/db/migrations/gen -reference ../shared/reference
//
// Its output is committed; the reference is not needed at run time.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
)

const out = "internal/db/migrations"

func main() {
	dir := flag.String("reference", "../shared/reference", "folder of the reference tables")
	flag.Parse()
	s, err := load(*dir)
	if err == nil {
		err = writeAll(s, *dir)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func writeAll(s *schema, dir string) error {
	files, err := generate(s, dir)
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(out, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate returns the text of every generated file.
func generate(s *schema, dir string) (map[string]string, error) {
	seeds, err := seedFiles(s, dir)
	if err != nil {
		return nil, err
	}
	files := map[string]string{
		"postgres/baseline.sql": postgres(s),
		"sqlite/baseline.sql":   sqlite(s),
		"versions.txt":          s.versionLines(),
	}
	for name, text := range seeds {
		files["seed/"+name] = text
	}
	return files, nil
}

// row is one line of a table by column name.
type row map[string]string

func readTSV(path string) ([]row, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	head := strings.Split(lines[0], "\t")
	var rows []row
	for _, line := range lines[1:] {
		r := row{}
		for i, cell := range strings.Split(line, "\t") {
			r[head[i]] = cell
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// schema is the reference, without what only a configuration kept in the
// database needs.
type schema struct {
	tables   []string
	columns  map[string][]row // by table
	indexes  map[string][]row // by table or materialized view
	objects  []row
	versions []row
}

func load(dir string) (*schema, error) {
	s := &schema{columns: map[string][]row{}, indexes: map[string][]row{}}
	columns, err := readTSV(filepath.Join(dir, "schema.tsv"))
	if err != nil {
		return nil, err
	}
	for _, c := range columns {
		if c["store"] != "main" || c["kind"] != "table" {
			continue
		}
		t := c["relation"]
		if s.columns[t] == nil {
			s.tables = append(s.tables, t)
		}
		s.columns[t] = append(s.columns[t], c)
	}
	indexes, err := readTSV(filepath.Join(dir, "indexes.tsv"))
	if err != nil {
		return nil, err
	}
	for _, x := range indexes {
		if x["store"] == "main" {
			s.indexes[x["relation"]] = append(s.indexes[x["relation"]], x)
		}
	}
	if s.objects, err = readTSV(filepath.Join(dir, "db-objects.tsv")); err != nil {
		return nil, err
	}
	versions, err := readTSV(filepath.Join(dir, "migrations.tsv"))
	for _, v := range versions {
		if v["migrations_table"] == "db_migrations" {
			s.versions = append(s.versions, v)
		}
	}
	return s, err
}

func (s *schema) of(kind string) []row {
	var rows []row
	for _, o := range s.objects {
		if o["kind"] == kind {
			rows = append(rows, o)
		}
	}
	return rows
}

func (s *schema) versionLines() string {
	var b strings.Builder
	for _, v := range s.versions {
		fmt.Fprintf(&b, "%s %s\n", v["version"], v["name"])
	}
	return b.String()
}

func (s *schema) ledger() string {
	var rows []string
	for _, v := range s.versions {
		rows = append(rows, fmt.Sprintf("(%s, '%s')", v["version"], v["name"]))
	}
	return "INSERT INTO db_migrations (version, name) VALUES\n    " + strings.Join(rows, ",\n    ") + ";\n"
}

// foreign returns the foreign key clauses of a table.
func (s *schema) foreign(table string) []string {
	var out []string
	for _, f := range s.of("foreign_key") {
		if f["relation"] != table {
			continue
		}
		parts := strings.Split(f["detail"], "; ")
		to := strings.TrimPrefix(parts[0], "references ")
		columns := strings.TrimPrefix(parts[1], "columns ")
		out = append(out, fmt.Sprintf("CONSTRAINT %s FOREIGN KEY %s REFERENCES %s %s",
			f["name"], columns, to, strings.ToUpper(parts[2])))
	}
	return out
}

// ordered lists the tables so that a referenced one comes first.
func (s *schema) ordered() []string {
	var first, last []string
	for _, t := range s.tables {
		if len(s.foreign(t)) > 0 {
			last = append(last, t)
		} else {
			first = append(first, t)
		}
	}
	return append(first, last...)
}

var reserved = map[string]bool{"desc": true, "timestamp": true, "position": true, "trigger": true}

func quote(name string) string {
	if reserved[name] {
		return `"` + name + `"`
	}
	return name
}

// seedFiles makes the compact JSON files that a fresh database is filled from.
func seedFiles(s *schema, dir string) (map[string]string, error) {
	b, err := os.ReadFile(filepath.Join(dir, "roles.json"))
	if err != nil {
		return nil, err
	}
	var ref struct {
		Roles map[string]struct {
			DisplayName   string   `json:"display_name"`
			Description   string   `json:"description"`
			SchemeManaged bool     `json:"scheme_managed"`
			BuiltIn       bool     `json:"built_in"`
			Permissions   []string `json:"permissions"`
		} `json:"roles"`
	}
	if err := json.Unmarshal(b, &ref); err != nil {
		return nil, err
	}
	roles := map[string]any{}
	for name, r := range ref.Roles {
		roles[name] = map[string]any{"DisplayName": r.DisplayName, "Description": r.Description,
			"SchemeManaged": r.SchemeManaged, "BuiltIn": r.BuiltIn, "Permissions": r.Permissions}
	}
	systems := map[string]string{}
	groups := []string{}
	fields := []map[string]any{}
	for _, o := range s.of("seed_row") {
		switch o["relation"] {
		case "systems":
			systems[o["name"]] = o["detail"]
		case "propertygroups":
			groups = append(groups, o["name"])
		case "propertyfields":
			f := map[string]any{"name": o["name"]}
			for _, part := range strings.SplitN(o["detail"], "; ", 3) {
				k, v, _ := strings.Cut(part, "=")
				if k == "attrs" {
					f[k] = json.RawMessage(v)
				} else {
					f[k] = v
				}
			}
			fields = append(fields, f)
		}
	}
	files := map[string]string{}
	for name, v := range map[string]any{
		"roles.json":      roles,
		"systems.json":    systems,
		"properties.json": map[string]any{"groups": groups, "fields": fields},
	} {
		b, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		files[name] = string(b) + "\n"
	}
	return files, nil
}
