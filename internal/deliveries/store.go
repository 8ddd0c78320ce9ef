package deliveries

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
)

// The states of a delivery.
const (
	StateWaiting = "waiting" // to be sent, or sent again
	StateDone    = "ok"      // answered
	StateFailed  = "failed"  // given up
)

// What the log keeps of one call, bytes, and for how long.
const (
	bodyMost   = 256 << 10 // what is longer can't be sent again once it is over
	answerMost = 4 << 10
	nameMost   = 128
	keepFor    = 7 * 24 * time.Hour
	sweepBatch = 1000
)

// Delivery is a call in the log. Times are in milliseconds.
type Delivery struct {
	ID           string      `json:"id"`
	Create       int64       `json:"create_at"`
	Kind         string      `json:"kind"`
	Of           string      `json:"of"`
	Name         string      `json:"name"`
	OwnerID      string      `json:"owner_id"`
	TeamID       string      `json:"team_id"`
	Method       string      `json:"method"`
	URL          string      `json:"url"`
	Header       http.Header `json:"request_header"`
	Body         string      `json:"request_body"`
	State        string      `json:"outcome"`
	Attempts     int         `json:"attempts"`
	Next         int64       `json:"next_at"` // of a waiting one
	Status       int         `json:"status"`  // of the last answer, 0 without one
	AnswerHeader http.Header `json:"answer_header"`
	Answer       string      `json:"answer_body"` // its beginning
	Problem      string      `json:"error"`
	Took         int64       `json:"duration"` // of the last attempt
	End          int64       `json:"end_at"`   // 0 while it waits

	about, secret string
	lane          string // what waits in it is called by few at once, see queue
}

func newRow(c Call) *Delivery {
	now := id.Now()
	r := &Delivery{ID: c.ID, Create: now, Kind: c.Kind, Of: c.Of, Name: cut(c.Name, nameMost), OwnerID: c.OwnerID, TeamID: c.TeamID,
		Method: c.Method, URL: c.URL, Header: c.Header, Body: string(c.Body), State: StateWaiting, Next: now, about: c.About, secret: c.Secret, lane: c.key()}
	return r
}

// trim drops what the log doesn't keep of a delivery that is over.
func (r *Delivery) trim() {
	if len(r.Body) > bodyMost || !utf8.ValidString(r.Body) {
		r.Body = ""
	}
}

// call is what a row sends.
func (r *Delivery) call() Call {
	return Call{ID: r.ID, Kind: r.Kind, Of: r.Of, Name: r.Name, OwnerID: r.OwnerID, TeamID: r.TeamID, Method: r.Method, URL: r.URL,
		Header: r.Header, Body: []byte(r.Body), Secret: r.secret, About: r.about}
}

// note writes down how an attempt went.
func (r *Delivery) note(answer *Answer, err error) {
	r.Status, r.AnswerHeader, r.Answer, r.Problem = 0, nil, "", ""
	if err != nil {
		r.Problem = cut(err.Error(), 1000)
		return
	}
	r.Status, r.Answer = answer.Status, cut(string(answer.Body), answerMost)
	r.AnswerHeader = http.Header{}
	for _, name := range []string{"Content-Type", "Location", "Retry-After", "Server", "Date"} {
		if v := answer.Header.Get(name); v != "" {
			r.AnswerHeader.Set(name, cut(v, 500))
		}
	}
}

// cut shortens a text to so many bytes, at the end of a letter, and leaves out
// what PostgreSQL can't hold.
func cut(text string, most int) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

const columns = `id, createat, kind, ofid, name, ownerid, teamid, method, url, header, body, about, secret, state, attempts, nextat,
	status, answerheader, answer, problem, took, endat, lane`

func scan(row db.Row) (*Delivery, error) {
	r := &Delivery{}
	var header, answerHeader string
	if err := row.Scan(&r.ID, &r.Create, &r.Kind, &r.Of, &r.Name, &r.OwnerID, &r.TeamID, &r.Method, &r.URL, &header, &r.Body, &r.about, &r.secret,
		&r.State, &r.Attempts, &r.Next, &r.Status, &answerHeader, &r.Answer, &r.Problem, &r.Took, &r.End, &r.lane); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(header), &r.Header); err != nil {
		return nil, err
	}
	return r, json.Unmarshal([]byte(answerHeader), &r.AnswerHeader)
}

func texts(h http.Header) string {
	raw, _ := json.Marshal(h) // a map of texts always can be written
	return string(raw)
}

// keep adds a delivery.
func (d *Deliveries) keep(ctx context.Context, q db.Querier, r *Delivery) error {
	_, err := db.Exec(ctx, q, `INSERT INTO parley_deliveries (`+columns+`) VALUES `+db.Tuples(1, 23, 0),
		r.ID, r.Create, r.Kind, r.Of, r.Name, r.OwnerID, r.TeamID, r.Method, r.URL, texts(r.Header), r.Body, r.about, r.secret,
		r.State, r.Attempts, r.Next, r.Status, texts(r.AnswerHeader), r.Answer, r.Problem, r.Took, r.End, r.lane)
	return err
}

// settle writes down how a queued delivery went.
func settle(ctx context.Context, tx *db.Tx, r *Delivery) error {
	_, err := tx.Exec(ctx, `UPDATE parley_deliveries SET state = $2, attempts = $3, nextat = $4, status = $5, answerheader = $6, answer = $7,
		problem = $8, took = $9, endat = $10, body = $11 WHERE id = $1 AND state = 'waiting'`,
		r.ID, r.State, r.Attempts, r.Next, r.Status, texts(r.AnswerHeader), r.Answer, r.Problem, r.Took, r.End, r.Body)
	return err
}

// renew keeps a claimed delivery that has waited in memory from now on for
// another lease, if what is left of its own is short for a call. It reports whether
// it was still this node's: another one has taken over what it was too slow for.
func (d *Deliveries) renew(ctx context.Context, r *Delivery, now int64) (bool, error) {
	if r.Next-now > timeMost.Milliseconds() {
		return true, nil
	}
	until := max(now+lease.Milliseconds(), r.Next+1)
	n, err := d.DB.Exec(ctx, `UPDATE parley_deliveries SET nextat = $3 WHERE id = $1 AND nextat = $2 AND state = 'waiting'`, r.ID, r.Next, until)
	r.Next = until
	return n > 0, err
}

// laneDue is when the first delivery of a lane is due, laneRoom how many may be claimed in it.
type (
	laneDue struct {
		lane string
		next int64
	}
	laneRoom struct {
		lane string
		most int
	}
)

// due lists the lanes in which anything waits, the first due first. It steps from
// one to the next in the index, however many wait in each.
func (d *Deliveries) due(ctx context.Context) ([]laneDue, error) {
	return db.List(ctx, d.DB, func(r db.Row) (l laneDue, err error) { return l, r.Scan(&l.lane, &l.next) }, `WITH RECURSIVE lanes (lane) AS (
			SELECT min(lane) FROM parley_deliveries WHERE state = 'waiting'
			UNION ALL SELECT (SELECT min(d.lane) FROM parley_deliveries d WHERE d.state = 'waiting' AND d.lane > lanes.lane) FROM lanes WHERE lanes.lane IS NOT NULL)
		SELECT lane, coalesce((SELECT min(d.nextat) FROM parley_deliveries d WHERE d.state = 'waiting' AND d.lane = lanes.lane), 0) AS next
		FROM lanes WHERE lane IS NOT NULL ORDER BY next LIMIT $1`, lanesMost)
}

// lanesMost bounds how many lanes are looked at together: those that wait longest.
const lanesMost = 10_000

// claim takes waiting deliveries whose time has come, for as long as a lease:
// nobody else takes them before. Attempts are counted when they end.
func (d *Deliveries) claim(ctx context.Context, now int64, from []laneRoom) (out []*Delivery, err error) {
	skip := ""
	if !d.DB.SQLite() {
		skip = " FOR UPDATE SKIP LOCKED" // another node claims at the same moment; SQLite has one writer
	}
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		out = nil
		for _, l := range from {
			list, err := db.List(ctx, tx, scan, `UPDATE parley_deliveries SET nextat = $2 WHERE id IN (
				SELECT id FROM parley_deliveries WHERE state = 'waiting' AND lane = $4 AND nextat <= $1 ORDER BY nextat LIMIT $3`+skip+`) RETURNING `+columns,
				now, now+lease.Milliseconds(), l.most, l.lane)
			if err != nil {
				return err
			}
			out = append(out, list...)
		}
		return nil
	})
	return out, err
}

// release gives claimed deliveries back until a time.
func (d *Deliveries) release(ctx context.Context, until int64, ids []string) error {
	_, err := d.DB.Exec(ctx, `UPDATE parley_deliveries SET nextat = $1 WHERE state = 'waiting' AND id = ANY($2)`, until, ids)
	return err
}

// sweep forgets old deliveries that are over.
func (d *Deliveries) sweep(ctx context.Context, now int64) error {
	for {
		n, err := d.DB.Exec(ctx, `DELETE FROM parley_deliveries WHERE id IN (
			SELECT id FROM parley_deliveries WHERE createat < $1 AND state <> 'waiting' ORDER BY createat LIMIT $2)`, now-keepFor.Milliseconds(), sweepBatch)
		if err != nil || n < sweepBatch {
			return err
		}
	}
}
