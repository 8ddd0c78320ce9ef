package config

import (
	"net/url"
	"regexp"
	"strings"
)

// Mask stands in for a secret in every answer and listing, and means "unchanged" when it is sent back.
const Mask = "********************************"

// alwaysMasked keys are shown masked even when they are empty, as clients expect.
var alwaysMasked = map[string]bool{
	"SqlSettings.DataSource": true, "SqlSettings.AtRestEncryptKey": true, "FileSettings.PublicLinkSalt": true,
	"ElasticsearchSettings.Password": true, "CacheSettings.RedisPassword": true, "ServiceSettings.SplitKey": true,
}

// View says which part of the settings Masked gives.
type View struct {
	// Keep picks the keys that the reader may see; nil keeps all.
	Keep func(*Key) bool
	// WithoutMasked leaves out the keys whose value is masked.
	WithoutMasked bool
	// WithoutDefaults leaves out the keys that have their built-in default.
	WithoutDefaults bool
}

// Masked returns the settings as nested maps for an answer of the API or a listing: secrets masked.
// Unknown keys, of which nobody knows whether they are secret, are left out.
func (c *Config) Masked(v View) map[string]any {
	known := *c
	known.extra = nil
	return known.tree(func(k *Key) (any, bool) {
		if v.Keep != nil && !v.Keep(k) {
			return nil, false
		}
		raw := k.get(c)
		shown := mask(k, raw)
		changed := !same(raw, shown)
		if v.WithoutMasked && changed || v.WithoutDefaults && same(shown, k.Default()) {
			return nil, false
		}
		return shown, true
	})
}

// mask hides the value of a secret key.
func mask(k *Key, v any) any {
	if !k.Secret {
		return v
	}
	switch s := v.(type) {
	case string:
		if s == "" && !alwaysMasked[k.Name] {
			return s
		}
		return Mask
	case []string:
		out := make([]string, len(s))
		for i := range s {
			out[i] = Mask
		}
		return out
	case []ReplicaLagSettings:
		out := append([]ReplicaLagSettings{}, s...)
		for i := range out {
			out[i].DataSource = Mask
		}
		return out
	}
	return Mask
}

// unmask gives back the value in force where a client sent the mask of a secret.
func unmask(k *Key, now, v any) any {
	if !k.Secret {
		return v
	}
	if same(v, Mask) {
		return now
	}
	switch given := v.(type) {
	case []string:
		have, _ := now.([]string)
		out := append([]string{}, given...)
		for i := range out {
			if out[i] == Mask && i < len(have) {
				out[i] = have[i]
			}
		}
		return out
	case []ReplicaLagSettings:
		have, _ := now.([]ReplicaLagSettings)
		out := append([]ReplicaLagSettings{}, given...)
		for i := range out {
			if out[i].DataSource == Mask && i < len(have) {
				out[i].DataSource = have[i].DataSource
			}
		}
		return out
	}
	return v
}

var dsnPassword = regexp.MustCompile(`(?i)(password\s*=\s*)('(?:[^'\\]|\\.)*'|\S+)`)

// MaskDSN hides the password of a database connection string, in both forms that PostgreSQL knows.
func MaskDSN(dsn string) string {
	if strings.Contains(dsn, "://") {
		u, err := url.Parse(dsn)
		if err != nil {
			return "****"
		}
		if _, has := u.User.Password(); has {
			u.User = url.UserPassword(u.User.Username(), "****")
		}
		if q := u.Query(); q.Has("password") {
			q.Set("password", "****")
			u.RawQuery = q.Encode()
		}
		return strings.ReplaceAll(u.String(), "%2A", "*")
	}
	return dsnPassword.ReplaceAllString(dsn, "${1}****")
}

// EnvironmentTree tells the console which keys the environment locks: nested maps with true at each.
func (s *Store) EnvironmentTree(keep func(*Key) bool) map[string]any {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := map[string]any{}
	for k := range s.env.values {
		if keep == nil || keep(k) {
			putPath(out, k.path(), true)
		}
	}
	return out
}
