// Command gen writes the typed settings structs of package config from keys.tsv.
//
// Run it through `go generate ./internal/config` after a change of keys.tsv. Every
// row becomes one struct field in the order of the table, because package config pairs
// rows and fields by walking both side by side instead of looking names up.
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"log"
	"os"
	"slices"
	"strings"
)

// files names the output file of each section; sections not listed go to settings_misc.go.
var files = map[string]string{
	"ServiceSettings": "settings_service.go",
	"TeamSettings":    "settings_site.go", "SupportSettings": "settings_site.go",
	"AnnouncementSettings": "settings_site.go", "ThemeSettings": "settings_site.go",
	"LocalizationSettings": "settings_site.go", "DisplaySettings": "settings_site.go",
	"PrivacySettings": "settings_site.go", "NativeAppSettings": "settings_site.go",
	"ClientRequirements": "settings_site.go", "ContentFlaggingSettings": "settings_site.go",
	"LdapSettings": "settings_auth.go", "SamlSettings": "settings_auth.go",
	"GitLabSettings": "settings_auth.go", "GoogleSettings": "settings_auth.go",
	"Office365Settings": "settings_auth.go", "OpenIdSettings": "settings_auth.go",
	"PasswordSettings": "settings_auth.go", "GuestAccountsSettings": "settings_auth.go",
	"IntuneSettings": "settings_auth.go", "AccessControlSettings": "settings_auth.go",
	"SqlSettings": "settings_system.go", "BackupSettings": "settings_system.go", "IRCSettings": "settings_system.go", "EmailGatewaySettings": "settings_system.go", "FileSettings": "settings_system.go",
	"WebPublicSettings": "settings_site.go", "MCPSettings": "settings_site.go", "AccessTokenSettings": "settings_site.go",
	"EmailSettings": "settings_system.go", "LogSettings": "settings_system.go",
	"ExperimentalAuditSettings": "settings_system.go", "RateLimitSettings": "settings_system.go",
	"CacheSettings": "settings_system.go", "ClusterSettings": "settings_system.go",
	"MetricsSettings": "settings_system.go", "JobSettings": "settings_system.go",
}

var types = map[string]string{
	"string": "string", "boolean": "bool", "integer": "int", "array<string>": "[]string",
	"array<object:ReplicaLagSettings>": "[]ReplicaLagSettings",
	"map<string,array<string>>":        "map[string][]string",
	"map<string,map<string,any>>":      "map[string]map[string]any",
	"map<string,object:PluginState>":   "map[string]PluginState",
	"object(json)":                     "json.RawMessage",
}

// node is a struct in the making: a section, or a section's own group.
type node struct {
	name   string
	fields []field
}

type field struct {
	name, goType, comment string
	group                 *node
}

func main() {
	raw, err := os.ReadFile("keys.tsv")
	if err != nil {
		log.Fatal(err)
	}
	root := &node{name: "Config"}
	for _, line := range strings.Split(strings.TrimRight(string(raw), "\n"), "\n")[1:] {
		c := strings.Split(line, "\t")
		typ, ok := types[c[1]]
		if !ok {
			log.Fatalf("%s: unknown type %q", c[0], c[1])
		}
		if c[2] == "null" {
			typ = "*" + typ
		}
		root.add(strings.Split(c[0], "."), typ, c[5])
	}
	out := map[string]*bytes.Buffer{}
	for _, s := range root.fields {
		name := files[s.name]
		if name == "" {
			name = "settings_misc.go"
		}
		if out[name] == nil {
			out[name] = &bytes.Buffer{}
		}
		s.group.write(out[name], s.name)
	}
	for name, body := range out {
		save(name, body.String())
	}
	save("settings.go", root.config())
}

// add puts the field at path into the tree of structs, making groups on the way.
func (n *node) add(path []string, goType, comment string) {
	if len(path) == 1 {
		n.fields = append(n.fields, field{name: path[0], goType: goType, comment: comment})
		return
	}
	i := slices.IndexFunc(n.fields, func(f field) bool { return f.name == path[0] })
	if i < 0 {
		name := path[0]
		if n.name != "Config" {
			name = strings.TrimSuffix(n.name, "Settings") + path[0]
		}
		n.fields = append(n.fields, field{name: path[0], goType: name, group: &node{name: name}})
		i = len(n.fields) - 1
	} else if i != len(n.fields)-1 {
		log.Fatalf("%s is not contiguous in keys.tsv", path[0])
	}
	n.fields[i].group.add(path[1:], goType, comment)
}

func (n *node) write(w *bytes.Buffer, section string) {
	if n.name == section {
		fmt.Fprintf(w, "\n// %s holds the settings of the section of that name.\n", n.name)
	} else {
		fmt.Fprintf(w, "\n// %s holds a group of settings inside %s.\n", n.name, section)
	}
	fmt.Fprintf(w, "type %s struct {\n", n.name)
	for _, f := range n.fields {
		fmt.Fprintf(w, "\t%s %s", f.name, f.goType)
		if f.comment != "" {
			fmt.Fprintf(w, " // %s", f.comment)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, "}")
	for _, f := range n.fields {
		if f.group != nil {
			f.group.write(w, section)
		}
	}
}

func (n *node) config() string {
	var w bytes.Buffer
	w.WriteString("\n// Config is one state of all settings. It is immutable once the Store has published it:\n" +
		"// read it, keep it for one request at most, never write to it.\n" +
		"// The zero value is not usable; get one from Store.Get or Defaults.\ntype Config struct {\n")
	for _, f := range n.fields {
		fmt.Fprintf(&w, "\t%s %s\n", f.name, f.goType)
	}
	w.WriteString("\n\t// extra holds what a file has beside the known keys, so that an export keeps it.\n\textra map[string]any\n}\n")
	return w.String()
}

func save(name, body string) {
	head := "// Code generated by internal/config/gen from keys.tsv. DO NOT EDIT.\n\npackage config\n"
	if strings.Contains(body, "json.RawMessage") {
		head += "\nimport \"encoding/json\"\n"
	}
	src, err := format.Source([]byte(head + body))
	if err != nil {
		log.Fatalf("%s: %v\n%s", name, err, body)
	}
	if err := os.WriteFile(name, src, 0o644); err != nil {
		log.Fatal(err)
	}
}
