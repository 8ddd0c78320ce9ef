package notify

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/parley-chat/parley/internal/model"
)

const now = int64(1_800_000_000_000)

// decideWith decides on a plain mention in a channel after a change.
func decideWith(change func(r *Rules, p *Post, who *Person)) Verdict {
	r := Rules{Email: true, Push: true, Now: now}
	p := Post{AuthorID: "author", ChannelID: "room"}
	who := Person{UserID: "reader", User: model.DefaultUserNotifyProps(), Member: model.DefaultChannelNotifyProps(), Collapsed: true, Mentioned: true,
		Status: model.Status{Status: model.StatusAway, LastActivityAt: now - 600_000}}
	change(&r, &p, &who)
	return Decide(r, p, who)
}

// decision is what becomes of that mention after a change.
type decision struct {
	change func(r *Rules, p *Post, who *Person)
	want   Verdict
}

func TestDecisions(t *testing.T) {
	all := func(why Reason) Verdict { return Verdict{why, why, why} }
	try(t, map[string]decision{
		"a mention": {func(*Rules, *Post, *Person) {}, all(Told)},
		"no mention": {func(_ *Rules, _ *Post, w *Person) { w.Mentioned = false },
			Verdict{ReasonNotMeant, ReasonNotMeant, ReasonNotMeant}},
		"of one's own":        {func(_ *Rules, p *Post, w *Person) { p.AuthorID = w.UserID }, all(ReasonOwn)},
		"one's own webhook":   {func(_ *Rules, p *Post, w *Person) { p.AuthorID, p.Webhook = w.UserID, true }, all(Told)},
		"a bot":               {func(_ *Rules, _ *Post, w *Person) { w.Bot = true }, all(ReasonBot)},
		"deactivated":         {func(_ *Rules, _ *Post, w *Person) { w.Gone = true }, all(ReasonGone)},
		"a system message":    {func(_ *Rules, p *Post, _ *Person) { p.System = true }, all(ReasonSystem)},
		"an auto reply":       {func(_ *Rules, p *Post, _ *Person) { p.AutoReply = true }, Verdict{Email: ReasonSystem}},
		"muted":               {func(_ *Rules, _ *Post, w *Person) { w.Member["mark_unread"] = "mention" }, all(ReasonMuted)},
		"everything off":      {func(r *Rules, _ *Post, _ *Person) { r.Email, r.Push = false, false }, Verdict{Email: ReasonOff, Push: ReasonOff}},
		"address unconfirmed": {func(r *Rules, _ *Post, w *Person) { r.VerifiedEmails, w.Unverified = true, true }, Verdict{Email: ReasonUnverified}},
		"mails off":           {func(_ *Rules, _ *Post, w *Person) { w.User["email"] = "false" }, Verdict{Email: ReasonNone}},
		"mails off here":      {func(_ *Rules, _ *Post, w *Person) { w.Member["email"] = "false" }, Verdict{Email: ReasonNone}},
		"push none":           {func(_ *Rules, _ *Post, w *Person) { w.User["push"] = "none" }, Verdict{Push: ReasonNone}},
		"push none, but here": {func(_ *Rules, _ *Post, w *Person) { w.User["push"], w.Member["push"] = "none", "mention" }, Verdict{}},
		"push all":            {func(_ *Rules, _ *Post, w *Person) { w.User["push"], w.Mentioned = "all", false }, Verdict{ReasonNotMeant, ReasonNotMeant, Told}},
		"push all, not here": {func(_ *Rules, _ *Post, w *Person) {
			w.User["push"], w.Member["push"], w.Mentioned = "all", "mention", false
		},
			all(ReasonNotMeant)},
		"desktop none": {func(_ *Rules, _ *Post, w *Person) { w.User["desktop"] = "none" }, Verdict{Desktop: ReasonNone}},
		"online":       {func(_ *Rules, _ *Post, w *Person) { w.Status.Status = "online" }, Verdict{Email: ReasonStatus}},
		"looking at it": {func(_ *Rules, _ *Post, w *Person) {
			w.Status = model.Status{Status: "online", ActiveChannel: "room", LastActivityAt: now}
		},
			Verdict{Email: ReasonStatus, Push: ReasonActive}},
		"looked at it": {func(_ *Rules, _ *Post, w *Person) {
			w.Status = model.Status{Status: "online", ActiveChannel: "room", LastActivityAt: now - 20_001}
		}, Verdict{Email: ReasonStatus}},
		"push when away, online":  {func(_ *Rules, _ *Post, w *Person) { w.User["push_status"], w.Status.Status = "away", "online" }, Verdict{Email: ReasonStatus, Push: ReasonActive}},
		"push when away, away":    {func(_ *Rules, _ *Post, w *Person) { w.User["push_status"] = "away" }, Verdict{}},
		"push when offline, away": {func(_ *Rules, _ *Post, w *Person) { w.User["push_status"] = "offline" }, Verdict{Push: ReasonActive}},
		"never seen":              {func(_ *Rules, _ *Post, w *Person) { w.User["push_status"], w.Status = "offline", model.Status{} }, Verdict{}},
		"do not disturb":          {func(_ *Rules, _ *Post, w *Person) { w.Status.Status = "dnd" }, all(ReasonStatus)},
		"out of office":           {func(_ *Rules, _ *Post, w *Person) { w.Status.Status = "ooo" }, all(ReasonStatus)},
		"do not disturb for now": {func(_ *Rules, _ *Post, w *Person) { w.Status = model.Status{Status: "dnd", DNDEndTime: now/1000 + 1} },
			all(ReasonStatus)},
		"do not disturb is over": {func(_ *Rules, _ *Post, w *Person) {
			w.Status = model.Status{Status: "dnd", DNDEndTime: now / 1000, PrevStatus: "away"}
		}, Verdict{}},
	})
}

func TestDecisionsInThreads(t *testing.T) {
	all := func(why Reason) Verdict { return Verdict{why, why, why} }
	try(t, map[string]decision{
		"a followed thread":      {reply(func(w *Person) { w.Follows = true }), all(Told)},
		"a thread not followed":  {reply(func(*Person) {}), all(ReasonNotFollows)},
		"threads: mentions only": {reply(func(w *Person) { w.Follows, w.User["push_threads"] = true, "mention" }), Verdict{Push: ReasonNotMeant}},
		"threads: none":          {reply(func(w *Person) { w.Follows, w.User["push_threads"] = true, "none" }), Verdict{Push: ReasonNone}},
		"threads: all, push none": {reply(func(w *Person) { w.Follows, w.User["push"] = true, "none" }),
			Verdict{Push: ReasonNone}},
		"threads: no mails":           {reply(func(w *Person) { w.Follows, w.User["email_threads"] = true, "mention" }), Verdict{Email: ReasonNotMeant}},
		"mentioned, threads none":     {reply(func(w *Person) { w.Mentioned, w.User["push_threads"] = true, "none" }), Verdict{}},
		"all, a thread not followed":  {reply(func(w *Person) { w.User["push"] = "all" }), all(ReasonNotFollows)},
		"old threads: all":            {reply(func(w *Person) { w.Collapsed, w.User["push"] = false, "all" }), Verdict{ReasonNotMeant, ReasonNotMeant, Told}},
		"old threads: any, took part": {reply(func(w *Person) { w.Collapsed, w.Participates, w.User["comments"] = false, true, "any" }), all(Told)},
		"old threads: any, no part":   {reply(func(w *Person) { w.Collapsed, w.User["comments"] = false, "any" }), all(ReasonNotMeant)},
		"old threads: root, its":      {reply(func(w *Person) { w.Collapsed, w.StartedIt, w.User["comments"] = false, true, "root" }), all(Told)},
		"old threads: root, took part": {reply(func(w *Person) { w.Collapsed, w.Participates, w.User["comments"] = false, true, "root" }),
			all(ReasonNotMeant)},
		"old threads: never": {reply(func(w *Person) { w.Collapsed, w.StartedIt = false, true }), all(ReasonNotMeant)},
	})
}

func try(t *testing.T, list map[string]decision) {
	t.Helper()
	for name, c := range list {
		if got := decideWith(c.change); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// reply makes the post a reply that mentions nobody.
func reply(change func(w *Person)) func(*Rules, *Post, *Person) {
	return func(_ *Rules, p *Post, w *Person) {
		p.RootID, w.Mentioned = "root", false
		change(w)
	}
}

// Whatever the settings: nobody is told of what never concerns them, quiet
// people are left alone, and who asks for more gets no less.
func TestDecisionsHoldForEverybody(t *testing.T) {
	levels := []string{"", "default", "none", "mention", "all", "nonsense"}
	rapid.Check(t, func(t *rapid.T) {
		flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
		one := func(name string, of []string) string { return rapid.SampledFrom(of).Draw(t, name) }
		who := Person{UserID: "reader", Bot: flag("bot"), Gone: flag("gone"), Collapsed: flag("collapsed"), Mentioned: flag("mentioned"),
			Follows: flag("follows"), Participates: flag("participates"), StartedIt: flag("started"),
			User: model.StringMap{"push": one("push", levels), "desktop": one("desktop", levels), "email": one("email", []string{"", "true", "false"}),
				"push_threads": one("push_threads", levels), "email_threads": one("email_threads", levels),
				"push_status": one("push_status", []string{"", "online", "away", "offline"}), "comments": one("comments", []string{"", "any", "root", "never"})},
			Member: model.StringMap{"push": one("member push", levels), "mark_unread": one("mark_unread", []string{"", "all", "mention"})},
			Status: model.Status{Status: one("status", []string{"", "online", "away", "offline", "dnd", "ooo"}), ActiveChannel: one("active", []string{"", "room"}),
				LastActivityAt: now}}
		p := Post{AuthorID: one("author", []string{"author", "reader"}), ChannelID: "room", RootID: one("root", []string{"", "root"}), System: flag("system")}
		r := Rules{Email: true, Push: true, Now: now}
		v := Decide(r, p, who)
		told := v.Email == Told || v.Push == Told || v.Desktop == Told
		if told && (who.Bot || who.Gone || p.System || p.AuthorID == who.UserID || who.Member["mark_unread"] == "mention" ||
			who.Status.Status == "dnd" || who.Status.Status == "ooo") {
			t.Fatalf("told although never to be: %+v", v)
		}
		if v.Email == Told && (who.Status.Status == "online" || who.User["email"] == "false") {
			t.Fatalf("a mail to somebody who is there or wants none: %+v", v)
		}
		more := who
		more.User, more.Member = who.User.Clone(), model.StringMap{"mark_unread": who.Member["mark_unread"]}
		more.User["push"], more.User["push_threads"], more.User["push_status"], more.Follows = "all", "all", "online", true
		if v.Push == Told && Decide(r, p, more).Push != Told {
			t.Fatalf("who asks for everything gets less: %+v", Decide(r, p, more))
		}
	})
}
