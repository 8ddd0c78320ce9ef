package cli

import (
	"encoding/json"
	"io"
	"runtime/debug"
	"strings"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/server"
)

// bom is a list of what the program is made of, as CycloneDX 1.5 has it
// (cyclonedx.org/docs/1.5/json).
type bom struct {
	Format     string         `json:"bomFormat"`
	Spec       string         `json:"specVersion"`
	Version    int            `json:"version"`
	Metadata   bomMetadata    `json:"metadata"`
	Components []bomComponent `json:"components"`
}

type bomMetadata struct {
	Component bomComponent `json:"component"`
}

type bomComponent struct {
	Type     string       `json:"type"`
	Ref      string       `json:"bom-ref,omitempty"`
	Name     string       `json:"name"`
	Version  string       `json:"version"`
	Package  string       `json:"purl,omitempty"`
	Licenses []bomLicense `json:"licenses,omitempty"`
}

type bomLicense struct {
	Expression string `json:"expression"`
}

// writeBOM writes the modules that this program was linked from, and the
// packages in its web client.
func writeBOM(to io.Writer) error {
	b := bom{Format: "CycloneDX", Spec: "1.5", Version: 1, Components: []bomComponent{},
		Metadata: bomMetadata{bomComponent{Type: "application", Name: "parley", Version: config.Version, Licenses: []bomLicense{{"Apache-2.0"}}}}}
	library := func(kind, name, version, licence string) {
		c := bomComponent{Type: "library", Name: name, Version: version, Package: "pkg:" + kind + "/" + strings.Replace(name, "@", "%40", 1) + "@" + version}
		if c.Ref = c.Package; licence != "" {
			c.Licenses = []bomLicense{{licence}}
		}
		b.Components = append(b.Components, c)
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		library("golang", "std", strings.TrimPrefix(info.GoVersion, "go"), "BSD-3-Clause")
		for _, m := range info.Deps {
			if m.Replace != nil {
				m = m.Replace
			}
			library("golang", m.Path, m.Version, "")
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(server.WebPackages()), "\n") {
		if f := strings.Split(line, "\t"); len(f) == 3 {
			library("npm", f[0], f[1], f[2])
		}
	}
	out := json.NewEncoder(to)
	out.SetIndent("", "  ")
	return out.Encode(b)
}
