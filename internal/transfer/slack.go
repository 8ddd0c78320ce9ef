package transfer

import (
	"context"
	"encoding/json"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// A Slack export is a zip: users.json, the lists of channels, and for each of
// these a folder with a file a day.

// maxSlackFile is how long one of its files may be, bytes.
const maxSlackFile = 70 << 20

// slackBot is the account that integrations, and people who aren't in the
// export, have written by.
const slackBot = "slack-import"

type slackUser struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Deleted bool   `json:"deleted"`
	IsBot   bool   `json:"is_bot"`
	Updated int64  `json:"updated"` // seconds
	Profile struct {
		FirstName   string `json:"first_name"`
		LastName    string `json:"last_name"`
		RealName    string `json:"real_name"`
		DisplayName string `json:"display_name"`
		Email       string `json:"email"`
		Title       string `json:"title"`
	} `json:"profile"`
}

type slackChannel struct {
	ID       string                 `json:"id"`
	Name     string                 `json:"name"`
	General  bool                   `json:"is_general"`
	Archived bool                   `json:"is_archived"`
	Members  []string               `json:"members"`
	Topic    struct{ Value string } `json:"topic"`
	Purpose  struct{ Value string } `json:"purpose"`
	private  bool
	folder   string
	name     string   // here
	people   []string // usernames, of a conversation
}

// slackImport is an import of Slack's under way.
type slackImport struct {
	*loader
	vocabulary
	team     string
	top      string // folder that everything lies in, "" or with a slash
	days     map[string][]string
	uploads  map[string]string // paths by the file's id
	channels []*slackChannel
	people   []*slackUser
	hasBot   bool
	threads  map[string]*Entry // roots of threads of the channel at hand, by their ts
}

// ImportSlack takes in a Slack export as a team, which is made if it isn't
// there. It goes on like ImportBulk.
func (t *Transfer) ImportSlack(ctx context.Context, from *Source, teamName string, o Options) (Report, error) {
	s := &slackImport{loader: t.newLoader(from, o), team: teamName, vocabulary: vocabulary{map[string]string{}, map[string]string{}}}
	err := s.survey(ctx)
	for _, part := range []func(context.Context) error{s.places, s.accounts, s.messages} {
		if err == nil {
			err = part(ctx)
		}
	}
	err = s.finish(ctx, err)
	return s.report, err
}

// survey reads the lists and finds the files of each day.
func (s *slackImport) survey(ctx context.Context) error {
	if s.from.zip == nil {
		return refused("it is no zip of a Slack export")
	}
	found := false
	for _, f := range s.from.zip.File {
		if path.Base(f.Name) == "users.json" && strings.Count(f.Name, "/") <= 1 {
			s.top, found = strings.TrimSuffix(f.Name, "users.json"), true
		}
	}
	if !found {
		return refused("it has no users.json: it is no Slack export")
	}
	s.days, s.uploads = map[string][]string{}, map[string]string{}
	for _, f := range s.from.zip.File {
		name := strings.TrimPrefix(f.Name, s.top)
		parts := strings.Split(name, "/")
		switch {
		case len(parts) == 2 && strings.HasSuffix(name, ".json"):
			s.days[parts[0]] = append(s.days[parts[0]], name)
			s.of += int64(f.UncompressedSize64)
		case len(parts) == 3 && parts[0] == "__uploads":
			s.uploads[parts[1]] = f.Name
		}
	}
	if err := s.list("users.json", &s.people); err != nil {
		return err
	}
	var direct []*slackChannel
	for _, one := range []struct {
		file    string
		private bool
		to      *[]*slackChannel
	}{{"channels.json", false, &s.channels}, {"groups.json", true, &s.channels}, {"dms.json", true, &direct}, {"mpims.json", true, &direct}} {
		var list []*slackChannel
		if err := s.list(one.file, &list); err != nil {
			return err
		}
		for _, c := range list {
			c.private, c.folder = one.private, orElse(c.Name, c.ID)
		}
		*one.to = append(*one.to, list...)
	}
	s.nameChannels()
	if err := s.namePeople(ctx); err != nil {
		return err
	}
	s.nameConversations(direct)
	return nil
}

// list reads a list of the export; one that isn't there is empty.
func (s *slackImport) list(name string, to any) error {
	f := s.from.entries[s.top+name]
	if f == nil {
		return nil
	}
	r, size, err := opened(f)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	if size > maxSlackFile {
		return refused("%s is too long", shown(name))
	}
	if err := json.NewDecoder(io.LimitReader(r, maxSlackFile)).Decode(to); err != nil {
		return refused("%s can't be read (%v)", shown(name), err)
	}
	return nil
}

// nameChannels gives each channel a name that it can have here.
func (s *slackImport) nameChannels() {
	taken := map[string]bool{model.ChannelTownSquare: true}
	s.channels = slices.DeleteFunc(s.channels, func(c *slackChannel) bool { return c == nil || c.ID == "" })
	for _, c := range s.channels {
		if c.General {
			c.name = model.ChannelTownSquare
		} else {
			c.name = free(taken, cleanChannelName(c.Name), "slack-"+strings.ToLower(c.ID), model.ChannelNameMaxLength)
		}
		s.vocabulary.channels[c.ID] = c.name
	}
}

// free returns a name that isn't taken yet: the one wanted, or with a number.
func free(taken map[string]bool, want, other string, most int) string {
	want = orElse(want, other)
	name := want
	for n := 2; taken[name]; n++ {
		number := "-" + strconv.Itoa(n)
		name = want[:min(len(want), most-len(number))] + number
	}
	taken[name] = true
	return name
}

// cleanChannelName makes a name of a channel of another's, "" when nothing is left.
func cleanChannelName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, strings.ToLower(s))
	s = strings.Trim(s[:min(len(s), model.ChannelNameMaxLength)], "-_")
	if !model.ValidChannelName(s) {
		return ""
	}
	return s
}

// namePeople finds whose account each of the export's people has: that with
// their address, or a new one.
func (s *slackImport) namePeople(ctx context.Context) error {
	taken := map[string]bool{slackBot: true}
	s.people = slices.DeleteFunc(s.people, func(u *slackUser) bool { return u == nil || u.ID == "" })
	for _, u := range s.people {
		u.Profile.Email = strings.ToLower(strings.TrimSpace(u.Profile.Email))
		if !model.ValidEmail(u.Profile.Email) {
			u.Profile.Email = ""
		}
		email := orElse(u.Profile.Email, strings.ToLower(u.ID)+"@slack.invalid")
		name, err := usernameOf(ctx, s.db, email)
		if err != nil {
			return err
		}
		if name == "" {
			name = model.CleanUsername(u.Name)
			// Somebody else has the name already: a namesake is no reason to give them these words.
			if _, err := s.names.user(ctx, name); err == nil && name != "" {
				taken[name] = true
			} else if err != nil && publicFault(err) == nil {
				return err
			}
			name = free(taken, name, "slack-"+strings.ToLower(u.ID), model.UserNameMaxLength)
		}
		taken[name] = true
		s.users[u.ID] = name
	}
	return nil
}

// nameConversations finds the people of direct and group messages. One of more
// than a group has room for becomes a private channel.
func (s *slackImport) nameConversations(list []*slackChannel) {
	taken := map[string]bool{}
	for _, c := range s.channels {
		taken[c.name] = true
	}
	for _, c := range list {
		if c == nil || c.ID == "" {
			continue
		}
		for _, m := range c.Members {
			if name := s.users[m]; name != "" {
				c.people = append(c.people, name)
			}
		}
		if len(once(c.people)) > model.ChannelGroupMaxUsers {
			c.people = nil
			c.name = free(taken, cleanChannelName(c.Name), "slack-"+strings.ToLower(c.ID), model.ChannelNameMaxLength)
		} else if len(c.people) == 0 {
			continue
		}
		s.channels = append(s.channels, c)
	}
}

// places makes the team and its channels.
func (s *slackImport) places(ctx context.Context) error {
	if made, err := func() (bool, error) { _, err := s.names.team(ctx, s.team); return isNew(err) }(); err != nil {
		return err
	} else if made {
		// Invited people only: who may come in is for the administrator to say.
		line := &Line{Type: kindTeam, Team: &Team{Name: s.team, DisplayName: s.team, Type: model.TeamInvite}}
		if err := s.loader.team(ctx, line.Team); err != nil {
			return err
		}
	}
	for _, c := range s.channels {
		if c.people != nil || c.General {
			continue
		}
		topic, purpose := short(s.text(c.Topic.Value), model.ChannelHeaderMaxRunes), short(s.text(c.Purpose.Value), model.ChannelPurposeMaxRunes)
		line := &Channel{Team: s.team, Name: c.name, DisplayName: short(orElse(c.Name, c.name), model.ChannelDisplayNameMaxRunes), Type: model.ChannelOpen,
			Header: &topic, Purpose: &purpose}
		if c.private {
			line.Type = model.ChannelPrivate
		}
		if c.Archived {
			now := id.Now()
			line.DeletedAt = &now
		}
		if err := s.take(ctx, "channels.json: "+shown(c.Name), &Line{Type: kindChannel, Channel: line}, 0); err != nil {
			return err
		}
	}
	return nil
}

// short cuts a text to so many characters.
func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// accounts makes the accounts, in the channels that they were in.
func (s *slackImport) accounts(ctx context.Context) error {
	in := map[string][]UserChannel{}
	for _, c := range s.channels {
		for _, m := range c.Members {
			if c.people == nil {
				in[m] = append(in[m], UserChannel{Name: c.name})
			}
		}
	}
	for _, u := range s.people {
		at := "users.json: " + shown(orElse(u.Name, u.ID))
		if u.IsBot || u.ID == "USLACKBOT" {
			if err := s.take(ctx, at, s.botLine(u), 0); err != nil {
				return err
			}
			continue
		}
		line := &User{Username: s.users[u.ID], Email: orElse(u.Profile.Email, strings.ToLower(u.ID)+"@slack.invalid"),
			Teams: []UserTeam{{Name: s.team, Channels: in[u.ID]}}}
		known, err := s.names.user(ctx, line.Username)
		made, err := isNew(err)
		if err != nil {
			return err
		}
		if made || known == nil {
			s.profile(u, line)
			if u.Profile.Email == "" {
				if err := s.skip(Problem{At: at, Kind: kindUser, Why: named("parley.transfer.slack_email.app_error", line.Username)}); err != nil {
					return err
				}
			}
		}
		if err := s.take(ctx, at, &Line{Type: kindUser, User: line}, 0); err != nil {
			return err
		}
	}
	return nil
}

func (s *slackImport) profile(u *slackUser, line *User) {
	first, last := u.Profile.FirstName, u.Profile.LastName
	if first == "" && last == "" {
		first, last, _ = strings.Cut(u.Profile.RealName, " ")
	}
	first, last = short(first, model.UserFirstNameMaxRunes), short(last, model.UserLastNameMaxRunes)
	nickname, title := short(u.Profile.DisplayName, model.UserNicknameMaxRunes), short(u.Profile.Title, model.UserPositionMaxRunes)
	line.FirstName, line.LastName, line.Nickname, line.Position = &first, &last, &nickname, &title
	if u.Deleted {
		at := max(u.Updated*1000, 1)
		line.DeleteAt = &at
	}
}

func (s *slackImport) botLine(u *slackUser) *Line {
	display := short(orElse(u.Profile.RealName, u.Name), model.BotDisplayNameMaxRunes)
	return &Line{Type: kindBot, Bot: &Bot{Username: s.users[u.ID], Owner: "slack", DisplayName: &display}}
}

var errSlackMessage = fault.Invalid("parley.transfer.slack_message.app_error")
