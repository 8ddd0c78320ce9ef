package teams

import (
	"context"
	"encoding/json"
	"errors"
	netmail "net/mail"
	"net/url"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/model"
)

// How many invitations one person may mail (reference: limits.tsv).
const (
	invitesAtOnce  = 20
	invitesPerHour = 20
	invitersKept   = 10_000
)

// inviters remembers how many mails people have sent lately.
type inviters struct {
	recent *lru.Cache[string, *rate.Limiter]
}

func newInviters() inviters {
	recent, err := lru.New[string, *rate.Limiter](invitersKept)
	if err != nil {
		panic(err) // only for a size below one
	}
	return inviters{recent}
}

// spend takes n mails of what a user may send; 413 when that is too many.
func (i inviters) spend(userID string, n int) error {
	fresh := rate.NewLimiter(rate.Every(time.Hour/invitesPerHour), invitesAtOnce)
	limiter, known, _ := i.recent.PeekOrAdd(userID, fresh)
	if !known {
		limiter = fresh
	}
	if !limiter.AllowN(time.Now(), n) {
		return fault.TooLarge("app.email.rate_limit_exceeded.app_error", "Max", invitesPerHour)
	}
	return nil
}

// invitation is what somebody wants mailed.
type invitation struct {
	kind     string // model.TokenTypeTeamInvitation or model.TokenTypeGuestInvitation
	emails   []string
	channels []string // ids of channels that the newcomers enter
	note     string   // in the inviter's words
}

// invited is what the token of an invitation says; the keys are those of tokens
// that a Mattermost database may hold. The users slice reads it when somebody
// signs up.
type invited struct {
	TeamID   string `json:"teamId"`
	Email    string `json:"email"`
	Channels string `json:"channels,omitempty"` // ids, space separated
	SenderID string `json:"senderId"`
}

// extraWidth is the width of the column tokens.extra.
const extraWidth = 2048

// invite mails invitations into a team. Unless graceful, an address that may not
// be invited keeps all mails back; the error is about the first that failed.
func (t *Teams) invite(ctx context.Context, v access.Viewer, teamID string, i invitation, graceful bool) ([]model.EmailInviteWithError, error) {
	if len(i.emails) == 0 {
		return nil, fault.InvalidParam("user_email")
	}
	team, err := t.load(ctx, t.db, teamID)
	if err != nil {
		return nil, err
	}
	if team.DeleteAt != 0 {
		return nil, fault.NotFound("app.team.get.find.app_error")
	}
	names, err := t.invitedChannels(ctx, v, teamID, i.channels)
	if err != nil {
		return nil, err
	}
	refused := map[string]bool{}
	var bad []string
	for _, email := range i.emails {
		if !t.mayInvite(team, i.kind, email) {
			refused[email] = true
			bad = append(bad, email)
		}
	}
	if len(bad) > 0 && !graceful {
		return nil, notInvitable(bad...)
	}
	if err := t.inviters.spend(v.UserID, len(i.emails)-len(bad)); err != nil {
		return nil, err
	}
	out := make([]model.EmailInviteWithError, len(i.emails))
	for n, email := range i.emails {
		out[n].Email = email
		var err error
		if refused[email] {
			err = notInvitable(email)
		} else if err = t.mailOne(ctx, v, team, i, email, names); err != nil && !graceful {
			return nil, err
		}
		if err != nil {
			out[n].Error = told(ctx, err)
		}
	}
	return out, nil
}

func notInvitable(emails ...string) error {
	return fault.Invalid("api.team.invite_members.invalid_email.app_error", "Addresses", strings.Join(emails, ", "))
}

// mayInvite reports whether an address is one, of a domain that is let in.
func (t *Teams) mayInvite(team *model.Team, kind, email string) bool {
	if !model.ValidEmail(email) {
		return false
	}
	if kind == model.TokenTypeGuestInvitation {
		return inDomains(email, t.cfg.Get().GuestAccountsSettings.RestrictCreationToDomains)
	}
	return t.addressAllowed(team, email)
}

// invitedChannels returns the names of the channels of an invitation, which must
// be live ones of the team into which the viewer may bring people.
func (t *Teams) invitedChannels(ctx context.Context, v access.Viewer, teamID string, ids []string) (names string, err error) {
	if len(ids) > extraWidth/27 {
		return "", fault.InvalidParam("channels")
	}
	var all []string
	for _, channelID := range ids {
		c, err := t.acc.Channel(ctx, channelID)
		if fault.IsNotFound(err) || err == nil && (c.TeamID != teamID || c.DeleteAt != 0) {
			return "", fault.Invalid("api.team.invite_guests.channel_in_invalid_team.app_error")
		}
		if err != nil {
			return "", err
		}
		perm := access.PermManagePublicChannelMembers
		if c.Type == model.ChannelPrivate {
			perm = access.PermManagePrivateChannelMembers
		}
		if err := v.NeedChannel(ctx, channelID, perm); err != nil {
			return "", err
		}
		all = append(all, c.DisplayName)
	}
	return strings.Join(all, ", "), nil
}

// mailOne stores the token of one invitation and mails it.
func (t *Teams) mailOne(ctx context.Context, v access.Viewer, team *model.Team, i invitation, email, channelNames string) error {
	extra, err := json.Marshal(invited{TeamID: team.ID, Email: email, Channels: strings.Join(i.channels, " "), SenderID: v.UserID})
	if err != nil {
		return err
	}
	if len(extra) > extraWidth {
		return fault.InvalidParam("channels")
	}
	token := id.Token(model.TokenSize)
	m, err := t.writeInvite(ctx, v, team, i, token, email, channelNames)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, t.db, `INSERT INTO tokens (token, createat, type, extra) VALUES ($1,$2,$3,$4)`, token, id.Now(), i.kind, string(extra))
	if err != nil {
		return err
	}
	if err := t.mail.Send(ctx, m); err != nil {
		_, gone := db.Exec(context.WithoutCancel(ctx), t.db, `DELETE FROM tokens WHERE token = $1`, token)
		return fault.Internal("api.team.invite_members.unable_to_send_email.app_error", errors.Join(err, gone))
	}
	return nil
}

// inviter is who an invitation is from: the site, when the system sends it.
func (t *Teams) inviter(ctx context.Context, v access.Viewer) (*model.User, error) {
	if v.System() {
		c := t.cfg.Get()
		return &model.User{Username: c.TeamSettings.SiteName, Locale: c.LocalizationSettings.DefaultServerLocale}, nil
	}
	return t.users.ByID(ctx, v.UserID)
}

// writeInvite writes the mail of an invitation in the inviter's language, which
// is the best guess at the newcomer's.
func (t *Teams) writeInvite(ctx context.Context, v access.Viewer, team *model.Team, i invitation, token, email, channelNames string) (mail.Message, error) {
	sender, err := t.inviter(ctx, v)
	if err != nil {
		return mail.Message{}, err
	}
	about, err := json.Marshal(map[string]string{"display_name": team.DisplayName, "email": email, "name": team.Name})
	if err != nil {
		return mail.Message{}, err
	}
	c := t.cfg.Get()
	query := url.Values{"d": {string(about)}, "t": {token}}
	name := strings.TrimSpace(sender.FirstName + " " + sender.LastName)
	if name == "" || !c.PrivacySettings.ShowFullName {
		name = sender.Username
	}
	kind := mail.Invite
	if i.kind == model.TokenTypeGuestInvitation {
		kind = mail.InviteGuest
	}
	locale := sender.Locale
	if locale == "" {
		locale = api.MetaOf(ctx).Locale
	}
	m, err := mail.Render(locale, kind, mail.Data{SiteName: c.TeamSettings.SiteName, SiteURL: c.ServiceSettings.SiteURL,
		Link: strings.TrimRight(c.ServiceSettings.SiteURL, "/") + "/signup_user_complete/?" + query.Encode(), Note: i.note,
		Params: map[string]any{"Sender": name, "Team": team.DisplayName, "Channels": channelNames}})
	m.To = (&netmail.Address{Address: email}).Address
	return m, err
}

// joinByMail lets the viewer into the team of a mailed invitation, which is then used up.
func (t *Teams) joinByMail(ctx context.Context, v access.Viewer, secret string) (*model.TeamMember, error) {
	token, err := db.Get(ctx, t.db, func(r db.Row) (model.Token, error) {
		var k model.Token
		err := r.Scan(&k.Token, &k.CreateAt, &k.Type, &k.Extra)
		return k, err
	}, `SELECT token, coalesce(createat,0), coalesce(type,''), coalesce(extra,'') FROM tokens WHERE token = $1`, secret)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return nil, err
	}
	guest := token.Type == model.TokenTypeGuestInvitation
	var said invited
	switch {
	case token.Type != model.TokenTypeTeamInvitation && !guest, json.Unmarshal([]byte(token.Extra), &said) != nil:
		return nil, fault.Invalid("api.user.create_user.signup_link_invalid.app_error")
	case id.Now()-token.CreateAt > model.InvitationLifetime:
		return nil, fault.Invalid("api.user.create_user.signup_link_expired.app_error")
	case v.Guest() != guest:
		return nil, fault.Invalid("api.user.create_user.invalid_invitation_type.app_error")
	}
	team, err := t.acc.Team(ctx, said.TeamID)
	if err != nil {
		return nil, err
	}
	if team.GroupConstrained {
		return nil, fault.Forbidden("app.team.invite_token.group_constrained.error")
	}
	use := func(tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `DELETE FROM tokens WHERE token = $1`, secret)
		if err == nil && n == 0 { // somebody was faster with the same link
			err = fault.Invalid("api.user.create_user.signup_link_invalid.app_error")
		}
		return err
	}
	return t.join(ctx, way{byID: said.SenderID, channels: strings.Fields(said.Channels), before: use}, v.UserID, team.ID)
}
