package server

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"

	"github.com/parley-chat/parley/internal/bus/nats"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/metrics"
	"github.com/parley-chat/parley/internal/model"
)

// NatsServer is the server of NATS that the settings name.
func NatsServer(c *config.Config) nats.Server {
	set := &c.ClusterSettings
	return nats.Server{URL: set.NatsURL, Credentials: set.NatsCredentialsFile, CA: set.NatsCAFile, Cert: set.NatsCertFile, Key: set.NatsKeyFile}
}

// joinCluster joins the other nodes, if the settings name a server of NATS.
func (s *Server) joinCluster(ctx context.Context) error {
	set := s.Config.Get().ClusterSettings
	switch {
	case set.NatsURL == "" && set.Enable:
		s.log.Warn("ClusterSettings.Enable is on but ClusterSettings.NatsURL is empty: this server is alone")
		return nil
	case set.NatsURL == "":
		return nil
	case s.DB.SQLite():
		return errors.New("several nodes need PostgreSQL: ClusterSettings.NatsURL is set, and the database is SQLite")
	}
	deployment, err := db.Value[string](ctx, s.DB, `SELECT coalesce(value, '') FROM systems WHERE name = 'DiagnosticId'`)
	if err != nil {
		return err
	}
	schema, err := db.Value[string](ctx, s.DB, `SELECT name FROM db_migrations ORDER BY version DESC LIMIT 1`)
	if err != nil {
		return err
	}
	about := func() model.ClusterInfo {
		return model.ClusterInfo{Version: config.Version, SchemaVersion: schema, ConfigHash: s.configHash(), IPAddress: s.address(), Hostname: s.hostname()}
	}
	if set.ClusterName != "" {
		deployment += "-" + set.ClusterName
	}
	s.cluster, err = nats.Join(nats.Options{Server: NatsServer(s.Config.Get()), Deployment: deployment, About: about, Log: s.log})
	if err == nil {
		s.bus = s.cluster
	}
	return err
}

// configHash is the part of the version's text that changes with the settings.
func (s *Server) configHash() string {
	parts := strings.Split(s.version(), ".")
	return parts[len(parts)-2]
}

func (s *Server) hostname() string {
	if name := s.Config.Get().ClusterSettings.OverrideHostname; name != "" {
		return name
	}
	name, _ := os.Hostname()
	return name
}

// address is where other hosts reach this one: what the settings say, else the
// first address that isn't the host's alone; "" when there is none.
func (s *Server) address() string {
	if a := s.Config.Get().ClusterSettings.AdvertiseAddress; a != "" {
		return a
	}
	list, _ := net.InterfaceAddrs()
	for _, a := range list {
		if ip, ok := a.(*net.IPNet); ok && !ip.IP.IsLoopback() && !ip.IP.IsLinkLocalUnicast() {
			return ip.IP.String()
		}
	}
	return ""
}

// nodes describes the nodes of the cluster. A server alone is no cluster.
func (s *Server) nodes() []model.ClusterInfo {
	if s.cluster == nil {
		return []model.ClusterInfo{}
	}
	return s.cluster.Nodes()
}

// missed is called when events of other nodes may have been missed, after the
// caches have been dropped.
func (s *Server) missed() { s.Hub.DropAll("events may have been missed") }

// busFigures tells the metrics what the bus has counted.
func (s *Server) busFigures() metrics.Bus {
	b := &s.cluster.Stats
	return metrics.Bus{Connected: s.cluster.Connected(), Nodes: len(s.cluster.Nodes()), Sent: b.Sent.Load(), Received: b.Received.Load(),
		Dropped: b.Dropped.Load(), Gaps: b.Gaps.Load(), Reconnects: b.Reconnects.Load(), Topics: b.Topics()}
}
