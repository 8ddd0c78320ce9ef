package bookmarks_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const noPermission = "api.context.permissions.app_error"

type fields map[string]any

func add(a *testkit.Actor, c *model.Channel, name string, more fields) *testkit.Response {
	body := fields{"display_name": name, "link_url": "https://example.org/" + name, "type": "link"}
	for k, v := range more {
		body[k] = v
	}
	return a.POST("/channels/"+c.ID+"/bookmarks", body)
}

func made(t *testing.T, r *testkit.Response) (m model.ChannelBookmark) {
	t.Helper()
	r.Want(t, 201).Into(t, &m)
	return m
}

// shown are the names of a channel's bookmarks in order, whose numbers have no gaps.
func shown(t *testing.T, a *testkit.Actor, c *model.Channel) string {
	t.Helper()
	var list []model.ChannelBookmark
	a.GET("/channels/"+c.ID+"/bookmarks").Want(t, 200).Into(t, &list)
	var names []string
	for i, m := range list {
		names = append(names, m.DisplayName)
		if m.SortOrder != int64(i) {
			t.Errorf("%s has number %d in place %d", m.DisplayName, m.SortOrder, i)
		}
	}
	return strings.Join(names, " ")
}

func TestBookmarksAreAddedChangedSortedAndDeleted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		room := s.Channel(alice, s.Team(alice, bob), bob)
		bob.Listen()
		before := id.Now()
		a, b, c := made(t, add(alice, room, "a", nil)), made(t, add(alice, room, "b", fields{"emoji": ":tea:"})), made(t, add(bob, room, "c", nil))
		bob.Expect("channel_bookmark_created", nil)
		path := "/channels/" + room.ID + "/bookmarks/"

		var list []model.ChannelBookmark
		bob.POST(path+a.ID+"/sort_order", "2").Want(t, 200).Into(t, &list)
		if len(list) != 3 || list[2].ID != a.ID || shown(t, alice, room) != "b c a" {
			t.Errorf("a to the end: %s", shown(t, alice, room))
		}
		bob.Expect("channel_bookmark_sorted", nil)
		alice.POST(path+a.ID+"/sort_order", "0").Want(t, 200)
		if got := shown(t, alice, room); got != "a b c" {
			t.Errorf("a to the front: %s", got)
		}
		for _, to := range []string{"-1", "3"} {
			alice.POST(path+a.ID+"/sort_order", to).Refused(t, 400, "app.channel.bookmark.update_sort.invalid_input.app_error")
		}
		alice.POST(path+a.ID+"/sort_order", `"x"`).Refused(t, 400, "api.context.invalid_body_param.app_error")
		alice.POST(path+id.New()+"/sort_order", "0").Refused(t, 404, "app.channel.bookmark.update_sort.missing_bookmark.app_error")

		// One's own is changed, another's replaced.
		var change model.ChannelBookmarkChange
		alice.Do("PATCH", path+b.ID, fields{"display_name": "B", "sort_order": 2}).Want(t, 200).Into(t, &change)
		if change.Deleted != nil || change.Updated.ID != b.ID || change.Updated.Emoji != ":tea:" || shown(t, bob, room) != "a c B" {
			t.Errorf("own: %+v; %s", change, shown(t, bob, room))
		}
		bob.Expect("channel_bookmark_updated", nil)
		bob.Do("PATCH", path+b.ID, fields{"link_url": "https://example.org/new"}).Want(t, 200).Into(t, &change)
		if change.Deleted == nil || change.Deleted.ID != b.ID || change.Updated.OriginalID != b.ID || change.Updated.OwnerID != bob.ID ||
			change.Updated.DisplayName != "B" || shown(t, alice, room) != "a c B" {
			t.Errorf("another's: %+v", change)
		}
		alice.DELETE(path+c.ID).Want(t, 200)
		bob.Expect("channel_bookmark_deleted", nil)
		alice.DELETE(path+c.ID).Refused(t, 404, "app.channel.bookmark.get.app_error")
		if got := shown(t, alice, room); got != "a B" {
			t.Errorf("after deleting: %s", got)
		}
		alice.GET("/channels/"+room.ID+"/bookmarks?bookmarks_since="+fmt.Sprint(before)).Want(t, 200).Into(t, &list)
		if len(list) != 4 {
			t.Errorf("changed since: %d, want two that stand and two that are gone", len(list))
		}
	})
}

func TestWhoMayBookmark(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, eve := s.User("alice"), s.User("bob"), s.User("eve")
		team := s.Team(alice, bob, eve)
		secret, open, talk := s.Private(alice, team), s.Channel(alice, team), s.Direct(alice, bob)
		m := made(t, add(alice, secret, "a", nil))
		path := "/channels/" + secret.ID + "/bookmarks/" + m.ID
		add(eve, secret, "x", nil).Refused(t, 403, noPermission)
		eve.GET("/channels/"+secret.ID+"/bookmarks").Refused(t, 403, noPermission)
		eve.Do("PATCH", path, fields{"display_name": "x"}).Refused(t, 403, noPermission)
		eve.POST(path+"/sort_order", "0").Refused(t, 403, noPermission)
		eve.DELETE(path).Refused(t, 403, noPermission)
		// A bookmark is reached through its own channel only.
		mine := s.Channel(eve, team)
		eve.DELETE("/channels/"+mine.ID+"/bookmarks/"+m.ID).Refused(t, 404, "app.channel.bookmark.get.app_error")
		eve.GET("/channels/"+open.ID+"/bookmarks").Want(t, 200)
		add(eve, open, "x", nil).Refused(t, 403, noPermission)

		add(bob, talk, "ours", nil).Want(t, 201)
		add(eve, talk, "x", nil).Refused(t, 403, "api.channel.bookmark.create_channel_bookmark.direct_or_group_channels.forbidden.app_error")
		alice.DELETE("/channels/"+secret.ID).Want(t, 200)
		add(alice, secret, "late", nil).Refused(t, 403, "api.channel.bookmark.create_channel_bookmark.deleted_channel.forbidden.app_error")
		alice.DELETE(path).Refused(t, 403, "api.channel.bookmark.delete_channel_bookmark.deleted_channel.forbidden.app_error")
		if got := shown(t, alice, secret); got != "a" {
			t.Errorf("of an archived channel: %q", got)
		}
	})
}

func TestWhatCanBeBookmarked(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		room := s.Channel(alice, s.Team(alice))
		const valid = "model.channel_bookmark.is_valid."
		for name, c := range map[string]struct {
			more fields
			id   string
		}{
			"a script":       {fields{"link_url": "javascript:alert(1)"}, valid + "link_url.missing_or_invalid.app_error"},
			"data":           {fields{"link_url": "data:text/html,x"}, valid + "link_url.missing_or_invalid.app_error"},
			"no host":        {fields{"link_url": "https:///x"}, valid + "link_url.missing_or_invalid.app_error"},
			"no link":        {fields{"link_url": ""}, valid + "link_url.missing_or_invalid.app_error"},
			"a line break":   {fields{"link_url": "https://example.org/\nx"}, valid + "link_url.missing_or_invalid.app_error"},
			"a long link":    {fields{"link_url": "https://example.org/" + strings.Repeat("é", 1024)}, valid + "link_url.missing_or_invalid.app_error"},
			"no name":        {fields{"display_name": " "}, valid + "display_name.app_error"},
			"a long name":    {fields{"display_name": strings.Repeat("é", 65)}, valid + "display_name.app_error"},
			"no type":        {fields{"type": ""}, valid + "type.app_error"},
			"a file":         {fields{"type": "file", "link_url": "", "file_id": id.New()}, valid + "file_id.missing_or_invalid.app_error"},
			"both":           {fields{"file_id": id.New()}, valid + "link_file.app_error"},
			"a picture":      {fields{"image_url": "file:///etc/passwd"}, valid + "image_url.app_error"},
			"a strange name": {fields{"emoji": "<b>"}, "api.context.invalid_body_param.app_error"},
		} {
			if got := add(alice, room, "x", c.more); got.Status != 400 || got.ErrorID() != c.id {
				t.Errorf("%s: %v", name, got)
			}
		}
		add(alice, room, strings.Repeat("é", 64), fields{"link_url": "http://localhost:8080/é?q=1#x"}).Want(t, 201)

		// Fifty, however many come at once; their numbers have no gaps.
		var all sync.WaitGroup
		for i := range 55 {
			all.Go(func() { add(alice, room, fmt.Sprint("n", i), nil) })
		}
		all.Wait()
		if got := len(strings.Fields(shown(t, alice, room))); got != model.BookmarksMax {
			t.Errorf("%d bookmarks", got)
		}
		add(alice, room, "more", nil).Refused(t, 400, "parley.channel_bookmark.too_many")
	})
}

// What another server of this database left is listed and can be put in order:
// bookmarks of files, and numbers with gaps.
func TestBookmarksOfAnotherServer(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		room := s.Channel(alice, s.Team(alice))
		file := id.New()
		for name, at := range map[string]int{"first": 3, "second": 9} {
			if _, err := db.Exec(t.Context(), s.DB, `INSERT INTO channelbookmarks (id, ownerid, channelid, fileinfoid, createat, updateat, displayname, sortorder, type)
				VALUES ($1, $2, $3, $4, 1, 1, $5, $6, 'file')`, id.New(), alice.ID, room.ID, file, name, at); err != nil {
				t.Fatal(err)
			}
		}
		last := made(t, add(alice, room, "third", nil))
		alice.POST("/channels/"+room.ID+"/bookmarks/"+last.ID+"/sort_order", "1").Want(t, 200)
		if got := shown(t, alice, room); got != "first third second" {
			t.Errorf("shown %s", got)
		}
	})
}

func TestFilesAreBookmarked(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, eve := s.User("alice"), s.User("bob"), s.User("eve")
		team := s.Team(alice, bob, eve)
		room, other := s.Private(alice, team, bob), s.Private(alice, team)
		file := func(fileID string) fields { return fields{"type": "file", "link_url": "", "file_id": fileID} }
		const refused = "model.channel_bookmark.is_valid.file_id.missing_or_invalid.app_error"

		// One that was uploaded as any file, and one for a bookmark.
		plan := alice.Upload(room, "plan.txt", []byte("the plan"))
		bob.GET("/files/"+plan.ID).Want(t, 403)
		m := made(t, add(alice, room, "plan", file(plan.ID)))
		if m.File == nil || m.File.Name != "plan.txt" || m.FileID != plan.ID {
			t.Errorf("the answer names no file: %+v", m)
		}
		if got := bob.GET("/files/"+plan.ID).Want(t, 200); string(got.Body) != "the plan" {
			t.Errorf("bob reads %q", got.Body)
		}
		eve.GET("/files/"+plan.ID).Refused(t, 403, noPermission)
		var up model.FileUploadResponse
		alice.POST("/files?bookmark=true&filename=beds.txt&channel_id="+room.ID, "beds").Want(t, 201).Into(t, &up)
		beds := made(t, add(bob, room, "beds", file(up.FileInfos[0].ID)))

		// Not twice, not another's, not one of another channel, not one that was posted.
		add(alice, room, "again", file(plan.ID)).Refused(t, 400, refused)
		add(bob, room, "hers", file(alice.Upload(room, "a.txt", []byte("a")).ID)).Refused(t, 400, refused)
		add(alice, room, "there", file(alice.Upload(other, "b.txt", []byte("b")).ID)).Refused(t, 400, refused)
		posted := alice.Upload(room, "c.txt", []byte("c"))
		alice.Show(room, posted)
		add(alice, room, "posted", file(posted.ID)).Refused(t, 400, refused)
		if got := shown(t, bob, room); got != "plan beds" {
			t.Errorf("shown %s", got)
		}

		// Another's bookmark is replaced, with its file.
		var change model.ChannelBookmarkChange
		bob.Do("PATCH", "/channels/"+room.ID+"/bookmarks/"+m.ID, fields{"display_name": "the-plan"}).Want(t, 200).Into(t, &change)
		if change.Updated.File == nil || change.Updated.FileID != plan.ID {
			t.Errorf("replaced without its file: %+v", change.Updated)
		}
		next := bob.Upload(room, "next.txt", []byte("the next plan"))
		bob.Do("PATCH", "/channels/"+room.ID+"/bookmarks/"+change.Updated.ID, fields{"file_id": next.ID}).Want(t, 200).Into(t, &change)
		if change.Updated.File == nil || change.Updated.File.Name != "next.txt" {
			t.Errorf("another file: %+v", change.Updated)
		}
		alice.GET("/files/"+next.ID).Want(t, 200)
		alice.GET("/files/"+plan.ID).Want(t, 404)

		// A deleted one takes its file along, and brings it back.
		alice.DELETE("/channels/"+room.ID+"/bookmarks/"+beds.ID).Want(t, 200)
		bob.GET("/files/"+beds.FileID).Want(t, 404)
		made(t, add(alice, room, "beds", file(beds.FileID)))
		bob.GET("/files/"+beds.FileID).Want(t, 200)
		var list []model.ChannelBookmark
		bob.GET("/channels/"+room.ID+"/bookmarks").Want(t, 200).Into(t, &list)
		if len(list) != 2 || list[1].File == nil || list[1].File.Name != "beds.txt" {
			t.Errorf("listed: %+v", list)
		}
	})
}
