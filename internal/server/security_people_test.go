package server_test

import (
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// groups makes a group, an archived one, and one that is linked with the team
// and the private channel; the owner is in all.
func (w *world) groups(t *testing.T, s *testkit.Server) {
	owner := w.as(s, "owner")
	for _, name := range []string{"group", "gonegroup", "linkedgroup"} {
		var g model.Group
		owner.POST("/groups", map[string]any{"name": name + id.New()[:8], "display_name": "Group", "source": "custom", "allow_reference": true,
			"user_ids": []string{owner.ID}}).Want(t, 201).Into(t, &g)
		w.vars[name] = g.ID
	}
	owner.DELETE("/groups/"+w.vars["gonegroup"]).Want(t, 200)
	owner.POST("/groups/"+w.vars["linkedgroup"]+"/channels/"+w.vars["private"]+"/link", nil).Want(t, 201)
}
