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

// attributes makes an attribute that only its person and administrators read,
// and what it says of the owner.
func (w *world) attributes(t *testing.T, s *testkit.Server) {
	var f model.Attribute
	w.as(s, "sysadmin").POST("/custom_profile_attributes/fields", map[string]any{"name": "Salary band", "type": "text",
		"attrs": map[string]string{"visibility": "hidden"}}).Want(t, 201).Into(t, &f)
	w.vars["field"] = f.ID
	value := "band" + id.New()
	w.as(s, "owner").Do("PATCH", "/custom_profile_attributes/values", map[string]string{f.ID: value}).Want(t, 200)
	w.hide("a hidden attribute", value, "owner sysadmin")
}

// reports makes a message that was reported, which only the team's moderators
// see since, and one that its author deleted.
func (w *world) reports(t *testing.T, s *testkit.Server) {
	owner := w.as(s, "owner")
	for _, name := range []string{"reported", "undone"} {
		var p model.Post
		owner.POST("/posts", map[string]string{"channel_id": w.vars["private"], "message": "words" + id.New()}).Want(t, 201).Into(t, &p)
		w.vars[name] = p.ID
		w.hide("text of "+name, p.Message, map[string]string{"reported": "teamadmin sysadmin", "undone": "sysadmin"}[name])
	}
	why := "why" + id.New()
	w.as(s, "member").POST("/content_flagging/post/"+w.vars["reported"]+"/flag", map[string]string{"reason": "Other", "comment": why}).Want(t, 200)
	w.hide("why something was reported", why, "teamadmin sysadmin")
	owner.DELETE("/posts/"+w.vars["undone"]).Want(t, 200)
}
