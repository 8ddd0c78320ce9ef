package takeout

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

var errBusy = fault.TooMany("parley.takeout.busy.app_error")

// getArchive answers with everything of the caller's as a zip archive.
func (t *Takeout) getArchive(ctx context.Context, v access.Viewer, _ api.None) (api.Reply, error) {
	return t.send(ctx, v, v.UserID, "/api/v4/parley/users/me/takeout", "")
}

type archiveIn struct {
	UserID string `path:"user_id"`
}

// getArchiveOf answers an administrator with everything of an account's, which
// may be deactivated. It stands in the audit trail.
func (t *Takeout) getArchiveOf(ctx context.Context, v access.Viewer, in archiveIn) (api.Reply, error) {
	if err := v.Need(ctx, access.PermManageSystem); err != nil {
		return api.Reply{}, err
	}
	return t.send(ctx, v, in.UserID, "/api/v4/parley/users/"+in.UserID+"/takeout", "user_id="+in.UserID)
}

// send answers with an archive. One is sent at a time to each person. What breaks
// after the first byte ends the connection, so that half an archive isn't taken
// for a whole one.
func (t *Takeout) send(ctx context.Context, v access.Viewer, userID, action, extra string) (api.Reply, error) {
	user, err := t.users.ByID(ctx, userID)
	if err != nil {
		return api.Reply{}, err
	}
	if !t.enter(v.UserID) {
		return api.Reply{}, errBusy
	}
	t.users.Audit(ctx, v, action, extra)
	return api.Reply{Serve: func(w http.ResponseWriter, r *http.Request) {
		defer t.leave(v.UserID)
		name := fmt.Sprintf("parley-%s-%s.zip", user.Username, time.Now().UTC().Format("2006-01-02"))
		w.Header().Set("Content-Type", "application/zip")
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		w.Header().Set("Cache-Control", "no-store")
		// As long as it takes: the settings bound ordinary answers.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
		if err := t.write(r.Context(), w, user); err != nil {
			if r.Context().Err() == nil {
				t.log.Error("an archive of somebody's own data broke off", "user_id", user.ID, "for", v.UserID, "error", err)
			}
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

func (t *Takeout) enter(userID string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.busy[userID] {
		return false
	}
	t.busy[userID] = true
	return true
}

func (t *Takeout) leave(userID string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.busy, userID)
}

// archive is a zip under way.
type archive struct {
	*zip.Writer
	t    *Takeout
	user *model.User
}

func (t *Takeout) write(ctx context.Context, to io.Writer, user *model.User) error {
	a := &archive{zip.NewWriter(to), t, user}
	for _, part := range []func(context.Context) error{a.readme, a.account, a.lists, a.messages, a.files} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return a.Close()
}

// create begins an entry; what comes compressed already is only stored.
func (a *archive) create(name string, method uint16) (io.Writer, error) {
	return a.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: time.Now().UTC()})
}

func (a *archive) put(name string, value any) error {
	w, err := a.create(name, zip.Deflate)
	if err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

func (a *archive) readme(context.Context) error {
	w, err := a.create("README.txt", zip.Deflate)
	if err != nil {
		return err
	}
	c := a.t.cfg.Get()
	_, err = io.WriteString(w, i18n.T(a.user.Locale, "takeout.readme", map[string]any{
		"Username": a.user.Username, "SiteName": c.TeamSettings.SiteName, "Date": time.UnixMilli(id.Now()).UTC().Format(time.DateOnly)})+"\n")
	return err
}

// account is the profile as its owner sees it, and its picture.
func (a *archive) account(ctx context.Context) error {
	own := a.user.ForSelf()
	if err := a.put("account.json", &own); err != nil {
		return err
	}
	return a.blob(ctx, "users/"+a.user.ID+"/profile.png", "picture.png")
}

// blob adds a blob; one that isn't there is left out.
func (a *archive) blob(ctx context.Context, name, as string) error {
	from, err := a.t.blobs.Open(ctx, name)
	if errors.Is(err, blob.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer from.Close()
	w, err := a.create(as, zip.Store)
	if err == nil {
		_, err = io.Copy(w, from)
	}
	return err
}

// safe makes a name that is a name of one file on any system.
func safe(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(name, ". ")
	if runes := []rune(name); len(runes) > 120 {
		name = string(runes[len(runes)-120:])
	}
	if name == "" {
		return "_"
	}
	return name
}
