// Package access decides who is calling and what they may do.
//
// It owns sessions, access tokens, one-time tokens, roles and schemes, and it
// makes the Viewer: the caller of a request, with every question that a slice
// may ask of it (Can, CanTeam, CanChannel). A slice never reads a role or a
// membership row to decide; it asks the viewer, and an unanswerable question
// is a refusal.
//
// What the questions need is remembered in bounded caches: sessions, roles,
// schemes, the facts of teams and channels, and single memberships. Whoever
// changes such a row calls the matching Forget after the commit; the word goes
// to the other nodes over the bus. In the steady state a check costs no query.
package access

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"

	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
)

// Sizes of the caches, in entries. A membership takes about 200 bytes, a
// session about 1 KiB.
const (
	sessionsKept    = 20_000
	rolesKept       = 2_000
	schemesKept     = 1_000
	teamsKept       = 5_000
	channelsKept    = 20_000
	membershipsKept = 100_000
)

// Access answers the questions of authentication and authorisation.
type Access struct {
	// Answers remembers what was sent to clients, for all slices.
	Answers *Answers

	db  *db.DB
	cfg *config.Store
	bus bus.Bus
	log *slog.Logger

	rounds int          // PBKDF2 rounds of new password hashes
	hashed atomic.Int64 // passwords put through a hash
	keys   keyring

	sessions       *cache[string, *identity] // by token
	roles          *cache[string, *roleFacts]
	schemes        *cache[string, schemeRoles]
	teams          *cache[string, *TeamFacts]
	channels       *cache[string, *ChannelFacts]
	teamMembers    *cache[pair, Member]
	channelMembers *cache[pair, Member]

	ending    func(context.Context, *db.Tx, Ending) error
	revoked   func(sessionID string) // tells the websocket hub
	forgotten func(userID string)    // tells who remembers profiles; "" means all
}

// New returns an Access over a migrated database.
func New(d *db.DB, cfg *config.Store, b bus.Bus, log *slog.Logger) *Access {
	a := &Access{Answers: newAnswers(b, log), db: d, cfg: cfg, bus: b, log: log, rounds: hashRounds,
		sessions:       newCache[string, *identity](sessionsKept),
		roles:          newCache[string, *roleFacts](rolesKept),
		schemes:        newCache[string, schemeRoles](schemesKept),
		teams:          newCache[string, *TeamFacts](teamsKept),
		channels:       newCache[string, *ChannelFacts](channelsKept),
		teamMembers:    newCache[pair, Member](membershipsKept),
		channelMembers: newCache[pair, Member](membershipsKept),
		ending:         func(context.Context, *db.Tx, Ending) error { return nil },
		revoked:        func(string) {},
		forgotten:      func(string) {},
	}
	b.Subscribe(forgetTopic, func(body []byte) {
		what, key, _ := strings.Cut(string(body), " ")
		a.drop(what, key)
	})
	b.OnGap(a.Distrust)
	return a
}

// OnRevoked has fn called with the id of every session that ends, so that its
// websockets end with it. Call it while the server is being built.
func (a *Access) OnRevoked(fn func(sessionID string)) { a.revoked = fn }

// OnForgotten has fn called, on every node, with the id of a user whose profile
// must be read anew, "" for all users. Call it while the server is being built.
func (a *Access) OnForgotten(fn func(userID string)) { a.forgotten = fn }

const forgetTopic = "access.forget"

// What can be forgotten; the words travel on the bus.
const (
	aSession       = "session"
	aUser          = "user"
	aProfile       = "profile"
	aRole          = "role"
	aScheme        = "scheme"
	aTeam          = "team"
	aChannel       = "channel"
	aTeamMember    = "team_member"
	aChannelMember = "channel_member"
	everything     = "everything"
)

func (a *Access) forget(what, key string) {
	a.drop(what, key)
	if err := a.bus.Publish(forgetTopic, []byte(what+" "+key)); err != nil {
		a.log.Error("other nodes were not told what to forget", "what", what, "error", err)
	}
}

func (a *Access) drop(what, key string) {
	user, of, _ := strings.Cut(key, " ")
	switch what {
	case aSession:
		a.sessions.forget(key)
	case aUser:
		a.sessions.forgetWhere(func(_ string, i *identity) bool { return i.session.UserID == key })
		a.Answers.note(UserFact(key))
		a.forgotten(key)
	case aProfile:
		a.Answers.note(UserFact(key))
		a.forgotten(key)
	case aRole:
		a.roles.clear()
		a.Answers.note(Anything)
	case aScheme:
		a.schemes.clear()
		a.roles.clear()
		a.Answers.note(Anything)
	case aTeam:
		a.teams.forget(key)
		a.Answers.note(TeamFact(key))
	case aChannel:
		a.channels.forget(key)
		a.Answers.note(ChannelFact(key))
	case aTeamMember:
		a.teamMembers.forget(pair{user, of})
		a.Answers.note(UserFact(user))
	case aChannelMember:
		a.channelMembers.forget(pair{user, of})
		a.Answers.note(UserFact(user))
	case everything:
		a.sessions.clear()
		a.roles.clear()
		a.schemes.clear()
		a.teams.clear()
		a.channels.clear()
		a.teamMembers.clear()
		a.channelMembers.clear()
		a.Answers.note(Anything)
		a.forgotten("")
	}
}

// ForgetUser drops what is known of a user's account behind their sessions:
// call it after roles, MFA, activation or bot ownership changed.
func (a *Access) ForgetUser(userID string) { a.forget(aUser, userID) }

// ForgetProfile drops what is known of a user but what sessions and rights hang
// on: call it after a change of names, props or pictures.
func (a *Access) ForgetProfile(userID string) { a.forget(aProfile, userID) }

// ForgetRoles drops the permissions of all roles.
func (a *Access) ForgetRoles() { a.forget(aRole, "") }

// ForgetSchemes drops all schemes and roles.
func (a *Access) ForgetSchemes() { a.forget(aScheme, "") }

// ForgetTeam drops the facts of a team: call it after any change of its row.
func (a *Access) ForgetTeam(teamID string) { a.forget(aTeam, teamID) }

// ForgetChannel drops the facts of a channel: call it after any change of its
// row but the counters.
func (a *Access) ForgetChannel(channelID string) { a.forget(aChannel, channelID) }

// ForgetTeamMember drops a membership of a team: call it after joining,
// leaving and changes of roles.
func (a *Access) ForgetTeamMember(userID, teamID string) {
	a.forget(aTeamMember, userID+" "+teamID)
}

// ForgetChannelMember drops a membership of a channel: call it after joining,
// leaving and changes of roles.
func (a *Access) ForgetChannelMember(userID, channelID string) {
	a.forget(aChannelMember, userID+" "+channelID)
}

// Distrust empties every cache of this node.
func (a *Access) Distrust() { a.drop(everything, "") }

// ForgetEverything empties every cache, on every node.
func (a *Access) ForgetEverything() { a.forget(everything, "") }
