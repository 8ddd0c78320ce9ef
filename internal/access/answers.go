package access

import (
	"encoding/binary"
	"hash/crc64"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/bus"
)

// Fact is something that answers are made from, such as the preferences of one
// person. There are as many as fit in a small table: two things may share a
// Fact, and then a change of one has the answers made from the other made anew.
type Fact uint16

const (
	facts = 1 << 14
	// Anything is the Fact that every answer is made from: whoever tells that it
	// changed has all of them made anew.
	Anything Fact = 0
)

// FactOf is the Fact of one thing of a kind; a kind belongs to one slice.
func FactOf(kind, id string) Fact {
	h := uint32(2166136261) // FNV-1a: the same on every node
	for i := range len(kind) {
		h = (h ^ uint32(kind[i])) * 16777619
	}
	for i := range len(id) {
		h = (h ^ uint32(id[i])) * 16777619
	}
	return Fact(1 + (h^h>>16)%(facts-1))
}

// Facts of which the Forget functions of Access tell.

// UserFact is a person's account, roles and memberships, without the counters.
func UserFact(userID string) Fact { return FactOf("user", userID) }

// TeamFact is the row of a team.
func TeamFact(teamID string) Fact { return FactOf("team", teamID) }

// ChannelFact is the row of a channel, without the counters.
func ChannelFact(channelID string) Fact { return FactOf("channel", channelID) }

// The counters, of which the channels slice tells.

// CountFact is what new posts change in the row of a channel.
func CountFact(channelID string) Fact { return FactOf("count", channelID) }

// ReadingFact is what a person has read of channels, and how often they were
// mentioned.
func ReadingFact(userID string) Fact { return FactOf("reading", userID) }

// Answer is an answer as it is sent. It encodes itself.
type Answer struct {
	Body []byte // JSON; nobody changes it
	Etag string
}

// AppendJSON appends the answer.
func (a Answer) AppendJSON(dst []byte) []byte { return append(dst, a.Body...) }

// AnswerKey names an answer: what was asked, by whom, of what.
type AnswerKey struct{ What, User, Of string }

// Answers remembers encoded answers until something that they were made from
// changes. Changes are numbered: an answer whose making began after the newest
// change of all its facts is what a new one would be. Whoever changes a row
// calls Changed after the commit and before the change is answered.
//
// Answers are bounded in bytes, and in age, so that what is changed behind the
// server's back, or on a node that can't be heard, shows soon.
type Answers struct {
	bus     bus.Bus
	log     *slog.Logger
	number  atomic.Uint64
	changes [facts]atomic.Uint64 // number of the newest change

	mu    sync.Mutex
	kept  *simplelru.LRU[AnswerKey, *keptAnswer]
	bytes int
}

type keptAnswer struct {
	Answer
	from []Fact
	at   uint64 // number of the newest change when the making began
	till time.Time
	size int
}

const (
	answersBytes = 16 << 20
	answerAge    = 30 * time.Second
	// answerCost is what an answer takes besides its text.
	answerCost = 400
)

const changedTopic = "access.changed"

func newAnswers(b bus.Bus, log *slog.Logger) *Answers {
	s := &Answers{bus: b, log: log}
	kept, err := simplelru.NewLRU(1<<30, func(_ AnswerKey, k *keptAnswer) { s.bytes -= k.size })
	if err != nil {
		panic(err) // only for a size below one
	}
	s.kept = kept
	b.Subscribe(changedTopic, func(body []byte) {
		for ; len(body) >= 2; body = body[2:] {
			s.note(Fact(binary.BigEndian.Uint16(body) % facts))
		}
	})
	return s
}

// Changed has the answers that were made from any of these facts made anew, on
// every node.
func (s *Answers) Changed(from ...Fact) {
	s.note(from...)
	if len(from) == 0 || !s.bus.Peers() {
		return
	}
	body := make([]byte, 0, 2*len(from))
	for _, f := range from {
		body = binary.BigEndian.AppendUint16(body, uint16(f))
	}
	if err := s.bus.Publish(changedTopic, body); err != nil {
		s.log.Error("other nodes were not told that answers changed", "error", err)
	}
}

func (s *Answers) note(from ...Fact) {
	n := s.number.Add(1)
	for _, f := range from {
		for {
			was := s.changes[f].Load()
			if was >= n || s.changes[f].CompareAndSwap(was, n) {
				break
			}
		}
	}
}

// Get returns an answer: the remembered one, or the encoding of what load
// returns beside the facts that it was made from.
func (s *Answers) Get(key AnswerKey, load func() (out any, from []Fact, err error)) (Answer, error) {
	s.mu.Lock()
	k, ok := s.kept.Get(key)
	s.mu.Unlock()
	if ok && s.current(k) {
		return k.Answer, nil
	}
	fresh := &keptAnswer{at: s.number.Load()}
	out, from, err := load()
	if err != nil {
		return Answer{}, err
	}
	body, err := api.Encode(out)
	if err != nil {
		return Answer{}, err
	}
	fresh.Answer, fresh.from, fresh.till = Answer{Body: body, Etag: etagOf(body)}, from, time.Now().Add(answerAge)
	s.keep(key, fresh)
	return fresh.Answer, nil
}

func (s *Answers) current(k *keptAnswer) bool {
	if s.changes[Anything].Load() > k.at {
		return false
	}
	for _, f := range k.from {
		if s.changes[f].Load() > k.at {
			return false
		}
	}
	return time.Now().Before(k.till)
}

func (s *Answers) keep(key AnswerKey, k *keptAnswer) {
	k.size = answerCost + len(k.Body) + 2*len(k.from) + len(key.Of)
	if k.size > answersBytes/8 || !s.current(k) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept.Remove(key)
	s.kept.Add(key, k)
	s.bytes += k.size
	for s.bytes > answersBytes {
		s.kept.RemoveOldest()
	}
}

var etagTable = crc64.MakeTable(crc64.ECMA)

// etagOf names contents.
func etagOf(body []byte) string {
	return strconv.FormatUint(crc64.Checksum(body, etagTable), 36) + "." + strconv.Itoa(len(body))
}
