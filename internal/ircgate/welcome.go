package ircgate

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/config"
)

// isupport are the tokens of 005, after https://modern.ircdocs.horse/#rplisupport-parameters.
func (c *conn) isupport() []string {
	n := strconv.Itoa
	return []string{"CASEMAPPING=ascii", "CHANTYPES=#&", "PREFIX=(ov)@+", "CHANMODES=,,,ims", "STATUSMSG=", "NICKLEN=64", "CHANNELLEN=" + n(longest),
		"TOPICLEN=" + n(topicMost), "AWAYLEN=100", "KICKLEN=200", "NAMELEN=64", "CHANLIMIT=#&:", "MODES=1", "MAXTARGETS=" + n(maxTargets),
		"TARGMAX=PRIVMSG:" + n(maxTargets) + ",NOTICE:" + n(maxTargets) + ",TAGMSG:1,JOIN:,PART:,KICK:1,NAMES:1,WHOIS:1",
		"NETWORK=" + c.g.network(), "UTF8ONLY", "WHOX", "ELIST=M", "SAFELIST", "MONITOR=" + n(monitorMost), "BOT=B",
		"CHATHISTORY=" + n(historyMost), "MSGREFTYPES=msgid,timestamp", "LINELEN=" + n(maxBody), "CLIENTTAGDENY=*,-typing,-draft/typing,-draft/reply,-reply,-draft/react,-draft/unreact"}
}

// welcome greets a registered client and takes it into the channels of its account.
func (c *conn) welcome(ctx context.Context) {
	server := c.g.serverName()
	if c.reg.nick != c.me.Username {
		c.send(nil, c.maskOf(c.reg.nick), "NICK", c.me.Username)
	}
	c.numeric("001", "Welcome to "+c.g.network()+", "+c.mask(c.me))
	c.numeric("002", "Your host is "+server+", running Parley "+config.Version)
	c.numeric("003", "This server runs since "+c.g.began.UTC().Format(time.RFC1123))
	c.numeric("004", server, "parley-"+config.Version, "B", "imsov")
	for tokens := c.isupport(); len(tokens) > 0; {
		k := min(10, len(tokens))
		c.numeric("005", append(append([]string{}, tokens[:k]...), "are supported by this server")...)
		tokens = tokens[k:]
	}
	c.lusers()
	c.motd()
	if c.caps["account-notify"] {
		c.send(nil, c.mask(c.me), "ACCOUNT", c.me.Username)
	}
	for _, r := range c.sorted() {
		if c.hidden[r.id] || !isChannel(r.name) {
			continue
		}
		if c.out.await(ctx) != nil {
			return
		}
		c.show(ctx, r)
	}
}

// motd tells how the network works.
func (c *conn) motd() {
	site := strings.TrimRight(c.g.cfg.Get().ServiceSettings.SiteURL, "/")
	c.numeric("375", "- "+c.g.serverName()+" Message of the day -")
	c.numeric("372", "- This is "+clean(c.g.cfg.Get().TeamSettings.SiteName)+", seen through IRC.")
	if t := c.teams[c.home]; t != nil {
		c.numeric("372", "- #channel is a channel of "+clean(t.DisplayName)+", #team/channel one of another team, &names a group message.")
	}
	c.numeric("372", "- /part hides a channel, /join shows it again or joins a public one, /list lists them.")
	if site != "" {
		c.numeric("372", "- On the web: "+clean(site))
	}
	c.numeric("376", "End of MOTD")
}

func (c *conn) lusers() {
	f := c.g.Figures()
	c.numeric("251", "There are "+strconv.Itoa(f.Registered)+" users connected over IRC")
	c.numeric("254", strconv.Itoa(len(c.rooms)), "conversations of yours")
	c.numeric("255", "I have "+strconv.Itoa(f.Registered)+" clients and 0 servers")
}
