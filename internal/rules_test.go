package internal_test

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const (
	fileLines  = 400
	fileLimit  = 600
	funcLines  = 60
	docLinesLo = 3
	docLinesHi = 15
)

// goPackage is what `go list -json` says of a package.
type goPackage struct {
	Dir, ImportPath, Name              string
	Imports                            []string
	GoFiles, TestGoFiles, XTestGoFiles []string
}

// path is the package's path from the module's root.
func (p goPackage) path() string { return within(p.ImportPath) }

// docFiles are the files one of which carries the package's comment: those that are built, or
// the tests when there is nothing else.
func (p goPackage) docFiles() []string {
	names := p.GoFiles
	if len(names) == 0 {
		names = append(append([]string{}, p.TestGoFiles...), p.XTestGoFiles...)
	}
	files := make([]string, len(names))
	for i, n := range names {
		files[i] = filepath.Join(p.Dir, n)
	}
	return files
}

func within(importPath string) string {
	return strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/")
}

// slice is the folder directly below internal/, "" for a package elsewhere.
func slice(path string) string {
	rest, ok := strings.CutPrefix(path, "internal/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

func floorOf(name string, floors [][]string) int {
	return slices.IndexFunc(floors, func(row []string) bool { return slices.Contains(row, name) })
}

// checkImports asserts that a package imports only what stands below it. Imports of test files are
// not counted: a test drives the whole server.
func checkImports(p goPackage, floors [][]string, neighbours map[string]string, commands map[string][]string, used map[string]bool) []string {
	var problems []string
	path, own := p.path(), slice(p.path())
	ownFloor := floorOf(own, floors)
	if own != "" && ownFloor < 0 {
		return []string{path + ": stands on no floor; give it a place in floors of internal/arch_test.go"}
	}
	for _, imp := range p.Imports {
		if !strings.HasPrefix(imp, module+"/") {
			continue
		}
		to := within(imp)
		switch other := slice(to); {
		case strings.HasPrefix(path, "cmd/"):
			if !slices.Contains(commands[path], to) {
				problems = append(problems, path+": a program may not import "+to)
			}
		case own == "":
			problems = append(problems, path+": is on the ground and may not import "+to)
		case other == "" && to != "web", to == "web" && own != "server":
			problems = append(problems, path+": may not import "+to+" (only server imports web)")
		case other == "" || other == own:
		case other == "testkit":
			problems = append(problems, path+": imports testkit outside its tests")
		case floorOf(other, floors) > ownFloor:
			problems = append(problems, path+": imports upward: "+to)
		case floorOf(other, floors) == ownFloor && neighbours[own+" "+other] != "":
			used[own+" "+other] = true
		case floorOf(other, floors) == ownFloor:
			problems = append(problems, path+": imports its neighbour "+to+" (see neighbours in internal/arch_test.go)")
		}
	}
	return problems
}

var forbiddenNames = []string{"util", "utils", "common", "helper", "helpers", "service", "services", "core", "types", "manager", "misc", "base", "shared"}

func checkName(p goPackage) []string {
	last := p.ImportPath[strings.LastIndex(p.ImportPath, "/")+1:]
	if slices.Contains(forbiddenNames, last) || slices.Contains(forbiddenNames, p.Name) {
		return []string{p.path() + ": a package called " + last + " does not say what is in it"}
	}
	return nil
}

// checkDoc asserts that exactly one file of a package has a package comment of 3 to 15 lines.
func checkDoc(path string, files map[string]string) []string {
	var docs []string
	lines := 0
	for name, text := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			return []string{path + ": " + err.Error()}
		}
		if doc := f.Doc.Text(); doc != "" {
			docs = append(docs, name)
			lines = strings.Count(strings.TrimSpace(doc), "\n") + 1
		}
	}
	slices.Sort(docs)
	switch {
	case len(docs) == 0:
		return []string{path + ": has no package comment"}
	case len(docs) > 1:
		return []string{fmt.Sprintf("%s: has %d package comments (%s)", path, len(docs), strings.Join(docs, ", "))}
	case lines < docLinesLo || lines > docLinesHi:
		return []string{fmt.Sprintf("%s: the package comment has %d lines, wanted %d to %d", path, lines, docLinesLo, docLinesHi)}
	}
	return nil
}

// written says whether people write a file of this name line by line.
func written(path string) bool {
	switch filepath.Ext(path) {
	case ".go", ".ts", ".tsx", ".css", ".sh", ".mjs":
		return true
	}
	return false
}

var generatedLine = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

func generated(text string) bool { return generatedLine.MatchString(text) }

func checkFileSize(path, text string, allowed map[string]string, used map[string]bool) []string {
	n := strings.Count(text, "\n")
	switch {
	case n <= fileLines:
		return nil
	case n > fileLimit:
		return []string{fmt.Sprintf("%s: has %d lines, more than %d whatever the reason", path, n, fileLimit)}
	case allowed[path] == "":
		return []string{fmt.Sprintf("%s: has %d lines, more than %d; split it by meaning", path, n, fileLines)}
	}
	used[path] = true
	return nil
}

func checkFuncSizes(path, text string, allowed map[string]string, used map[string]bool) []string {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path, text, parser.SkipObjectResolution)
	if err != nil {
		return []string{err.Error()}
	}
	var problems []string
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		n := fset.Position(fn.End()).Line - fset.Position(fn.Pos()).Line + 1
		if n <= funcLines {
			continue
		}
		name := path + " " + funcName(fn)
		if allowed[name] == "" {
			problems = append(problems, fmt.Sprintf("%s: has %d lines, more than %d", name, n, funcLines))
		}
		used[name] = true
	}
	return problems
}

func funcName(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	typ := fn.Recv.List[0].Type
	for {
		switch x := typ.(type) {
		case *ast.StarExpr:
			typ = x.X
		case *ast.IndexExpr:
			typ = x.X
		case *ast.IndexListExpr:
			typ = x.X
		case *ast.Ident:
			return x.Name + "." + fn.Name.Name
		default:
			return fn.Name.Name
		}
	}
}

// unused names the exceptions that nothing needs any more.
func unused(table string, allowed map[string]string, used map[string]bool) []string {
	var problems []string
	for name := range allowed {
		if !used[name] {
			problems = append(problems, table+" in internal/arch_test.go: no longer needed: "+name)
		}
	}
	slices.Sort(problems)
	return problems
}

// marks of unfinished work; written so that this file does not hold one.
var marks = regexp.MustCompile(`\bTO` + `DO\b|\bFIX` + `ME\b|\bXX` + `X\b|\b[tb]\.Ski` + `p(f|Now)?\(|\b(it|test|describe)\.(ski` + `p|onl` + `y|tod` + `o)\b`)

func checkMarks(path, text string) []string {
	var problems []string
	for i, line := range strings.Split(text, "\n") {
		if m := marks.FindString(line); m != "" {
			problems = append(problems, fmt.Sprintf("%s:%d: a mark of unfinished work: %s", path, i+1, m))
		}
	}
	return problems
}

func checkFormat(path, text string) []string {
	want, err := format.Source([]byte(text))
	if err != nil {
		return []string{path + ": " + err.Error()}
	}
	if string(want) != text {
		return []string{path + ": gofmt would change it"}
	}
	return nil
}
