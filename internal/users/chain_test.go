package users_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/testkit"
	"github.com/parley-chat/parley/internal/users"
)

// TestTrailShowsWhatWasChanged has administrators act, checks the trail, and
// then changes it behind the server's back in each way that there is.
func TestTrailShowsWhatWasChanged(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			s := testkit.Start(t, engine)
			check := func(hash string) (r users.ChainReport) {
				s.Admin.GET("/parley/audit/check?hash="+hash).Want(t, 200).Into(t, &r)
				return r
			}
			for range 3 {
				s.Admin.POST("/caches/invalidate", nil).Want(t, 200)
			}
			first := check("")
			if first.Broken != "" || first.Lines < 3 || first.Head == "" || first.Known || first.From == 0 || first.To < first.From {
				t.Fatalf("a trail as it was written: %+v", first)
			}
			s.Admin.POST("/caches/invalidate", nil).Want(t, 200)
			if r := check(first.Head); !r.Known || r.Lines <= first.Lines {
				t.Errorf("a hash that was kept: %+v", r)
			}
			if r := check(strings.Repeat("0", 64)); r.Known {
				t.Errorf("a hash of another trail: %+v", r)
			}
			gone := s.User("gone")
			gone.GET("/users/me/audits").Want(t, 200)
			removed := check("").Removed
			if _, err := s.DB.Exec(t.Context(), `DELETE FROM audits WHERE userid = $1`, gone.ID); err != nil {
				t.Fatal(err)
			}
			if r := check(""); r.Broken != "" || r.Removed <= removed {
				t.Errorf("lines that went with their person: %+v", r)
			}
			exported(t, s)
			for _, change := range []string{`UPDATE audits SET extrainfo = 'nothing happened' WHERE id = (SELECT auditid FROM parley_audit_chain WHERE n = 2)`,
				`DELETE FROM parley_audit_chain WHERE n = 3`} {
				if _, err := s.DB.Exec(t.Context(), change); err != nil {
					t.Fatal(err)
				}
				if r := check(""); r.Broken == "" || r.At < 2 || r.At > 3 {
					t.Errorf("after %s: %+v", change, r)
				}
				if _, err := s.DB.Exec(t.Context(), `DELETE FROM audits WHERE id = (SELECT auditid FROM parley_audit_chain WHERE n = 2)`); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// exported reads the export back: every line has its link, in order.
func exported(t *testing.T, s *testkit.Server) {
	t.Helper()
	raw := s.Admin.GET("/parley/audit/export").Want(t, 200)
	n := int64(0)
	for line := range strings.Lines(string(raw.Body)) {
		var l struct {
			N            int64
			ID           string
			Digest, Hash string
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		if n++; l.N != n || l.ID == "" || len(l.Digest) != 64 || len(l.Hash) != 64 {
			t.Fatalf("line %d: %s", n, line)
		}
	}
	if n < 4 {
		t.Errorf("%d lines", n)
	}
}
