package config

import (
	"crypto/tls"
	"regexp"
	"slices"
	"strings"
)

// problem is a rule between keys that is broken. An empty id means the one of the table.
type problem struct{ key, id string }

type problems []problem

// need notes a problem with the key unless ok.
func (p *problems) need(ok bool, key, id string) {
	if !ok {
		*p = append(*p, problem{key, id})
	}
}

var uuid = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func cipherIDs() map[string]uint16 {
	ids := map[string]uint16{}
	for _, c := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		ids[c.Name] = c.ID
	}
	return ids
}

// CipherIDs translates ServiceSettings.TLSOverwriteCiphers for crypto/tls. Names have been checked already.
func CipherIDs(names []string) []uint16 {
	known := cipherIDs()
	out := make([]uint16, 0, len(names))
	for _, n := range names {
		if id := known[n]; id != 0 {
			out = append(out, id)
		}
	}
	return out
}

// crossChecks applies the rules that look at more than one key, or at the world.
func (c *Config) crossChecks() problems {
	var p problems
	c.checkService(&p)
	c.checkSite(&p)
	c.checkAuth(&p)
	c.checkSearch(&p)
	c.checkRecords(&p)
	return p
}

func (c *Config) checkService(p *problems) {
	s := &c.ServiceSettings
	p.need(!s.AllowCookiesForSubdomains || s.SiteURL != "", "ServiceSettings.AllowCookiesForSubdomains", "")
	p.need(!s.EnableLocalMode || socketParentExists(s.LocalModeSocketLocation), "ServiceSettings.LocalModeSocketLocation", "")
	if slices.Contains([]string{"disabled", "default_on", "default_off", "always_on"}, s.CollapsedThreads) {
		p.need(s.CollapsedThreads == "disabled" || s.ThreadAutoFollow, "ServiceSettings.CollapsedThreads",
			"model.config.is_valid.collapsed_threads.autofollow.app_error")
	} else {
		p.need(false, "ServiceSettings.CollapsedThreads", "")
	}
	e := &c.EmailSettings
	p.need(!e.EnableEmailBatching || s.SiteURL != "", "EmailSettings.EnableEmailBatching", "")
	p.need(!e.EnableEmailBatching || !c.ClusterSettings.Enable, "EmailSettings.EnableEmailBatching",
		"model.config.is_valid.cluster_email_batching.app_error")
	a := &c.ExperimentalAuditSettings
	p.need(!a.FileEnabled || a.FileName != "", "ExperimentalAuditSettings.FileName", "")
	p.need(!strings.HasSuffix(a.FileName, `\`), "ExperimentalAuditSettings.FileName",
		"model.config.is_valid.experimental_audit_settings.file_name_is_directory")
	p.need(c.CacheSettings.CacheType != "redis" || c.CacheSettings.RedisAddress != "", "CacheSettings.RedisAddress", "")
	p.need(c.CacheSettings.CacheType != "redis" || c.CacheSettings.RedisDB >= 0, "CacheSettings.RedisDB", "")
	i := &c.ImageProxySettings
	camo := i.Enable && i.ImageProxyType == "atmos/camo"
	p.need(!camo || i.RemoteImageProxyURL != "", "ImageProxySettings.RemoteImageProxyURL", "")
	p.need(!camo || i.RemoteImageProxyOptions != "", "ImageProxySettings.RemoteImageProxyOptions", "")
}

func (c *Config) checkSite(p *problems) {
	u := &c.SupportSettings
	p.need(u.ReportAProblemType != "link" || webURL(u.ReportAProblemLink), "SupportSettings.ReportAProblemLink", "")
	p.need(u.ReportAProblemType != "email" || strings.Contains(u.ReportAProblemMail, "@"), "SupportSettings.ReportAProblemMail", "")
	l := &c.LocalizationSettings
	locales := strings.Split(strings.ReplaceAll(l.AvailableLocales, " ", ""), ",")
	p.need(l.AvailableLocales == "" || slices.Contains(locales, l.DefaultClientLocale), "LocalizationSettings.AvailableLocales", "")
	t := &c.AutoTranslationSettings
	if t.Enable {
		p.need(t.Provider != "", "AutoTranslationSettings.Provider", "")
		p.need(t.Provider == "" || t.Provider == "libretranslate" || t.Provider == "agents", "AutoTranslationSettings.Provider",
			"model.config.is_valid.autotranslation.provider.unsupported.app_error")
		p.need(t.Provider != "libretranslate" || webURL(t.LibreTranslate.URL), "AutoTranslationSettings.LibreTranslate.URL", "")
		p.need(t.Provider != "agents" || t.Agents.LLMServiceID != "", "AutoTranslationSettings.Agents.LLMServiceID", "")
	}
}

func (c *Config) checkAuth(p *problems) {
	if l := &c.LdapSettings; l.Enable {
		p.need(l.LdapServer != "", "LdapSettings.LdapServer", "")
		p.need(l.BaseDN != "", "LdapSettings.BaseDN", "")
		p.need(l.EmailAttribute != "", "LdapSettings.EmailAttribute", "")
		p.need(l.UsernameAttribute != "", "LdapSettings.UsernameAttribute", "")
		p.need(l.IdAttribute != "", "LdapSettings.IdAttribute", "")
		p.need(l.LoginIdAttribute != "", "LdapSettings.LoginIdAttribute", "")
		p.need(l.MaximumLoginAttempts > 0, "LdapSettings.MaximumLoginAttempts", "")
	}
	if s := &c.SamlSettings; s.Enable {
		p.need(webURL(s.IdpURL), "SamlSettings.IdpURL", "")
		p.need(s.IdpDescriptorURL != "", "SamlSettings.IdpDescriptorURL", "")
		p.need(s.ServiceProviderIdentifier != "", "SamlSettings.ServiceProviderIdentifier", "")
		p.need(s.IdpCertificateFile != "", "SamlSettings.IdpCertificateFile", "")
		p.need(s.EmailAttribute != "", "SamlSettings.EmailAttribute", "")
		p.need(s.UsernameAttribute != "", "SamlSettings.UsernameAttribute", "")
		p.need(!s.Verify || webURL(s.AssertionConsumerServiceURL), "SamlSettings.AssertionConsumerServiceURL", "")
		p.need(!s.Encrypt || s.PublicCertificateFile != "", "SamlSettings.PublicCertificateFile", "")
		p.need(!s.Encrypt || s.PrivateKeyFile != "", "SamlSettings.PrivateKeyFile", "")
	}
	g := &c.GuestAccountsSettings
	p.need(!g.EnableGuestMagicLink || !g.EnforceMultifactorAuthentication, "GuestAccountsSettings.EnableGuestMagicLink", "")
	if i := &c.IntuneSettings; i.Enable {
		p.need(uuid.MatchString(i.TenantId), "IntuneSettings.TenantId", "")
		p.need(uuid.MatchString(i.ClientId), "IntuneSettings.ClientId", "")
		p.need(i.AuthService == "saml" || i.AuthService == "office365", "IntuneSettings.AuthService", "")
	}
}

func (c *Config) checkSearch(p *problems) {
	e := &c.ElasticsearchSettings
	p.need(!e.EnableIndexing || e.ConnectionURL != "", "ElasticsearchSettings.ConnectionURL", "")
	p.need(!e.EnableSearching || e.EnableIndexing, "ElasticsearchSettings.EnableSearching", "")
	p.need(!e.EnableCJKAnalyzers || e.EnableSearching, "ElasticsearchSettings.EnableCJKAnalyzers", "")
	p.need(!e.EnableAutocomplete || e.EnableIndexing, "ElasticsearchSettings.EnableAutocomplete", "")
	p.need(strings.HasPrefix(e.IndexPrefix, e.GlobalSearchPrefix), "ElasticsearchSettings.GlobalSearchPrefix", "")
}

// checkRecords covers retention and exports of messages.
func (c *Config) checkRecords(p *problems) {
	d := &c.DataRetentionSettings
	keep := func(days, hours int, name, id string) {
		p.need(days >= 0, "DataRetentionSettings."+name+"Days", "")
		p.need(hours >= 0, "DataRetentionSettings."+name+"Hours", "")
		p.need(days != 0 || hours != 0, "DataRetentionSettings."+name+"Days", "model.config.is_valid.data_retention."+id+"_both_zero.app_error")
		p.need(days <= 0 || hours <= 0, "DataRetentionSettings."+name+"Hours", "model.config.is_valid.data_retention."+id+"_misconfiguration.app_error")
	}
	keep(d.MessageRetentionDays, d.MessageRetentionHours, "MessageRetention", "message_retention")
	keep(d.FileRetentionDays, d.FileRetentionHours, "FileRetention", "file_retention")
	m := &c.MessageExportSettings
	if !m.EnableExport {
		return
	}
	p.need(validExportStart(m.ExportFromTimestamp), "MessageExportSettings.ExportFromTimestamp", "")
	if strings.HasPrefix(m.ExportFormat, "globalrelay") {
		p.need(slices.Contains([]string{"A9", "A10", "CUSTOM"}, m.GlobalRelaySettings.CustomerType),
			"MessageExportSettings.GlobalRelaySettings.CustomerType", "")
		p.need(strings.Contains(m.GlobalRelaySettings.EmailAddress, "@"), "MessageExportSettings.GlobalRelaySettings.EmailAddress", "")
	}
}
