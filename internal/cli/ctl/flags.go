package ctl

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// flag is a flag of a command, as the table writes it: --name/-n:type=default(hidden).
type flag struct {
	name, short, kind, standard string
	hidden                      bool
}

func readFlags(cell string) []flag {
	var list []flag
	for _, word := range strings.Fields(cell) {
		var f flag
		word, f.hidden = strings.CutSuffix(word, "(hidden)")
		names, rest, _ := strings.Cut(word, ":")
		long, short, _ := strings.Cut(names, "/")
		f.name, f.short = strings.TrimPrefix(long, "--"), strings.TrimPrefix(short, "-")
		f.kind, f.standard, _ = strings.Cut(rest, "=")
		list = append(list, f)
	}
	return list
}

// all are the flags that a command knows: its own, those of every command, and
// --help.
func (s *spec) all() []flag {
	list := append([]flag{{name: "help", short: "h", kind: "bool"}}, s.flags...)
	if s != root() {
		list = append(list, root().flags...)
	}
	return list
}

func (s *spec) flag(name string, short bool) (flag, bool) {
	for _, f := range s.all() {
		if !short && f.name == name || short && f.short == name {
			return f, true
		}
	}
	return flag{}, false
}

// takesNext reports whether the value of a flag is the word after it.
func (s *spec) takesNext(arg string) bool {
	if long, ok := strings.CutPrefix(arg, "--"); ok {
		f, known := s.flag(long, false)
		return known && f.kind != "bool"
	}
	for i := 1; i < len(arg); i++ {
		f, known := s.flag(arg[i:i+1], true)
		if !known || f.kind != "bool" {
			return known && i+1 == len(arg)
		}
	}
	return false
}

// flags are the values given, by name.
type flags map[string][]string

// flagError is a flag that can't be understood.
type flagError struct{ key, flag, value string }

func (e *flagError) Error() string { return fmt.Sprintf("%s: %s %s", e.key, e.flag, e.value) }

// parse reads the flags among args; the others are the arguments. A flag of
// every command may also stand in the environment.
func (s *spec) parse(args, environ []string) (flags, []string, error) {
	given, rest := flags{}, []string(nil)
	for _, f := range s.all() {
		if f.standard != "" {
			given[f.name] = []string{f.standard}
		}
	}
	for _, f := range root().flags {
		if v := environment(environ, "MMCTL_"+strings.ToUpper(strings.ReplaceAll(f.name, "-", "_"))); v != "" {
			given[f.name] = []string{v}
		}
	}
	said := map[string]bool{}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			rest = append(rest, args...)
			break
		}
		if len(arg) < 2 || arg[0] != '-' {
			rest = append(rest, arg)
			continue
		}
		var err error
		if args, err = s.take(arg, args, given, said); err != nil {
			return nil, nil, err
		}
	}
	return given, rest, given.check(s)
}

// take reads the flag arg, and its value from args when it stands there.
func (s *spec) take(arg string, args []string, given flags, said map[string]bool) ([]string, error) {
	set := func(f flag, value string) {
		repeats := strings.HasPrefix(f.kind, "string") && f.kind != "string"
		if !repeats || !said[f.name] {
			given[f.name] = nil
		}
		said[f.name] = true
		if f.kind == "stringSlice" {
			given[f.name] = append(given[f.name], strings.Split(value, ",")...)
			return
		}
		given[f.name] = append(given[f.name], value)
	}
	if long, ok := strings.CutPrefix(arg, "--"); ok {
		name, value, has := strings.Cut(long, "=")
		f, known := s.flag(name, false)
		switch {
		case !known:
			return nil, &flagError{"flag_unknown", "--" + name, ""}
		case has:
			set(f, value)
		case f.kind == "bool":
			set(f, "true")
		case len(args) == 0:
			return nil, &flagError{"flag_empty", "--" + name, ""}
		default:
			set(f, args[0])
			return args[1:], nil
		}
		return args, nil
	}
	for i := 1; i < len(arg); i++ {
		f, known := s.flag(arg[i:i+1], true)
		switch after := arg[i+1:]; {
		case !known:
			return nil, &flagError{"flag_unknown", "-" + arg[i:i+1], ""}
		case f.kind == "bool" && !strings.HasPrefix(after, "="):
			set(f, "true")
			continue
		case after != "":
			set(f, strings.TrimPrefix(after, "="))
		case len(args) == 0:
			return nil, &flagError{"flag_empty", "-" + f.short, ""}
		default:
			set(f, args[0])
			args = args[1:]
		}
		break
	}
	return args, nil
}

// check refuses values that are none of their flag's kind.
func (g flags) check(s *spec) error {
	for _, f := range s.all() {
		for _, v := range g[f.name] {
			var err error
			switch {
			case f.kind == "bool":
				_, err = strconv.ParseBool(v)
			case strings.HasPrefix(f.kind, "int"):
				_, err = strconv.ParseInt(v, 10, 64)
			case f.kind == "uint":
				_, err = strconv.ParseUint(v, 10, 64)
			}
			if err != nil {
				return &flagError{"flag_value", "--" + f.name, v}
			}
		}
	}
	return nil
}

// text is the value of a flag, "" when it wasn't given.
func (g flags) text(name string) string {
	if v := g[name]; len(v) > 0 {
		return v[len(v)-1]
	}
	return ""
}

func (g flags) has(name string) bool { return len(g[name]) > 0 }

func (g flags) on(name string) bool {
	on, _ := strconv.ParseBool(g.text(name))
	return on
}

func (g flags) number(name string) int {
	n, _ := strconv.Atoi(g.text(name))
	return n
}

// need refuses a command whose flag is missing.
func (c *call) need(names ...string) error {
	missing := slices.DeleteFunc(names, c.flags.has)
	if len(missing) == 0 {
		return nil
	}
	return c.problem("flag_needed", "Flags", "--"+strings.Join(missing, ", --"))
}

// explain writes a wrong flag in the caller's language.
func (c *call) explain(err error) error {
	if e, ok := err.(*flagError); ok {
		return c.problem(e.key, "Flag", e.flag, "Value", e.value)
	}
	return err
}
