package ctl

import (
	_ "embed"
	"strings"
)

//go:embed commands.tsv
var commandsTSV string

//go:embed absent.tsv
var absentTSV string

// spec is a row of the table of commands.
type spec struct {
	name    string // "user create", "" for ctl itself
	use     string
	aliases []string
	flags   []flag
	group   bool
}

// absence is a command that is not offered; its reason is a key of the catalogue.
type absence struct{ command, reason string }

var (
	specs    = readSpecs(commandsTSV)
	absences = readAbsences(absentTSV)
)

func rows(tsv string) [][]string {
	lines := strings.Split(strings.TrimSuffix(tsv, "\n"), "\n")[1:]
	out := make([][]string, len(lines))
	for i, line := range lines {
		out[i] = strings.Split(line, "\t")
	}
	return out
}

func readSpecs(tsv string) []*spec {
	var list []*spec
	for _, row := range rows(tsv) {
		use, group := strings.CutSuffix(row[1], " …")
		list = append(list, &spec{name: row[0], use: use, group: group, aliases: strings.Fields(row[2]), flags: readFlags(row[3])})
	}
	return list
}

func readAbsences(tsv string) []absence {
	var list []absence
	for _, row := range rows(tsv) {
		list = append(list, absence{row[0], row[1]})
	}
	return list
}

func root() *spec { return specs[0] }

// children are the commands right below s.
func (s *spec) children() []*spec {
	var list []*spec
	for _, o := range specs[1:] {
		if o.parent() == s.name {
			list = append(list, o)
		}
	}
	return list
}

func (s *spec) parent() string {
	at := strings.LastIndexByte(s.name, ' ')
	return s.name[:max(at, 0)]
}

// usage is the command with its arguments, as help shows it.
func (s *spec) usage() string { return strings.TrimSpace(s.parent() + " " + s.use) }

// called reports whether word names the command among its siblings.
func (s *spec) called(word string) bool {
	if s.name[strings.LastIndexByte(s.name, ' ')+1:] == word {
		return true
	}
	for _, a := range s.aliases {
		if a == word {
			return true
		}
	}
	return false
}

// find walks the words of a command line down to a command. What is no word of
// a command stays: flags may stand before and between the words.
func find(args []string) (*spec, []string) {
	at, rest := root(), []string(nil)
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return at, append(rest, args[i:]...)
		}
		if strings.HasPrefix(arg, "-") && arg != "-" {
			rest = append(rest, arg)
			if at.takesNext(arg) && i+1 < len(args) {
				i++
				rest = append(rest, args[i])
			}
			continue
		}
		next := at
		if len(rest) == countFlagWords(at, rest) {
			for _, child := range at.children() {
				if child.called(arg) {
					next = child
				}
			}
		}
		if next == at {
			rest = append(rest, arg)
			continue
		}
		at = next
	}
	return at, rest
}

// countFlagWords is how many words of rest are flags and their values: a word
// that is neither ends the names of commands.
func countFlagWords(s *spec, rest []string) int {
	n := 0
	for i := 0; i < len(rest); i++ {
		if !strings.HasPrefix(rest[i], "-") {
			return n
		}
		n++
		if s.takesNext(rest[i]) && i+1 < len(rest) {
			n, i = n+1, i+1
		}
	}
	return n
}
