package presence

import (
	"encoding/json"
)

// What nodes say to each other: a changed status; that a user's last websocket
// on a node ended; and, as the answer, that the user has one elsewhere.
const (
	topicStatus = "presence.status"
	topicLeft   = "presence.left"
	topicHere   = "presence.here"
)

// news is a changed status.
type news struct {
	UserID string `json:"u"`
	Status code   `json:"s"`
	Prev   code   `json:"p"`
	Manual bool   `json:"m"`
	Active int64  `json:"a"`
	DNDEnd int64  `json:"d"`
}

func (p *Presence) listen() {
	p.listenToRolls()
	p.bus.Subscribe(topicStatus, p.hear)
	p.bus.Subscribe(topicLeft, func(body []byte) {
		userID := string(body)
		if !p.connected(userID) {
			return
		}
		go p.say(topicHere, []byte(userID)) // a subscriber must not block
	})
	p.bus.Subscribe(topicHere, func(body []byte) {
		userID := string(body)
		here := p.connected(userID)
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.leaving, userID)
		if e := p.known[userID]; e != nil && !here {
			e.here, e.mine = false, false
		}
	})
}

func (p *Presence) say(topic string, body []byte) {
	if err := p.bus.Publish(topic, body); err != nil {
		p.log.Warn("other nodes don't hear of a status", "topic", topic, "error", err)
	}
}

func (p *Presence) tellPeers(userID string, e *entry) {
	if !p.bus.Peers() {
		return
	}
	body, _ := json.Marshal(news{userID, e.status, e.prev, e.manual, e.active, e.dndEnd}) // plain
	p.say(topicStatus, body)
}

func (p *Presence) askPeers(userID string) {
	if p.bus.Peers() {
		p.say(topicLeft, []byte(userID))
	}
}

// hear takes over what another node did. That node writes it down and tells the
// user's clients.
func (p *Presence) hear(body []byte) {
	var n news
	if json.Unmarshal(body, &n) != nil {
		return
	}
	p.heed(n)
}

func (p *Presence) heed(n news) {
	if int(n.Status) >= len(names) || int(n.Prev) >= len(names) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.known[n.UserID]
	if e == nil {
		p.makeRoom()
		e = &entry{}
		p.known[n.UserID] = e
	}
	if e.here && n.Status == offline && !n.Manual {
		ours := *e
		p.dirty[n.UserID] = struct{}{}  // that node writes that they left
		go p.tellPeers(n.UserID, &ours) // that node doesn't know who is here
		return
	}
	e.status, e.prev, e.manual, e.dndEnd = n.Status, n.Prev, n.Manual, n.DNDEnd
	e.active, e.saved = max(e.active, n.Active), max(e.active, n.Active)
	e.mine, e.heard = false, p.now()
	delete(p.dirty, n.UserID)
}
