package presence

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// maxKnown bounds the memory: as many people as the protocol's own server keeps.
// Those who are connected come on top.
const maxKnown = 35_000

// inOneStatement is how many rows a statement reads or writes at most.
const inOneStatement = 1000

// trustMS is how long a status is believed without hearing of it, when other
// nodes may have changed it and the news was lost.
const trustMS = 60_000

type row struct {
	userID string
	entry  entry
}

const columns = `userid, coalesce(status, ''), coalesce(manual, false), coalesce(lastactivityat, 0), coalesce(dndendtime, 0), coalesce(prevstatus, '')`

func scan(r db.Row) (x row, err error) {
	var status, prev string
	err = r.Scan(&x.userID, &status, &x.entry.manual, &x.entry.active, &x.entry.dndEnd, &prev)
	x.entry.status, x.entry.prev, x.entry.saved = codeOf(status), codeOf(prev), x.entry.active
	return x, err
}

// lookup returns what is known of users, reading from the table what isn't in
// memory. Users without a status are not in the answer's memory; their entry is
// the zero value.
func (p *Presence) lookup(ctx context.Context, ids []string) (map[string]entry, error) {
	if err := p.settleFor(ctx, ids); err != nil {
		return nil, err
	}
	found := make(map[string]entry, len(ids))
	var missing []string
	peers, now := p.bus.Peers(), p.now()
	p.mu.Lock()
	for _, userID := range ids {
		e := p.known[userID]
		_, unsaved := p.dirty[userID]
		if e == nil || peers && !e.here && !unsaved && now-e.heard > trustMS {
			missing = append(missing, userID)
		} else {
			found[userID] = *e
		}
	}
	p.mu.Unlock()
	return found, p.read(ctx, missing, found)
}

// read takes rows of the table into memory and adds them to found.
func (p *Presence) read(ctx context.Context, ids []string, found map[string]entry) error {
	began := p.now()
	for part := range slices.Chunk(ids, inOneStatement) {
		rows, err := db.List(ctx, p.db, scan, `SELECT `+columns+` FROM status WHERE userid = ANY($1) LIMIT $2`, part, len(part))
		if err != nil {
			return err
		}
		p.mu.Lock()
		p.makeRoom()
		for _, x := range rows {
			e := p.known[x.userID]
			_, unsaved := p.dirty[x.userID]
			switch {
			case e == nil:
				e = &x.entry
				p.known[x.userID] = e
			case !unsaved && !e.here && e.heard < began: // what changed meanwhile is newer than the row
				x.entry.channel, x.entry.mine = e.channel, e.mine && e.status == x.entry.status
				*e = x.entry
			}
			e.heard = max(e.heard, began)
			found[x.userID] = *e
		}
		p.mu.Unlock()
	}
	return nil
}

// makeRoom forgets people who are not here when there are too many. The lock is held.
func (p *Presence) makeRoom() {
	if len(p.known) < maxKnown {
		return
	}
	drop := maxKnown / 8
	for userID, e := range p.known {
		if _, unsaved := p.dirty[userID]; unsaved || e.here {
			continue
		}
		delete(p.known, userID)
		if drop--; drop == 0 {
			return
		}
	}
}

// drop forgets a user who was removed.
func (p *Presence) drop(userID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.known, userID)
	delete(p.waiting, userID)
	delete(p.leaving, userID)
	delete(p.dirty, userID)
}

// flush writes all changes that are not in the table yet.
func (p *Presence) flush(ctx context.Context) error {
	p.mu.Lock()
	ids := make([]string, 0, len(p.dirty))
	for userID := range p.dirty {
		ids = append(ids, userID)
	}
	p.mu.Unlock()
	slices.Sort(ids) // one order, so that nodes that write the same rows don't wait in a circle
	return p.save(ctx, ids)
}

// save writes the statuses of users. What can't be written is left for the next
// flush.
func (p *Presence) save(ctx context.Context, ids []string) error {
	for part := range slices.Chunk(ids, inOneStatement) {
		args := make([]any, 0, 6*len(part))
		p.mu.Lock()
		for _, userID := range part {
			if e := p.known[userID]; e != nil {
				e.saved = e.active
				args = append(args, userID, e.status.String(), e.manual, e.active, e.dndEnd, e.prev.String())
			}
			delete(p.dirty, userID)
		}
		p.mu.Unlock()
		if len(args) == 0 {
			continue
		}
		_, err := db.Exec(ctx, p.db, `INSERT INTO status (userid, status, manual, lastactivityat, dndendtime, prevstatus) VALUES `+
			db.Tuples(len(args)/6, 6, 0)+` ON CONFLICT (userid) DO UPDATE SET status = excluded.status, manual = excluded.manual,
			lastactivityat = excluded.lastactivityat, dndendtime = excluded.dndendtime, prevstatus = excluded.prevstatus`, args...)
		if err != nil {
			p.mu.Lock()
			for _, userID := range part {
				if p.known[userID] != nil {
					p.dirty[userID] = struct{}{}
				}
			}
			p.mu.Unlock()
			return err
		}
	}
	return nil
}

// reset has nobody be there who was when the only node of a server stopped.
func (p *Presence) reset(ctx context.Context) error {
	_, err := db.Exec(ctx, p.db, `UPDATE status SET status = $1 WHERE status = ANY($2) AND manual = false`,
		model.StatusOffline, []string{model.StatusOnline, model.StatusAway})
	return err
}

// warm reads who is there on other nodes.
func (p *Presence) warm(ctx context.Context) error {
	ids, err := db.List(ctx, p.db, db.One[string], `SELECT userid FROM status WHERE status = $1 LIMIT $2`, model.StatusOnline, maxKnown/2)
	if err != nil {
		return err
	}
	return p.read(ctx, ids, map[string]entry{})
}

// endQuiet ends the do-not-disturbs whose time is over, on one node only, and
// returns whose.
func (p *Presence) endQuiet(ctx context.Context) ([]row, error) {
	return db.List(ctx, p.db, scan, `UPDATE status SET status = CASE WHEN coalesce(prevstatus, '') IN ('', 'dnd') THEN 'online' ELSE prevstatus END,
		prevstatus = 'dnd', manual = false, dndendtime = 0
		WHERE status = 'dnd' AND dndendtime > 0 AND dndendtime <= $1 RETURNING `+columns, p.now()/1000)
}
