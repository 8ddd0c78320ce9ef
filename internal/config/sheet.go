package config

import "strings"

// Setting is one setting as an administrator sees it. Secrets are masked.
type Setting struct {
	Key     string `json:"key"`
	Type    string `json:"type"`
	Allowed string `json:"allowed,omitempty"` // which values, in words
	Value   any    `json:"value"`
	Default any    `json:"default"`
	// Below is what the layer under the console's says: what the setting is again after a reset.
	Below   any    `json:"below"`
	Layer   string `json:"layer"`
	Source  string `json:"source,omitempty"` // the file or the variable
	Env     string `json:"env"`              // the variable that would set it
	Who     string `json:"who,omitempty"`    // changed in the console by this user
	At      int64  `json:"at,omitempty"`     // and when, Unix ms
	Secret  bool   `json:"secret,omitempty"`
	Locked  bool   `json:"locked,omitempty"`  // the console can't change it
	Restart bool   `json:"restart,omitempty"` // a change needs a restart
}

// Sheet lists the settings that keep picks, in the order of the table.
func (s *Store) Sheet(keep func(*Key) bool) []Setting {
	s.mu.RLock()
	defer s.mu.RUnlock()
	now, below := s.Get(), s.base()
	var out []Setting
	keys := Keys()
	for i := range keys {
		k := &keys[i]
		if !keep(k) {
			continue
		}
		o := s.origin(k)
		out = append(out, Setting{Key: k.Name, Type: k.Type, Allowed: k.Allowed, Value: mask(k, k.get(now)), Default: mask(k, k.Default()),
			Below: mask(k, k.get(below)), Layer: o.Layer.String(), Source: o.Source, Env: k.Env(), Who: o.Who, At: o.At,
			Secret: k.Secret, Locked: s.locked(k), Restart: k.NeedsRestart()})
	}
	return out
}

// atStart are the settings, or sections, that are read once, when the server starts.
var atStart = []string{
	"SqlSettings.", "ClusterSettings.", "FileSettings.DriverName", "FileSettings.Directory", "FileSettings.AmazonS3",
	"ServiceSettings.ListenAddress", "ServiceSettings.ConnectionSecurity", "ServiceSettings.TLS", "ServiceSettings.UseLetsEncrypt",
	"ServiceSettings.LetsEncryptCertificateCacheFile", "ServiceSettings.Forward80To443", "ServiceSettings.ReadTimeout",
	"ServiceSettings.WriteTimeout", "ServiceSettings.IdleTimeout",
}

// NeedsRestart tells whether a change shows only after the server has been started again.
func (k *Key) NeedsRestart() bool {
	for _, name := range atStart {
		if strings.HasPrefix(k.Name, name) && k.Name != "SqlSettings.DisableDatabaseSearch" {
			return true
		}
	}
	return false
}
