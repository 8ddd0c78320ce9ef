// Package realtime is the websocket hub: it knows who is connected, sends each event to its
// audience, and lets a client that lost its socket go on where it stopped.
//
// A Conn is one client's numbered stream of events. It outlives its socket by five minutes,
// collecting what the client misses; a client that comes back with its connection id and the
// number it expects next gets exactly the rest. An event is encoded once, whatever its audience;
// only the number and a few members (Event.Extra) are added for each receiver. One goroutine reads
// each socket; a flusher of the whole hub writes all frames that wait for a socket in one system
// call, and a socket has a writing goroutine only while its client is slow to read.
//
// The hub has no database: identities and memberships come from functions in Options. Once a user
// has connected, JoinedChannel, LeftChannel and their like keep the index right; they take effect
// before they return, also when they race with the loading.
package realtime

import (
	"container/list"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lxzan/gws"

	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
)

// Close codes that the hub sends. Those of the protocol's clients (4000, 4001)
// and of RFC 6455 keep their meaning; 41xx are the hub's own. Whatever the
// code, a client may come back; after CodeSlowReader and CodeSessionExpired it
// may resume.
const (
	CodeGoingAway      = 1001 // the server stops
	CodeMalformed      = 1007 // a frame that is neither JSON nor msgpack of the right shape
	CodePolicy         = 1008 // not authenticated in time, bad token, bad resume parameters
	CodeInternal       = 1011 // the user's memberships couldn't be loaded
	CodeSlowReader     = 4100 // too many frames wait for a client that doesn't read
	CodeSessionEnded   = 4101 // the session or its user was dropped
	CodeSessionExpired = 4102 // the session's time is over
	CodeFlood          = 4103 // too many frames from the client
	CodeMissed         = 4104 // events of other nodes may have been missed: load again
)

// Identity is who stands behind a socket.
type Identity struct {
	UserID, SessionID string
	ExpiresAt         int64 // Unix ms; 0 means never
	Admin             bool  // has manage_system
	Guest             bool
	MFAOK             bool // every factor the server demands was given
	ReadOnly          bool // may do nothing that others notice
}

// Options are what the hub needs from the floors above. Authenticate and
// Memberships must be set; the rest has defaults.
type Options struct {
	// Authenticate returns who a token belongs to. It is called for the
	// authentication_challenge.
	Authenticate func(ctx context.Context, token string) (Identity, error)
	// Recheck returns nil while the identity's session is still valid. It is
	// called once for each new connection, after the connection can already be
	// found by DropSession and DropUser, so that a session revoked between its
	// authentication and that moment doesn't slip through. Nil skips it.
	Recheck func(ctx context.Context, who Identity) error
	// Memberships returns the ids of the channels and teams a user is a member
	// of, from the primary database: it runs when a user connects who has no
	// connection yet. A change committed before the call must be in its answer.
	Memberships func(ctx context.Context, userID string) (channels, teams []string, err error)
	// GuestSees reports whether a guest may see a user. It is asked, on a
	// goroutine of its own, for user_updated and new_user. Nil means never.
	GuestSees func(guestID, userID string) bool
	// ServerVersion is the text for the hello event:
	// version.build_number.config_hash.is_enterprise_ready.
	ServerVersion func() string
	Hostname      string       // default os.Hostname
	Now           func() int64 // Unix ms; default id.Now
	// Connected and Disconnected tell of sockets that became live or ended;
	// edge says that it is the user's first, or was the last, of this node.
	// They are called without locks and may overtake each other: Online is the truth.
	Connected    func(userID string, edge bool)
	Disconnected func(userID string, edge bool)
	// CheckOrigin refuses upgrades from foreign web pages. Nil allows all.
	CheckOrigin func(r *http.Request) bool
	// ErrorText writes an error in the user's language. userID is "" before
	// authentication. Nil uses the error's id.
	ErrorText func(userID string, e *fault.Error) string
	// Refuse answers a request that can't be upgraded. Nil writes the error as JSON.
	Refuse func(w http.ResponseWriter, r *http.Request, e *fault.Error)
	Bus    bus.Bus // default bus.Alone
	Log    *slog.Logger
}

// Hub holds all connections of this node. Make it with New, end it with Close.
//
// Locks, outermost first: mu (index, and delivery as a whole, which is what
// makes a removal final when it returns and keeps one order of events for all
// receivers), Conn.mu, then dirtyMu or lingerMu.
type Hub struct {
	Stats Stats

	opt      Options
	upgrader *gws.Upgrader
	log      *slog.Logger
	lim      limits
	ctx      context.Context // ends when Close is done; parent of handlers' contexts
	cancel   context.CancelFunc
	unhear   func() // ends the bus subscription
	tasks    sync.WaitGroup

	handlers map[string]Handler
	prefixes map[string]PrefixHandler

	mu            sync.Mutex
	closed        bool
	users         map[string]*user
	conns         map[string]*Conn // by connection id: live, closing and inactive
	channels      map[string]*group
	teams         map[string]*group
	sockets       map[*Conn]struct{} // every Conn that has a socket, authenticated or not
	wheel         [wheelSlots]map[*Conn]struct{}
	wheelAt       int
	wheelNext     uint8           // slot of the newest socket
	unauth        map[*Conn]int64 // until when it may stay so, Unix ms
	inactive      list.List       // of *spell, the oldest first
	inactiveBytes int

	dirtyMu sync.Mutex
	dirty   []*Conn
	dirtyAt int // dirty[:dirtyAt] is done
	wake    chan struct{}

	serial    atomic.Int64 // of the newest socket
	lingerMu  sync.Mutex
	lingering []*Conn
}

// limits are the hub's bounds, variable for tests.
type limits struct {
	queueFrames, queueBytes int   // a stalled reader's, beyond what the kernel took
	hardFrames, hardBytes   int   // anybody's
	stalledMS               int64 // how long a write may hang before the reader counts as stalled
	dead                    int   // sent frames kept for resuming
	awayFrames, awayBytes   int   // pending frames of one inactive connection
	awayTotal               int   // bytes held by all inactive connections
	awayMS                  int64 // how long an inactive connection is kept
	replyBytes              int   // unsent replies
	authMS, pongMS          int64
	writeMS, lingerMS       int64
	flightMS                int64 // how long a write that runs when the session ends may go on
	messages, messagesBurst int   // from a client, per second
	bytes, bytesBurst       int
}

func defaultLimits() limits {
	return limits{
		queueFrames: 256, queueBytes: 1 << 20, hardFrames: 4096, hardBytes: 8 << 20, stalledMS: 2000,
		dead: 128, awayFrames: 2048, awayBytes: 2 << 20, awayTotal: 64 << 20, awayMS: 300_000,
		replyBytes: 256 << 10, authMS: 5000, pongMS: 100_000, writeMS: 30_000, lingerMS: 3000, flightMS: 250,
		messages: 20, messagesBurst: 100, bytes: 128 << 10, bytesBurst: 1 << 20,
	}
}

// New returns a running hub.
func New(opt Options) *Hub {
	if opt.Now == nil {
		opt.Now = id.Now
	}
	if opt.Bus == nil {
		opt.Bus = bus.Alone{}
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	if opt.Hostname == "" {
		opt.Hostname, _ = os.Hostname()
	}
	h := &Hub{
		opt: opt, log: opt.Log, lim: defaultLimits(), handlers: map[string]Handler{},
		prefixes: map[string]PrefixHandler{},
		users:    map[string]*user{}, conns: map[string]*Conn{},
		channels: map[string]*group{}, teams: map[string]*group{},
		sockets: map[*Conn]struct{}{}, unauth: map[*Conn]int64{}, wake: make(chan struct{}, 1),
	}
	for i := range h.wheel {
		h.wheel[i] = map[*Conn]struct{}{}
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	h.upgrader = newUpgrader(h)
	h.unhear = opt.Bus.Subscribe(busTopic, h.hear)
	h.tasks.Go(h.flushLoop)
	h.tasks.Go(h.tickLoop)
	return h
}

func (h *Hub) tickLoop() {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-t.C:
			h.tick(h.opt.Now())
		}
	}
}

// Close sends what waits for each client, then a close frame with the reason,
// and waits until the sockets are closed or ctx ends; then it closes them hard.
// Serve refuses from the beginning. It returns ctx's error when it was cut short.
func (h *Hub) Close(ctx context.Context, reason string) error {
	h.mu.Lock()
	already := h.closed
	h.closed = true
	for c := range h.sockets {
		c.close(CodeGoingAway, reason, true)
	}
	h.mu.Unlock()
	if already {
		return errors.New("realtime: closed twice")
	}
	err := h.awaitEmpty(ctx)
	h.mu.Lock()
	for c := range h.sockets {
		c.abort()
	}
	h.mu.Unlock()
	h.unhear()
	h.cancel()
	h.tasks.Wait()
	return err
}

func (h *Hub) awaitEmpty(ctx context.Context) error {
	t := time.NewTicker(5 * time.Millisecond)
	defer t.Stop()
	for {
		h.mu.Lock()
		n := len(h.sockets)
		h.mu.Unlock()
		if n == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
		}
	}
}

// Online reports whether a user has a live socket on this node.
func (h *Hub) Online(userID string) bool { return h.Conns(userID) > 0 }

// Conns returns how many live sockets a user has on this node.
func (h *Hub) Conns(userID string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if u := h.users[userID]; u != nil {
		return u.active
	}
	return 0
}

// OnlineUsers returns the ids of all users with a live socket on this node, in
// no order.
func (h *Hub) OnlineUsers() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := make([]string, 0, len(h.users))
	for userID, u := range h.users {
		if u.active > 0 {
			out = append(out, userID)
		}
	}
	return out
}
