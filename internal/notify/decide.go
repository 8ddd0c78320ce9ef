package notify

import "github.com/parley-chat/parley/internal/model"

// Reason is why somebody isn't notified in one way, in the words of the
// protocol's metrics (reference: constants.tsv); "" means that they are.
type Reason string

// The reasons of Decide, and those of what happens later.
const (
	Told             Reason = ""
	ReasonOwn        Reason = "own_post"
	ReasonBot        Reason = "recipient_is_bot"
	ReasonGone       Reason = "missing_profile"
	ReasonSystem     Reason = "system_message"
	ReasonMuted      Reason = "channel_muted"
	ReasonNone       Reason = "notify_level_none"
	ReasonNotMeant   Reason = "not_mentioned"
	ReasonNotFollows Reason = "missing_thread_membership"
	ReasonStatus     Reason = "user_status"
	ReasonActive     Reason = "user_is_active"
	ReasonUnverified Reason = "email_not_verified"
	ReasonOff        Reason = "disabled"
	ReasonRead       Reason = "already_read"
)

// Post is what a decision needs to know of a post.
type Post struct {
	AuthorID, ChannelID, RootID string
	System                      bool // a message of the server itself
	Webhook                     bool // written by an integration in somebody's name
	AutoReply                   bool // an out-of-office answer
}

// Person is a member of the post's channel who may be notified.
type Person struct {
	UserID       string
	Bot, Gone    bool            // Gone: deactivated
	Unverified   bool            // the address is not confirmed
	User         model.StringMap // notify props of the account
	Member       model.StringMap // and of the membership
	Status       model.Status
	Collapsed    bool // sees replies in threads only
	Mentioned    bool // by the text, or by any message of a conversation
	Follows      bool // the thread
	Participates bool // wrote in the thread
	StartedIt    bool // wrote its first post
}

// Rules are the settings that decisions depend on.
type Rules struct {
	Email, Push    bool  // whether the server sends them at all
	VerifiedEmails bool  // mail goes to confirmed addresses only
	Now            int64 // Unix ms
}

// Verdict says for each way whether somebody is notified, or why not. Push is
// for phones, web push and UnifiedPush alike.
type Verdict struct{ Desktop, Email, Push Reason }

// Decide says how one person is notified of a post. It is pure: all it depends
// on is in its arguments (reference: notify-props.json).
func Decide(r Rules, p Post, who Person) Verdict {
	if why := never(p, who); why != Told {
		return Verdict{why, why, why}
	}
	return Verdict{Desktop: desktop(r, p, who), Email: email(r, p, who), Push: push(r, p, who)}
}

// never holds for every way.
func never(p Post, who Person) Reason {
	switch {
	case who.Gone:
		return ReasonGone
	case who.Bot:
		return ReasonBot
	case p.System:
		return ReasonSystem
	case p.AuthorID == who.UserID && !p.Webhook:
		return ReasonOwn
	case who.Member[model.NotifyPropMarkUnread] == model.ChannelMarkUnreadMention:
		return ReasonMuted
	}
	return Told
}

// meant reports whether the post means the person: by the text, or, for those
// who see replies in the channel, by answering what they wrote.
func meant(p Post, who Person) bool {
	if who.Mentioned || p.RootID == "" || who.Collapsed {
		return who.Mentioned
	}
	switch who.User[model.NotifyPropComments] {
	case model.CommentsNotifyAny:
		return who.StartedIt || who.Participates
	case model.CommentsNotifyRoot:
		return who.StartedIt
	}
	return false
}

// level is what the membership says under key, else the account, else otherwise.
func level(who Person, key, otherwise string) string {
	if v := who.Member[key]; v != "" && v != model.NotifyDefault {
		return v
	}
	if v := who.User[key]; v != "" {
		return v
	}
	return otherwise
}

// wanted holds a post against the levels under key, and under threadKey for
// replies that are read in their thread.
func wanted(p Post, who Person, key, threadKey string) Reason {
	general := level(who, key, model.NotifyMention)
	switch {
	case general == model.NotifyNone:
		return ReasonNone
	case meant(p, who):
		return Told
	case p.RootID != "" && who.Collapsed:
		if !who.Follows {
			return ReasonNotFollows
		}
		switch level(who, threadKey, model.NotifyAll) {
		case model.NotifyAll:
			return Told
		case model.NotifyNone:
			return ReasonNone
		}
		return ReasonNotMeant
	case general == model.NotifyAll:
		return Told
	}
	return ReasonNotMeant
}

// statusOf is the status now: a do-not-disturb whose end has come is over even
// before the presence has noticed.
func statusOf(s model.Status, now int64) string {
	if s.Status == model.StatusDND && s.DNDEndTime > 0 && s.DNDEndTime*1000 <= now {
		if s.PrevStatus == "" || s.PrevStatus == model.StatusDND {
			return model.StatusOnline
		}
		return s.PrevStatus
	}
	if s.Status == "" {
		return model.StatusOffline
	}
	return s.Status
}

func quiet(status string) bool {
	return status == model.StatusDND || status == model.StatusOutOfOffice
}

func desktop(r Rules, p Post, who Person) Reason {
	if quiet(statusOf(who.Status, r.Now)) {
		return ReasonStatus
	}
	return wanted(p, who, model.NotifyPropDesktop, model.NotifyPropDesktopThreads)
}

func email(r Rules, p Post, who Person) Reason {
	switch {
	case !r.Email:
		return ReasonOff
	case r.VerifiedEmails && who.Unverified:
		return ReasonUnverified
	case p.AutoReply:
		return ReasonSystem
	case level(who, model.NotifyPropEmail, "true") != "true":
		return ReasonNone
	}
	if !meant(p, who) {
		switch {
		case p.RootID == "" || !who.Collapsed:
			return ReasonNotMeant
		case !who.Follows:
			return ReasonNotFollows
		case level(who, model.NotifyPropEmailThreads, model.NotifyAll) != model.NotifyAll:
			return ReasonNotMeant
		}
	}
	if s := statusOf(who.Status, r.Now); s != model.StatusAway && s != model.StatusOffline {
		return ReasonStatus
	}
	return Told
}

func push(r Rules, p Post, who Person) Reason {
	if !r.Push {
		return ReasonOff
	}
	if why := wanted(p, who, model.NotifyPropPush, model.NotifyPropPushThreads); why != Told {
		return why
	}
	return pushStatus(r, p, who)
}

// pushStatus holds the status against the one from which on the person wants
// to be pushed. Who looks at the channel at this moment sees the post there.
func pushStatus(r Rules, p Post, who Person) Reason {
	status := statusOf(who.Status, r.Now)
	if quiet(status) {
		return ReasonStatus
	}
	from := who.User[model.NotifyPropPushStatus]
	switch {
	case status == model.StatusOffline:
		return Told
	case status == model.StatusAway && from != model.StatusOffline:
		return Told
	case from == model.StatusAway || from == model.StatusOffline:
		return ReasonActive
	}
	looking := who.Status.ActiveChannel == p.ChannelID && r.Now-who.Status.LastActivityAt <= model.StatusChannelTimeout
	if looking && !(who.Collapsed && p.RootID != "") {
		return ReasonActive
	}
	return Told
}
