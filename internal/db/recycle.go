package db

import "database/sql"

// Recycle closes the idle connections, so that the next statements open new
// ones: after a failover, say. Those in use end when they are given back.
func (d *DB) Recycle() {
	if d.lite != nil {
		d.lite.mu.Lock()
		old := d.lite.idle
		d.lite.idle = nil
		d.lite.mu.Unlock()
		for _, s := range old {
			s.close()
		}
		return
	}
	for _, pool := range append([]*sql.DB{d.pg}, d.replicas...) {
		pool.SetMaxIdleConns(-1)
		pool.SetMaxIdleConns(orDefault(d.opts.MaxIdle, 10))
	}
}
