package channels

import (
	"context"
	"fmt"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// query collects conditions and their arguments.
type query struct {
	conds []string
	args  []any
}

// add adds a condition in which %s stands for each argument.
func (q *query) add(cond string, args ...any) {
	marks := make([]any, len(args))
	for i, a := range args {
		q.args = append(q.args, a)
		marks[i] = fmt.Sprintf("$%d", len(q.args))
	}
	q.conds = append(q.conds, fmt.Sprintf(cond, marks...))
}

func (q *query) where() string { return "WHERE " + strings.Join(q.conds, " AND ") }

// next is the mark of one more argument.
func (q *query) next(arg any) string {
	q.args = append(q.args, arg)
	return fmt.Sprintf("$%d", len(q.args))
}

// mostWords bounds what a search term costs.
const mostWords = 10

// match adds that every word of a term is somewhere in the channel's names or
// purpose, whatever the case and the accents.
func (q *query) match(term string) {
	words := strings.Fields(strings.ToLower(strings.TrimPrefix(strings.TrimSpace(term), "~")))
	for _, w := range words[:min(len(words), mostWords)] {
		p := "%" + db.LikeEscape(fold(w)) + "%"
		q.add(`(`+folded("c.displayname")+` LIKE %[1]s ESCAPE '\' OR lower(c.name) LIKE %[1]s ESCAPE '\' OR `+folded("c.purpose")+` LIKE %[1]s ESCAPE '\')`, p)
	}
}

const (
	searchLimit     = 100
	autocompleteMax = model.ChannelSearchDefaultLimit
)

type searchIn struct {
	TeamID string              `path:"team_id"`
	Body   model.ChannelSearch `body:"json,channel_search"`
}

// searchTeam finds open channels of a team, archived ones too; who may not list
// them finds among their own.
func (c *Channels) searchTeam(ctx context.Context, v access.Viewer, in searchIn) (channelList, error) {
	var q query
	q.add("c.teamid = %s", in.TeamID)
	if v.CanTeam(ctx, in.TeamID, access.PermListTeamChannels) {
		q.add("c.type = 'O'")
	} else {
		m, err := c.acc.TeamMember(ctx, v.UserID, in.TeamID)
		if err != nil {
			return nil, err
		}
		if !m.Present {
			return nil, fault.NotFound("app.team.get_member.missing.app_error")
		}
		q.add("c.type IN ('O','P')")
		q.add("EXISTS (SELECT 1 FROM channelmembers cm WHERE cm.channelid = c.id AND cm.userid = %s)", v.UserID)
	}
	q.match(in.Body.Term)
	limit := q.next(searchLimit)
	return c.list(ctx, q.where()+" ORDER BY c.displayname, c.id LIMIT "+limit, q.args...)
}

type autocompleteIn struct {
	TeamID string `path:"team_id"`
	Name   string `query:"name"`
}

// autocomplete completes the names of the channels of a team that somebody may
// link to: open ones, and their own private ones.
func (c *Channels) autocomplete(ctx context.Context, v access.Viewer, in autocompleteIn) (channelList, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermListTeamChannels); err != nil {
		return nil, err
	}
	var q query
	q.add("c.teamid = %s", in.TeamID)
	q.add("c.deleteat = 0")
	q.add("(c.type = 'O' OR c.type = 'P' AND EXISTS (SELECT 1 FROM channelmembers cm WHERE cm.channelid = c.id AND cm.userid = %s))", v.UserID)
	q.match(in.Name)
	limit := q.next(autocompleteMax)
	return c.list(ctx, q.where()+" ORDER BY c.displayname, c.id LIMIT "+limit, q.args...)
}

// searchAutocomplete completes the names of channels to search messages in:
// the viewer's own, archived ones too, and their conversations.
func (c *Channels) searchAutocomplete(ctx context.Context, v access.Viewer, in autocompleteIn) (channelList, error) {
	var q query
	q.add("cm.userid = %s", v.UserID)
	q.add("c.teamid = %s", in.TeamID)
	q.match(in.Name)
	limit := q.next(autocompleteMax)
	list, err := c.list(ctx, "JOIN channelmembers cm ON cm.channelid = c.id "+q.where()+" ORDER BY c.displayname, c.id LIMIT "+limit, q.args...)
	if err != nil || strings.TrimSpace(in.Name) == "" {
		return list, err
	}
	partners, err := c.directWith(ctx, v.UserID, in.Name)
	return append(list, partners...), err
}

// directWith returns the direct channels of a user with people whose username
// begins with a term, which is their display name in this list alone.
func (c *Channels) directWith(ctx context.Context, userID, term string) (channelList, error) {
	return db.List(ctx, c.db, func(r db.Row) (*model.Channel, error) {
		var ch model.Channel
		var name string
		err := r.Scan(append(channelFields(&ch), &name)...)
		ch.DisplayName = name
		return &ch, err
	}, "SELECT "+channelColumns+`, u.username FROM channelmembers mine
		JOIN channels c ON c.id = mine.channelid AND c.type = 'D' AND c.deleteat = 0
		JOIN channelmembers theirs ON theirs.channelid = c.id AND (theirs.userid <> $1 OR c.name = $1 || '__' || $1)
		JOIN users u ON u.id = theirs.userid AND (u.username LIKE $2 ESCAPE '\' OR lower(u.nickname) LIKE $2 ESCAPE '\')
		WHERE mine.userid = $1 ORDER BY u.username LIMIT $3`,
		userID, db.LikeEscape(strings.ToLower(strings.TrimPrefix(term, "@")))+"%", autocompleteMax)
}

type searchGroupsIn struct {
	Body model.ChannelSearch `body:"json,channel_search"`
}

// searchGroups finds the viewer's group messages with, for each word of the
// term, a member whose name begins so.
func (c *Channels) searchGroups(ctx context.Context, v access.Viewer, in searchGroupsIn) (channelList, error) {
	var q query
	q.add("cm.userid = %s", v.UserID)
	q.add("c.type = 'G'")
	words := strings.Fields(strings.ToLower(strings.ReplaceAll(in.Body.Term, ",", " ")))
	if len(words) == 0 {
		return channelList{}, nil
	}
	for _, w := range words[:min(len(words), mostWords)] {
		q.add(`EXISTS (SELECT 1 FROM channelmembers m JOIN users u ON u.id = m.userid WHERE m.channelid = c.id AND (u.username LIKE %[1]s ESCAPE '\'
			OR lower(u.firstname) LIKE %[1]s ESCAPE '\' OR lower(u.lastname) LIKE %[1]s ESCAPE '\' OR lower(u.nickname) LIKE %[1]s ESCAPE '\'))`,
			"%"+db.LikeEscape(strings.TrimPrefix(w, "@"))+"%")
	}
	limit := q.next(autocompleteMax)
	return c.list(ctx, "JOIN channelmembers cm ON cm.channelid = c.id "+q.where()+" ORDER BY c.lastpostat DESC, c.id LIMIT "+limit, q.args...)
}

// accents maps letters with marks to those without, for the scripts in which
// people leave the marks out when they search.
var accents = [...][2]string{
	{"a", "àáâãäåā"}, {"c", "çćč"}, {"e", "èéêëēėę"}, {"i", "ìíîïī"}, {"n", "ñń"}, {"o", "òóôõöøō"}, {"s", "śš"}, {"u", "ùúûüū"}, {"y", "ýÿ"}, {"z", "žźż"},
}

var (
	unmarked   = accentMap()
	markedFrom = accentSide(1)
	markedTo   = accentSide(0)
)

func accentMap() *strings.Replacer {
	var pairs []string
	for _, a := range accents {
		for _, r := range a[1] {
			pairs = append(pairs, string(r), a[0])
		}
	}
	return strings.NewReplacer(pairs...)
}

// accentSide lists the letters, marked (1) or plain (0), one for one.
func accentSide(side int) string {
	var b strings.Builder
	for _, a := range accents {
		for _, r := range a[1] {
			if side == 1 {
				b.WriteRune(r)
			} else {
				b.WriteString(a[0])
			}
		}
	}
	return b.String()
}

// fold takes the marks off the letters of a text in lower case.
func fold(s string) string { return unmarked.Replace(s) }

// folded is SQL for a column in lower case and without marks.
func folded(column string) string {
	return "translate(lower(" + column + "), '" + markedFrom + "', '" + markedTo + "')"
}
