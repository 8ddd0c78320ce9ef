package users

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

type userIn struct {
	UserID string `path:"user_id"`
}

func (u *Users) get(ctx context.Context, v access.Viewer, in userIn) (api.Tagged[*model.User], error) {
	user, err := u.visible(ctx, v, in.UserID)
	if err != nil {
		return api.Tagged[*model.User]{}, err
	}
	return u.tagged(ctx, v, user)
}

type usernameIn struct {
	Username string `path:"username,text"`
}

func (u *Users) getByUsername(ctx context.Context, v access.Viewer, in usernameIn) (api.Tagged[*model.User], error) {
	user, err := u.ByUsername(ctx, in.Username)
	return u.foundBy(ctx, v, user, err)
}

type emailIn struct {
	Email string `path:"email,text"`
}

func (u *Users) getByEmail(ctx context.Context, v access.Viewer, in emailIn) (api.Tagged[*model.User], error) {
	var none api.Tagged[*model.User]
	email := strings.ToLower(strings.TrimSpace(in.Email))
	if !model.ValidEmail(email) {
		return none, fault.InvalidURLParam("email")
	}
	if !u.cfg.Get().PrivacySettings.ShowEmailAddress && !v.Admin(ctx) {
		return none, fault.Forbidden("api.user.get_user_by_email.permissions.app_error")
	}
	user, err := u.ByEmail(ctx, email)
	return u.foundBy(ctx, v, user, err)
}

// foundBy answers a search for one user; to those who may not see everybody it
// doesn't tell who exists.
func (u *Users) foundBy(ctx context.Context, v access.Viewer, user *model.User, err error) (api.Tagged[*model.User], error) {
	var none api.Tagged[*model.User]
	if fault.IsNotFound(err) && !v.Can(ctx, access.PermViewMembers) {
		return none, fault.NoPermission(string(access.PermViewMembers))
	}
	if err != nil {
		return none, err
	}
	if ok, err := u.CanSee(ctx, v, user.ID); err != nil || !ok {
		if err == nil {
			err = fault.NoPermission(string(access.PermViewMembers))
		}
		return none, err
	}
	return u.tagged(ctx, v, user)
}

func (u *Users) tagged(ctx context.Context, v access.Viewer, user *model.User) (api.Tagged[*model.User], error) {
	shown := u.Shown(ctx, v, user)
	own := v.UserID == user.ID
	if (own || v.Admin(ctx)) && u.cfg.Get().SupportSettings.CustomTermsOfServiceEnabled {
		terms, err := u.accepted(ctx, user.ID)
		if err != nil && !fault.IsNotFound(err) {
			return api.Tagged[*model.User]{}, err
		}
		shown.TermsOfServiceID, shown.TermsOfServiceCreateAt = terms.TermsOfServiceID, terms.CreateAt
	}
	return api.Tagged[*model.User]{Etag: u.etag(ctx, v, shown), Value: shown}, nil
}

// etag names what v is shown: the users' versions, and who looks at them.
func (u *Users) etag(ctx context.Context, v access.Viewer, shown ...*model.User) string {
	h := sha256.New()
	privacy := u.cfg.Get().PrivacySettings
	fmt.Fprint(h, privacy.ShowEmailAddress, privacy.ShowFullName, v.Admin(ctx))
	for _, user := range shown {
		fmt.Fprint(h, " ", user.ID, user.UpdateAt, " ", user.TermsOfServiceID, user.TermsOfServiceCreateAt, user.BotLastIconUpdate, user.ID == v.UserID)
	}
	return config.ProtocolVersion + "." + hex.EncodeToString(h.Sum(nil)[:12])
}

type listIn struct {
	Raw   []byte `body:"raw"`
	Since string `query:"since"`
}

// words decodes a body that must be a list of strings, each kept once.
func (in listIn) words() ([]string, error) {
	var list []string
	if err := api.DecodeJSON(in.Raw, &list); err != nil {
		return nil, fault.Invalid("api.payload.parse.error").Wrap(err)
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

func (u *Users) getByIDs(ctx context.Context, v access.Viewer, in listIn) (userList, error) {
	ids, err := in.words()
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, fault.InvalidParam("user_ids")
	}
	var since int64
	if in.Since != "" {
		if since, err = strconv.ParseInt(in.Since, 10, 64); err != nil {
			return nil, fault.InvalidParam("since")
		}
	}
	ids = slices.DeleteFunc(ids, func(s string) bool { return !id.Valid(s) })
	found, err := u.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	if since > 0 {
		found = slices.DeleteFunc(found, func(user *model.User) bool { return user.UpdateAt <= since })
	}
	if found, err = u.seen(ctx, v, found); err != nil {
		return nil, err
	}
	return u.shownAll(ctx, v, found), nil
}

// seen leaves of a list whom v may see.
func (u *Users) seen(ctx context.Context, v access.Viewer, list []*model.User) ([]*model.User, error) {
	s, err := u.sight(ctx, v)
	if err != nil || s.all || len(list) == 0 {
		return list, err
	}
	ids := make([]string, len(list))
	for i, user := range list {
		ids[i] = user.ID
	}
	f := u.newFilter()
	f.and("u.id = ANY(?)", ids)
	f.sight(s)
	seen, err := db.List(ctx, u.db, db.One[string], "SELECT u.id"+f.text()+f.bind(" LIMIT ?", []any{len(ids)}), f.args...)
	if err != nil {
		return nil, err
	}
	may := make(map[string]bool, len(seen))
	for _, userID := range seen {
		may[userID] = true
	}
	return slices.DeleteFunc(list, func(user *model.User) bool { return !may[user.ID] }), nil
}

func (u *Users) getByUsernames(ctx context.Context, v access.Viewer, in listIn) (userList, error) {
	names, err := in.words()
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fault.InvalidParam("usernames")
	}
	found, err := u.ByUsernames(ctx, names)
	if err == nil {
		found, err = u.seen(ctx, v, found)
	}
	if err != nil {
		return nil, err
	}
	return u.shownAll(ctx, v, found), nil
}

// mostKnown bounds the list of known users.
const mostKnown = 100_000

// known returns the ids of the people with whom the viewer shares a channel.
func (u *Users) known(ctx context.Context, v access.Viewer, _ api.None) ([]string, error) {
	return db.List(ctx, u.db, db.One[string], `SELECT DISTINCT theirs.userid FROM channelmembers mine
		JOIN channelmembers theirs ON theirs.channelid = mine.channelid
		WHERE mine.userid = $1 AND theirs.userid <> $1 LIMIT $2`, v.UserID, mostKnown)
}

// mostGroupChannels is how many group messages one call is answered for, and
// mostInGroup how many people a group message has at most beside the viewer.
const (
	mostGroupChannels = 50
	mostInGroup       = 8
)

// inGroupChannels returns the others in the viewer's group messages.
func (u *Users) inGroupChannels(ctx context.Context, v access.Viewer, in listIn) (map[string]userList, error) {
	ids, err := in.words()
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, fault.Invalid("api.payload.parse.error")
	}
	ids = ids[:min(len(ids), mostGroupChannels)]
	type seat struct{ channel, user string }
	seats, err := db.List(ctx, u.db, func(r db.Row) (seat, error) {
		var s seat
		err := r.Scan(&s.channel, &s.user)
		return s, err
	}, `SELECT c.id, theirs.userid FROM channels c
		JOIN channelmembers mine ON mine.channelid = c.id AND mine.userid = $1
		JOIN channelmembers theirs ON theirs.channelid = c.id AND theirs.userid <> $1
		WHERE c.id = ANY($2) AND c.type = 'G' LIMIT $3`, v.UserID, ids, mostGroupChannels*mostInGroup)
	if err != nil {
		return nil, err
	}
	out := map[string]userList{}
	var people []string
	for _, s := range seats {
		people = append(people, s.user)
	}
	found, err := u.ByIDs(ctx, people)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*model.User, len(found))
	for _, user := range u.shownAll(ctx, v, found) {
		byID[user.ID] = user
	}
	for _, s := range seats {
		if user := byID[s.user]; user != nil {
			out[s.channel] = append(out[s.channel], user)
		}
	}
	return out, nil
}
