package golden

import (
	"os"
	"strings"
	"testing"
	"time"
)

// worked are scenarios whose values are worked out of more than the recording keeps of a config.
func worked(name string) bool { return strings.HasPrefix(name, "config/") }

// scenarios gives the recorded files that the tests use: those kept here, or all of
// PARLEY_GOLDEN when that names a folder.
func scenarios(t *testing.T) []Scenario {
	t.Helper()
	dir := "testdata"
	if d := os.Getenv("PARLEY_GOLDEN"); d != "" {
		dir = d
	}
	list, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestRecordedAnswersAreMet(t *testing.T) {
	for _, sc := range scenarios(t) {
		if worked(sc.Name) {
			continue
		}
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			for _, l := range newFake(t, sc).replay().Lines() {
				t.Error(l)
			}
		})
	}
}

func unix(s int64) time.Time { return time.Unix(s, 0) }
