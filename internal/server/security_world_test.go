package server_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/server"
	"github.com/parley-chat/parley/internal/subscriptions"
	"github.com/parley-chat/parley/internal/testkit"
)

// roles are the columns of matrix.tsv, in its order.
var roles = []string{"nobody", "former", "stranger", "guest", "teammate", "member", "token", "chanadmin", "teamadmin", "owner", "sysadmin"}

// worldSettings turn on what the routes of the matrix need, and hide addresses.
var worldSettings = testkit.Env(
	"MM_EMAILGATEWAYSETTINGS_ENABLE=true", "MM_EMAILGATEWAYSETTINGS_DOMAIN=mail.example.com", "MM_EMAILGATEWAYSETTINGS_LISTENADDRESS=127.0.0.1:0",
	"MM_WEBPUBLICSETTINGS_ENABLE=true", "MM_SERVICESETTINGS_ENABLEBOTACCOUNTCREATION=true", "MM_WEBPUBLICSETTINGS_REQUESTSPERMINUTE=1000000",
	"MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS=true", "MM_SERVICESETTINGS_ENABLEMULTIFACTORAUTHENTICATION=true",
	"MM_SERVICESETTINGS_ENABLEEMAILINVITATIONS=true", "MM_SERVICESETTINGS_POSTPRIORITY=true", "MM_SERVICESETTINGS_ENABLEBURNONREAD=true",
	"MM_GUESTACCOUNTSSETTINGS_ENABLE=true", "MM_TEAMSETTINGS_ENABLEUSERDEACTIVATION=true", "MM_SUPPORTSETTINGS_CUSTOMTERMSOFSERVICEENABLED=true",
	"MM_CONTENTFLAGGINGSETTINGS_ENABLECONTENTFLAGGING=true", "MM_SERVICESETTINGS_ENABLEDYNAMICCLIENTREGISTRATION=true", "MM_SERVICESETTINGS_ENABLEOUTGOINGOAUTHCONNECTIONS=true",
	"MM_PRIVACYSETTINGS_SHOWEMAILADDRESS=false", "MM_EMAILSETTINGS_SMTPPASSWORD="+mailSecret, "MM_EMAILSETTINGS_SMTPSERVER=", "MM_EMAILSETTINGS_ENABLESMTPAUTH=true",
	"MM_FILESETTINGS_ENABLEPUBLICLINK=true", "MM_FILESETTINGS_PUBLICLINKSALT=abcdefghijklmnopqrstuvwxyzabcdef", "MM_SERVICESETTINGS_SITEURL=http://parley.example.com",
)

const mailSecret, connectionSecret, connectionPlace = "mailsecretqqqq", "connectionsecretqqqq", "connectionplaceqqqq"

// A world is a server's content with somebody in every role, and things that
// belong to the owner, a plain member of a private channel.
type world struct {
	people  map[string]testkit.Actor
	vars    map[string]string // what $name in a row stands for
	secrets []secret
	file    []byte // the SQLite database
	data    string // the data folder
}

// A secret is a text that nobody but the roles named may ever be told.
type secret struct{ what, text, roles string }

const inPrivate = "member token chanadmin owner sysadmin"

// newWorld fills a server.
func newWorld(t *testing.T, s *testkit.Server) *world {
	t.Helper()
	w := &world{people: map[string]testkit.Actor{}, vars: map[string]string{"fresh": "", "soon": "", "soonms": ""}}
	admin, chief, boss := s.Admin, s.User("teamadmin"), s.User("chanadmin")
	owner, member, mate, stranger := s.User("owner"), s.User("member"), s.User("teammate"), s.User("stranger")
	guest, former, target, peer, newbie := s.User("guest"), s.User("former"), s.User("target"), s.User("peer"), s.User("newbie")
	team := s.Team(admin, chief, boss, owner, member, mate, target, peer)
	admin.PUT("/teams/"+team.ID+"/members/"+chief.ID+"/schemeRoles", map[string]bool{"scheme_user": true, "scheme_admin": true}).Want(t, 200)
	public := s.Channel(boss, team, owner, member)
	admin.POST("/users/"+guest.ID+"/demote", nil).Want(t, 200)
	guest.Login()
	admin.POST("/teams/"+team.ID+"/members", map[string]string{"team_id": team.ID, "user_id": guest.ID}).Want(t, 201)
	admin.POST("/channels/"+public.ID+"/members", map[string]string{"user_id": guest.ID}).Want(t, 201)
	admin.DELETE("/users/"+former.ID).Want(t, 200)
	for name, a := range map[string]*testkit.Actor{"sysadmin": admin, "teamadmin": chief, "chanadmin": boss, "owner": owner, "member": member,
		"teammate": mate, "stranger": stranger, "guest": guest, "former": former, "target": target, "peer": peer, "newbie": newbie} {
		w.vars[name], w.vars[name+"name"] = a.ID, a.Username
		w.people[name] = *a
	}
	w.people["nobody"] = *s.Nobody()
	w.channels(t, s, team, public)
	w.conversation(t, s)
	w.uploads(t, s)
	w.personal(t, s)
	w.daily(t, s)
	w.system(t, s)
	w.groups(t, s)
	w.attributes(t, s)
	w.reports(t, s)
	w.commands(t, s)
	w.webhooks(t, s)
	var app model.OAuthApp
	w.as(s, "sysadmin").POST("/oauth/apps", map[string]any{"name": "Calendar", "description": "Shows what is planned", "homepage": "https://calendar.example",
		"callback_urls": []string{"https://calendar.example/back"}}).Want(t, 201).Into(t, &app)
	w.vars["app"] = app.ID
	w.hide("the secret of an application", app.ClientSecret, "sysadmin")
	var connection model.OutgoingOAuthConnection
	w.as(s, "sysadmin").POST("/oauth/outgoing_connections", map[string]any{"name": "Sensors", "client_id": "client", "client_secret": connectionSecret,
		"oauth_token_url": "https://token.example/" + connectionPlace, "grant_type": "client_credentials", "audiences": []string{"https://api.example"}}).Want(t, 201).Into(t, &connection)
	w.vars["connection"] = connection.ID
	w.hide("the secret of a connection", connectionSecret, "")
	w.hide("where a connection gets its tokens", connectionPlace, "sysadmin")
	var bot model.Bot
	w.as(s, "sysadmin").POST("/bots", map[string]string{"username": "robot"}).Want(t, 201).Into(t, &bot)
	w.vars["bot"] = bot.UserID
	w.as(s, "owner").PUT("/parley/posts/"+w.vars["post"]+"/topic", map[string]string{"title": "Seeds"}).Want(t, 200)
	w.as(s, "owner").POST("/parley/users/me/deletion", map[string]string{"password": "Probe-Passw0rd-1", "reason": "moving"}).Want(t, 201)
	for what, roles := range map[string]string{"owner": "owner sysadmin", "target": "sysadmin"} {
		w.hide("address of "+what, w.vars[what+"name"]+"@example.com", roles)
		w.hide("session token of "+what, w.people[what].Token, "")
	}
	w.hide("the password of the mail server", mailSecret, "")
	return w
}

// commands are slash commands of the team: one of its administrator, one of the
// system's.
func (w *world) commands(t *testing.T, s *testkit.Server) {
	for name, who := range map[string]string{"command": "teamadmin", "bosscommand": "sysadmin", "menucommand": "teamadmin"} {
		var made model.Command
		w.as(s, who).POST("/commands", map[string]any{"team_id": w.vars["team"], "trigger": name, "method": "P", "auto_complete": true, "on_messages": name == "menucommand",
			"url": "https://integration.example/" + id.New()}).Want(t, 201).Into(t, &made)
		w.vars[name] = made.ID
		w.hide("the token of a command", made.Token, "teamadmin sysadmin")
		w.hide("the address of a command", made.URL, "teamadmin sysadmin")
	}
}

// webhooks are those of the team: of its administrator and of the system's.
func (w *world) webhooks(t *testing.T, s *testkit.Server) {
	for name, who := range map[string]string{"hook": "teamadmin", "bosshook": "sysadmin"} {
		var in model.IncomingWebhook
		w.as(s, who).POST("/hooks/incoming", map[string]any{"channel_id": w.vars["public"]}).Want(t, 201).Into(t, &in)
		w.vars[name] = in.ID
		w.hide("the address of a webhook", in.ID, "teamadmin sysadmin")
	}
	var out model.OutgoingWebhook
	w.as(s, "teamadmin").POST("/hooks/outgoing", map[string]any{"team_id": w.vars["team"], "trigger_words": []string{"seed"},
		"callback_urls": []string{"https://integration.example/" + id.New()}}).Want(t, 201).Into(t, &out)
	w.vars["outhook"] = out.ID
	var listener subscriptions.Subscription
	w.as(s, "teamadmin").POST("/parley/subscriptions", map[string]any{"team_id": w.vars["team"], "name": "Bridge", "url": "https://integration.example/" + id.New(),
		"events": []string{"channel_deleted"}, "enabled": true}).Want(t, 201).Into(t, &listener)
	w.vars["listener"] = listener.ID
	w.hide("the secret of a subscription", listener.Secret, "teamadmin sysadmin")
	w.hide("the token of a webhook", out.Token, "teamadmin sysadmin")
	w.hide("the address that a webhook calls", out.CallbackURLs[0], "teamadmin sysadmin")
}

func (w *world) hide(what, text, roles string) {
	w.secrets = append(w.secrets, secret{what, text, roles})
}

// as is a role on a server that holds the world.
func (w *world) as(s *testkit.Server, role string) *testkit.Actor {
	a := s.Nobody()
	a.ID, a.Username, a.Token = w.people[role].ID, w.people[role].Username, w.people[role].Token
	return a
}

func (w *world) channels(t *testing.T, s *testkit.Server, team *model.Team, public *model.Channel) {
	admin, boss := w.as(s, "sysadmin"), w.as(s, "chanadmin")
	w.vars["team"], w.vars["teamname"], w.vars["invite"] = team.ID, team.Name, team.InviteID
	w.vars["public"] = public.ID
	w.hide("the team's invite id", team.InviteID, "teammate member token chanadmin teamadmin owner sysadmin")
	var private, gone model.Channel
	closed := func(c *model.Channel, name string) {
		boss.POST("/channels", map[string]string{"team_id": team.ID, "name": name, "display_name": "Hidden " + name, "type": "P",
			"header": "header" + name, "purpose": "purpose" + name}).Want(t, 201).Into(t, c)
		for _, who := range []string{"owner", "member"} {
			boss.POST("/channels/"+c.ID+"/members", map[string]string{"user_id": w.vars[who]}).Want(t, 201)
		}
	}
	closed(&private, "vault"+id.New()[:8])
	closed(&gone, "grave"+id.New()[:8])
	boss.DELETE("/channels/"+gone.ID).Want(t, 200)
	w.vars["private"], w.vars["privatename"], w.vars["gone"] = private.ID, private.Name, gone.ID
	w.hide("name of the private channel", private.Name, inPrivate)
	w.hide("name of the archived private channel", gone.Name, inPrivate)
	chief := w.as(s, "teamadmin")
	other := s.Team(admin)
	w.vars["otherteam"] = other.ID
	var open model.Team
	chief.POST("/teams", map[string]any{"name": "open" + id.New()[:10], "display_name": "Open", "type": "O", "allow_open_invite": true}).Want(t, 201).Into(t, &open)
	w.vars["openteam"], w.vars["plaza"] = open.ID, s.Channel(boss, team).ID
	dead := s.Team(chief)
	chief.DELETE("/teams/"+dead.ID).Want(t, 200)
	w.vars["deadteam"] = dead.ID
	owner := w.as(s, "owner")
	w.vars["dm"] = s.Direct(owner, w.as(s, "peer")).ID
	var gm model.Channel
	owner.POST("/channels/group", []string{w.vars["owner"], w.vars["peer"], w.vars["target"]}).Want(t, 201).Into(t, &gm)
	w.vars["gm"] = gm.ID
}

func (w *world) conversation(t *testing.T, s *testkit.Server) {
	owner, boss := w.as(s, "owner"), w.as(s, "chanadmin")
	say := func(name string, a *testkit.Actor, channel, roles string, more map[string]any) *model.Post {
		body := map[string]any{"channel_id": channel, "message": "words" + id.New()}
		for k, v := range more {
			body[k] = v
		}
		var p model.Post
		a.POST("/posts", body).Want(t, 201).Into(t, &p)
		w.vars[name] = p.ID
		if roles != "" {
			w.hide("text of "+name, p.Message, roles)
		}
		return &p
	}
	post := say("post", owner, w.vars["private"], inPrivate, nil)
	say("reply", owner, post.ChannelID, inPrivate, map[string]any{"root_id": post.ID})
	say("bosspost", boss, post.ChannelID, inPrivate, map[string]any{"metadata": map[string]any{"priority": map[string]any{"priority": "important", "requested_ack": true}}})
	say("pubpost", owner, w.vars["public"], "", nil)
	say("dmpost", owner, w.vars["dm"], "owner sysadmin", nil)
	say("moving", owner, w.vars["public"], "", nil)
	say("burning", boss, post.ChannelID, inPrivate, map[string]any{"type": "burn_on_read"})
	owner.PUT("/posts/"+post.ID+"/patch", map[string]string{"message": "words" + id.New()}).Want(t, 200).Into(t, post)
	w.hide("new text of post", post.Message, inPrivate)
	var old []model.Post
	owner.GET("/posts/"+post.ID+"/edit_history").Want(t, 200).Into(t, &old)
	w.vars["version"] = old[0].ID
	owner.POST("/users/me/posts/"+w.vars["bosspost"]+"/ack", nil).Want(t, 200)
	owner.POST("/reactions", map[string]string{"user_id": owner.ID, "post_id": post.ID, "emoji_name": "smile"}).Want(t, 200)
}

// uploads are files of the owner: one posted in the private channel, one in a
// direct message, one that isn't posted.
func (w *world) uploads(t *testing.T, s *testkit.Server) {
	owner := w.as(s, "owner")
	private, dm := &model.Channel{ID: w.vars["private"]}, &model.Channel{ID: w.vars["dm"]}
	posted, secret := owner.Upload(private, "picture"+id.New()+".png", smallPNG()), owner.Upload(dm, "letter"+id.New()+".txt", []byte("words"))
	owner.Show(private, posted)
	owner.Show(dm, secret)
	loose := owner.Upload(private, "loose"+id.New()+".txt", []byte("words"))
	var up model.UploadSession
	owner.POST("/uploads", map[string]any{"channel_id": private.ID, "filename": "parts.txt", "file_size": 14}).Want(t, 201).Into(t, &up)
	w.vars["upload"] = up.ID
	w.vars["file"], w.vars["dmfile"], w.vars["loosefile"] = posted.ID, secret.ID, loose.ID
	w.hide("name of a file", posted.Name, inPrivate)
	w.hide("name of a file in a direct message", secret.Name, "owner sysadmin")
	w.hide("name of a file that wasn't posted", loose.Name, "owner")
	var link struct{ Link string }
	owner.GET("/files/"+posted.ID+"/link").Want(t, 200).Into(t, &link)
	_, w.vars["filehash"], _ = strings.Cut(link.Link, "?h=")
}

// daily are an emoji and what the owner has marked in the private channel, and
// not sent there.
func (w *world) daily(t *testing.T, s *testkit.Server) {
	owner := w.as(s, "owner")
	var made model.Emoji
	body, kind := emojiForm(owner.ID)
	owner.Do("POST", "/emoji", body, "Content-Type", kind).Want(t, 200).Into(t, &made)
	w.vars["emoji"], w.vars["emojiname"] = made.ID, made.Name
	var mark model.ChannelBookmark
	owner.POST("/channels/"+w.vars["private"]+"/bookmarks", map[string]string{"display_name": "plan" + id.New(), "type": "link",
		"link_url": "https://example.org/" + id.New()}).Want(t, 201).Into(t, &mark)
	w.vars["bookmark"] = mark.ID
	w.hide("a bookmark", mark.DisplayName, inPrivate)
	w.hide("the address of a bookmark", mark.LinkURL, inPrivate)
	draft, later := "draft"+id.New(), "later"+id.New()
	owner.POST("/drafts", map[string]string{"channel_id": w.vars["private"], "message": draft}).Want(t, 201)
	var scheduled model.ScheduledPost
	owner.POST("/posts/schedule", map[string]any{"channel_id": w.vars["private"], "message": later,
		"scheduled_at": time.Now().Add(1000 * time.Hour).UnixMilli()}).Want(t, 201).Into(t, &scheduled)
	w.vars["scheduled"] = scheduled.ID
	w.hide("a draft", draft, "owner")
	w.hide("a scheduled message", later, "owner")
}

func (w *world) personal(t *testing.T, s *testkit.Server) {
	admin, owner := w.as(s, "sysadmin"), w.as(s, "owner")
	const own = "owner sysadmin"
	for _, who := range []string{"owner", "member"} {
		admin.PUT("/users/"+w.vars[who]+"/roles", map[string]string{"roles": "system_user system_user_access_token"}).Want(t, 200)
		var pat model.UserAccessToken
		w.as(s, who).POST("/users/me/tokens", map[string]string{"description": "mine"}).Want(t, 200).Into(t, &pat)
		w.vars[who+"pat"] = pat.ID
		w.hide("access token of "+who, pat.Token, "")
		if who == "member" {
			w.people["token"] = testkit.Actor{ID: w.vars[who], Username: w.vars[who+"name"], Token: pat.Token}
		}
	}
	admin.PUT("/users/"+w.vars["member"]+"/roles", map[string]string{"roles": "system_user"}).Want(t, 200)
	admin.POST("/users/tokens/enable", map[string]string{"token_id": w.vars["ownerpat"]}).Want(t, 200)
	var c model.SidebarCategoryWithChannels
	owner.POST("/users/me/teams/"+w.vars["team"]+"/channels/categories", map[string]any{"user_id": owner.ID, "team_id": w.vars["team"],
		"display_name": "drawer" + id.New()[:10], "channel_ids": []string{w.vars["private"]}}).Want(t, 200).Into(t, &c)
	w.vars["category"] = c.ID
	w.vars["order"] = string(owner.GET("/users/me/teams/"+w.vars["team"]+"/channels/categories/order").Want(t, 200).Body)
	w.hide("a sidebar category", c.DisplayName, own)
	value := "wish" + id.New()
	owner.PUT("/users/me/preferences", []map[string]string{{"user_id": owner.ID, "category": "drawer", "name": "thing", "value": value},
		{"user_id": owner.ID, "category": "flagged_post", "name": w.vars["post"], "value": "true"}}).Want(t, 200)
	w.hide("a preference", value, own)
	owner.PUT("/users/me/status/custom", map[string]string{"emoji": "smile", "text": "tea"}).Want(t, 200)
	var sessions []model.Session
	owner.GET("/users/me/sessions").Want(t, 200).Into(t, &sessions)
	w.vars["session"] = sessions[0].ID
	w.vars["ownermail"] = owner.Username + "@example.com"
	var mfa model.MFASecret
	owner.POST("/users/me/mfa/generate", nil).Want(t, 200).Into(t, &mfa)
	w.hide("the MFA secret of the owner", mfa.Secret, "")
	hash, err := db.Value[string](t.Context(), s.DB, "SELECT password FROM users WHERE id = $1", owner.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.hide("the owner's password hash", hash, "")
	for name, path := range map[string]string{"verify_email": "/users/email/verify/send", "password_recovery": "/users/password/reset/send"} {
		s.Nobody().POST(path, map[string]string{"email": w.vars["ownermail"]}).Want(t, 200)
		testkit.Eventually(t, "a token "+name, func() bool {
			w.vars[name], err = db.Value[string](t.Context(), s.DB, "SELECT token FROM tokens WHERE type = $1", name)
			return err == nil
		})
		w.hide("the token "+name, w.vars[name], "")
	}
}

func (w *world) system(t *testing.T, s *testkit.Server) {
	admin := w.as(s, "sysadmin")
	for _, scope := range []string{"team", "channel"} {
		var x model.Scheme
		admin.POST("/schemes", map[string]string{"name": "plan" + id.New()[:8], "display_name": "Plan", "scope": scope}).Want(t, 201).Into(t, &x)
		w.vars[scope+"scheme"] = x.ID
	}
	var tos struct {
		ID string `json:"id"`
	}
	admin.POST("/terms_of_service", map[string]string{"text": "be kind"}).Want(t, 200).Into(t, &tos)
	w.vars["terms"] = tos.ID
	w.as(s, "owner").POST("/users/me/terms_of_service", map[string]any{"termsOfServiceId": tos.ID, "accepted": true}).Want(t, 200)
	var role model.Role
	admin.GET("/roles/name/team_user").Want(t, 200).Into(t, &role)
	w.vars["role"] = role.ID
	w.vars["config"] = string(admin.GET("/config").Want(t, 200).Body)
	w.vars["job"] = id.New()
	if _, err := db.Exec(t.Context(), s.DB, `INSERT INTO jobs (id, type, priority, createat, startat, lastactivityat, status, progress, data)
		VALUES ($1, 's3_path_migration', 0, $2, 0, 0, 'pending', 0, '{}')`, w.vars["job"], time.Now().UnixMilli()); err != nil {
		t.Fatal(err)
	}
}

// keep takes the world's SQLite database, with the server stopped, for copies.
func (w *world) keep(t *testing.T, s *testkit.Server, o db.Options) {
	t.Helper()
	s.Stop()
	var err error
	if w.file, err = os.ReadFile(filepath.Join(o.Dir, "parley.db")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(o.Dir, "parley.db-wal")); err == nil && info.Size() > 0 {
		t.Fatal("the database was not closed")
	}
}

// open starts a server on a copy of the world.
func (w *world) open(t *testing.T) *testkit.Server {
	t.Helper()
	o := db.Options{Dir: t.TempDir(), UnsafeNoSync: true}
	if err := os.WriteFile(filepath.Join(o.Dir, "parley.db"), w.file, 0o600); err != nil {
		t.Fatal(err)
	}
	s := testkit.Bare(t, o, worldSettings, func(o *server.Options) {
		if err := os.CopyFS(filepath.Join(o.Data, "files"), os.DirFS(filepath.Join(w.data, "files"))); err != nil {
			t.Fatal(err)
		}
	})
	s.Admin = w.as(s, "sysadmin")
	return s
}

// fill puts the things of the world in place of their $names. $me is the
// caller, $fresh a new name, $soon a time to come, $soonms the same in Unix ms.
func (w *world) fill(s *testkit.Server, text, role string) string {
	if !strings.Contains(text, "$") {
		return text
	}
	return os.Expand(text, func(name string) string {
		switch name {
		case "url":
			return s.URL
		case "me":
			return w.people[role].ID
		case "fresh":
			return "fresh" + id.New()[:12]
		case "soon":
			return time.Now().Add(time.Hour).UTC().Format("20060102150405")
		case "soonms":
			return strconv.FormatInt(time.Now().Add(time.Hour).UnixMilli(), 10)
		}
		return w.vars[name]
	})
}

// sqliteWorld makes a world to copy.
func sqliteWorld(t *testing.T) *world {
	t.Helper()
	o := dbtest.Options(t, dbtest.SQLite)
	var data string
	s := testkit.StartOn(t, o, worldSettings, func(o *server.Options) { data = o.Data })
	w := newWorld(t, s)
	w.data = data
	w.keep(t, s, o)
	return w
}
