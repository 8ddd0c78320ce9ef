package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The committed files are what the reference beside the clone generates.
func TestCommittedFilesAreCurrent(t *testing.T) {
	dir := os.Getenv("PARLEY_SHARED")
	if dir == "" {
		dir = "../../../../../shared"
	}
	dir = filepath.Join(dir, "reference")
	s, err := load(dir)
	if err != nil {
		t.Fatal(err)
	}
	files, err := generate(s, dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", name))
		if err != nil || string(got) != want {
			t.Errorf("%s is not what the generator writes (%v); run it", name, err)
		}
	}
}
