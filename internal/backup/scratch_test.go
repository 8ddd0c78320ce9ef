package backup

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What a killed backup leaves behind is removed by the next: also when it was
// killed before its folder had its name, but not while another may be making one.
func TestScratchIsTidiedUp(t *testing.T) {
	in := t.TempDir()
	for _, name := range []string{"parley-backup-1", ".backup-2", ".backup-3"} {
		if err := os.Mkdir(filepath.Join(in, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-2 * makingTime)
	if err := os.Chtimes(filepath.Join(in, ".backup-2"), old, old); err != nil {
		t.Fatal(err)
	}
	dir, done, err := scratch(in)
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := scratch(in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Errorf("one that is held was removed: %v", err)
	}
	done()
	other()
	left, err := os.ReadDir(in)
	if err != nil || len(left) != 1 || left[0].Name() != ".backup-3" {
		t.Errorf("left: %v, %v", left, err)
	}
}
