package users

import (
	"context"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// filter collects the parts of a query over users u (and bots b).
type filter struct {
	joins, conds []string
	args         []any
	sqlite       bool
}

func (u *Users) newFilter() *filter { return &filter{sqlite: u.db.SQLite()} }

// bind numbers the question marks of part as parameters that stand for args.
func (f *filter) bind(part string, args []any) string {
	for _, a := range args {
		f.args = append(f.args, a)
		part = strings.Replace(part, "?", "$"+strconv.Itoa(len(f.args)), 1)
	}
	return part
}

func (f *filter) join(part string, args ...any) { f.joins = append(f.joins, f.bind(part, args)) }
func (f *filter) and(part string, args ...any)  { f.conds = append(f.conds, f.bind(part, args)) }

// text is the query from FROM on, without ORDER BY.
func (f *filter) text() string {
	s := userFrom + strings.Join(f.joins, " ")
	if len(f.conds) > 0 {
		s += " WHERE " + strings.Join(f.conds, " AND ")
	}
	return s
}

// find returns a page of the users that f lets through.
func (u *Users) find(ctx context.Context, f *filter, order string, limit, offset int) ([]*model.User, error) {
	sql := "SELECT " + userColumns + f.text() + f.bind(" ORDER BY "+order+" LIMIT ? OFFSET ?", []any{limit, offset})
	return db.List(ctx, u.db, scanUser, sql, f.args...)
}

// count returns how many users f lets through.
func (u *Users) count(ctx context.Context, f *filter) (int64, error) {
	return db.Value[int64](ctx, u.db, "SELECT count(*)"+f.text(), f.args...)
}

// The joins are by primary key, so that they multiply nothing and the planner
// may begin at the smaller side.

func (f *filter) inTeam(teamID string) {
	f.join("JOIN teammembers tm ON tm.userid = u.id AND tm.teamid = ? AND tm.deleteat = 0", teamID)
}

func (f *filter) notInTeam(teamID string) {
	f.and("NOT EXISTS (SELECT 1 FROM teammembers x WHERE x.userid = u.id AND x.teamid = ? AND x.deleteat = 0)", teamID)
}

func (f *filter) withoutTeam() {
	f.and("NOT EXISTS (SELECT 1 FROM teammembers x WHERE x.userid = u.id AND x.deleteat = 0)")
}

func (f *filter) inChannel(channelID string) {
	f.join("JOIN channelmembers cm ON cm.userid = u.id AND cm.channelid = ?", channelID)
}

func (f *filter) notInChannel(channelID string) {
	f.and("NOT EXISTS (SELECT 1 FROM channelmembers x WHERE x.userid = u.id AND x.channelid = ?)", channelID)
}

func (f *filter) inGroup(groupID string) {
	f.join("JOIN groupmembers gm ON gm.userid = u.id AND gm.groupid = ? AND gm.deleteat = 0", groupID)
}

func (f *filter) notInGroup(groupID string) {
	f.and("NOT EXISTS (SELECT 1 FROM groupmembers x WHERE x.userid = u.id AND x.groupid = ? AND x.deleteat = 0)", groupID)
}

// groupConstrained keeps to members of the groups that a team or channel is
// bound to.
func (f *filter) groupConstrained(teamID, channelID string) {
	switch {
	case channelID != "":
		f.and(`u.id IN (SELECT x.userid FROM groupchannels gc JOIN groupmembers x ON x.groupid = gc.groupid AND x.deleteat = 0
			WHERE gc.channelid = ? AND gc.deleteat = 0)`, channelID)
	case teamID != "":
		f.and(`u.id IN (SELECT x.userid FROM groupteams gt JOIN groupmembers x ON x.groupid = gt.groupid AND x.deleteat = 0
			WHERE gt.teamid = ? AND gt.deleteat = 0)`, teamID)
	}
}

func (f *filter) active()   { f.and("u.deleteat = 0") }
func (f *filter) inactive() { f.and("u.deleteat <> 0") }

// sight keeps to whom the viewer may see.
func (f *filter) sight(s sight) {
	if cond, args := s.where(len(f.args) + 1); cond != "" {
		f.args = append(f.args, args...)
		f.conds = append(f.conds, cond)
	}
}

// role keeps to users with a role of the system.
func (f *filter) role(name string) {
	if name != "" {
		f.and(hasRole, roleWord(name))
	}
}

const hasRole = `(' ' || coalesce(u.roles,'') || ' ') LIKE ? ESCAPE '\'`

func roleWord(name string) string { return "% " + db.LikeEscape(name) + " %" }

// roles keeps to users with any of the roles: of the system, or of the team
// and channel that the filter has joined.
func (f *filter) roles(system, team, channel []string) {
	var either []string
	for _, name := range system {
		if name == model.RoleSystemUser { // those who are nothing but that
			either = append(either, f.bind("u.roles = ?", []any{name}))
		} else {
			either = append(either, f.bind(hasRole, []any{roleWord(name)}))
		}
	}
	const justUser = "%[1].schemeadmin = false AND %[1].schemeuser = true AND u.roles = 'system_user'"
	for alias, names := range map[string][]string{"tm": team, "cm": channel} {
		if !f.joined(alias) {
			continue
		}
		for _, name := range names {
			switch name {
			case model.RoleTeamAdmin, model.RoleChannelAdmin:
				either = append(either, alias+".schemeadmin = true")
			case model.RoleTeamUser, model.RoleChannelUser:
				either = append(either, "("+strings.ReplaceAll(justUser, "%[1]", alias)+")")
			case model.RoleTeamGuest, model.RoleChannelGuest:
				either = append(either, alias+".schemeguest = true")
			}
		}
	}
	if len(either) > 0 {
		f.conds = append(f.conds, "("+strings.Join(either, " OR ")+")")
	}
}

func (f *filter) joined(alias string) bool {
	for _, j := range f.joins {
		if strings.Contains(j, " "+alias+" ON ") {
			return true
		}
	}
	return false
}

// maxTerms bounds the words of a search that are looked at.
const maxTerms = 10

// term keeps to users of whom each word of term begins one of the columns.
func (f *filter) term(term string, emails, fullNames bool) {
	columns := []string{"u.username", "u.nickname"}
	if fullNames {
		columns = append(columns, "u.firstname", "u.lastname")
	}
	if emails {
		columns = append(columns, "u.email")
	}
	words := strings.Fields(strings.ToLower(term))
	for i, word := range words {
		if i == maxTerms {
			return
		}
		if word = strings.TrimLeft(word, "@"); word != "" {
			f.beginning(columns, word)
		}
	}
}

func (f *filter) beginning(columns []string, word string) {
	var either []string
	for _, column := range columns {
		// PostgreSQL uses its text_pattern_ops indexes for LIKE; SQLite, whose
		// LIKE knows no index on an expression, uses the same for a range.
		if f.sqlite {
			either = append(either, f.bind("(lower("+column+") >= ? AND lower("+column+") < ?)", []any{word, word + "\U0010FFFF"}))
		} else {
			either = append(either, f.bind("lower("+column+") LIKE ?", []any{db.LikeEscape(word) + "%"}))
		}
	}
	f.conds = append(f.conds, "("+strings.Join(either, " OR ")+")")
}
