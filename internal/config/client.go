package config

import (
	_ "embed"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
)

// client.tsv lists what GET /config/client answers: the client's name of a value, whether somebody who isn't
// logged in gets it, and the setting it shows. What is no one setting ("computed") is worked out in computed.
//
//go:embed client.tsv
var clientTable string

// ProtocolVersion is the version of Mattermost's interface that this server speaks.
const ProtocolVersion = "11.6.0"

// Facts is what the client configuration says beside the settings. The server fills it in.
type Facts struct {
	BuildNumber, BuildDate, BuildHash string
	DiagnosticID                      string // the installation's own id
	SigningPublicKey                  string // base64 of the public key that signs; "" when none
	InstallationDate                  int64  // Unix ms of the first start
	MaxPostSize                       int    // characters
	NoAccounts                        bool   // nobody has signed up yet
	SchemaVersion                     string // last schema migration
}

type clientKey struct {
	name      string
	anonymous bool
	setting   *Key // nil: computed
	isSet     bool // only whether the setting is filled in
}

var clientKeys = sync.OnceValue(func() []clientKey {
	lines := strings.Split(strings.TrimSpace(clientTable), "\n")[1:]
	out := make([]clientKey, len(lines))
	for i, line := range lines {
		c := strings.Split(line, "\t")
		out[i] = clientKey{name: c[0], anonymous: c[1] == "yes", isSet: c[3] == "set"}
		if c[3] != "computed" {
			out[i].setting = mustKey(c[2])
		}
	}
	return out
})

// ClientConfig is the answer of GET /config/client: settings that clients act on, all as strings. Nothing in
// Parley depends on a licence, so keys that Mattermost sends only with one are always there.
func ClientConfig(c *Config, f Facts, loggedIn bool) map[string]string {
	all := computed(c, f)
	keys := clientKeys()
	out := make(map[string]string, len(keys))
	for i := range keys {
		k := &keys[i]
		if !k.anonymous && !loggedIn {
			continue
		}
		switch {
		case k.setting == nil:
			if v, ok := all[k.name]; ok {
				out[k.name] = v
			}
		case k.isSet:
			out[k.name] = strconv.FormatBool(k.setting.get(c) != "")
		default:
			out[k.name] = clientText(k.setting.get(c))
		}
	}
	return out
}

func clientText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case []string:
		return strings.Join(v, ",")
	}
	return fmt.Sprint(v)
}

// computed gives the values that are not one setting.
func computed(c *Config, f Facts) map[string]string {
	yes := strconv.FormatBool
	out := map[string]string{
		"AppsPluginEnabled":                      yes(c.PluginSettings.Enable && c.PluginSettings.PluginStates["com.mattermost.apps"].Enable),
		"AsymmetricSigningPublicKey":             f.SigningPublicKey,
		"BuildDate":                              f.BuildDate,
		"BuildEnterpriseReady":                   "true",
		"BuildHash":                              f.BuildHash,
		"BuildHashEnterprise":                    f.BuildHash,
		"BuildNumber":                            f.BuildNumber,
		"CWSMock":                                "",
		"CWSURL":                                 "",
		"ContentFlaggingEnabled":                 yes(c.FeatureFlags.ContentFlagging && c.ContentFlaggingSettings.EnableContentFlagging),
		"DataRetentionFileRetentionHours":        strconv.Itoa(hours(c.DataRetentionSettings.FileRetentionDays, c.DataRetentionSettings.FileRetentionHours)),
		"DataRetentionMessageRetentionHours":     strconv.Itoa(hours(c.DataRetentionSettings.MessageRetentionDays, c.DataRetentionSettings.MessageRetentionHours)),
		"DiagnosticId":                           f.DiagnosticID,
		"EnableAutoTranslation":                  yes(c.FeatureFlags.AutoTranslation && c.AutoTranslationSettings.Enable),
		"EnableClientMetrics":                    yes(c.MetricsSettings.Enable && c.MetricsSettings.EnableClientMetrics),
		"EnableNotificationMetrics":              yes(c.FeatureFlags.NotificationMonitoring && c.MetricsSettings.EnableNotificationMetrics),
		"ExperimentalEnablePostMetadata":         "true",
		"ExperimentalRemoteClusterService":       yes(c.FeatureFlags.EnableRemoteClusterService && c.ConnectedWorkspacesSettings.EnableRemoteClusterService),
		"ExperimentalTimezone":                   "true",
		"FeatureFlagExperimentalCrossTeamSearch": "true",
		"InstallationDate":                       strconv.FormatInt(f.InstallationDate, 10),
		"IntuneMAMEnabled":                       yes(c.IntuneSettings.Enable),
		"IsDefaultMarketplace":                   yes(c.PluginSettings.MarketplaceURL == load().defaults.PluginSettings.MarketplaceURL),
		"IsFipsEnabled":                          "false",
		"MaxPostSize":                            strconv.Itoa(f.MaxPostSize),
		"NoAccounts":                             yes(f.NoAccounts),
		"PostAcknowledgements":                   "true",
		"SchemaVersion":                          f.SchemaVersion,
		"ServiceEnvironment":                     "production",
		"TelemetryId":                            f.DiagnosticID,
		"UpgradedFromTE":                         "false",
		"Version":                                ProtocolVersion,
	}
	if s := c.IntuneSettings.AuthService; s != "" {
		out["IntuneAuthService"] = s
	}
	return out
}

// hours is how long something is kept; the setting in hours counts when the one in days is 0.
func hours(days, hours int) int {
	if days > 0 {
		return days * 24
	}
	return hours
}

var licence = map[string]string{
	"IsLicensed": "true", "SkuName": "Parley", "SkuShortName": "advanced", "IsTrial": "false", "IsGovSku": "false",
	"Cloud": "false", "Users": "1000000",
	// No end: the first of January 2100.
	"IssuedAt": "0", "StartsAt": "0", "ExpiresAt": "4102444800000",
	"Announcement": "true", "Cluster": "true", "Compliance": "true", "CustomPermissionsSchemes": "true",
	"CustomTermsOfService": "true", "DataRetention": "true", "Elasticsearch": "true", "EmailNotificationContents": "true",
	"EnterprisePlugins": "true", "GoogleOAuth": "true", "GuestAccounts": "true", "GuestAccountsPermissions": "true",
	"IDLoadedPushNotifications": "true", "LDAP": "true", "LDAPGroups": "true", "LockTeammateNameDisplay": "true",
	"MFA": "true", "MHPNS": "true", "MessageExport": "true", "Metrics": "true", "Office365OAuth": "true",
	"OpenId": "true", "OutgoingOAuthConnections": "true", "RemoteClusterService": "true", "SAML": "true",
	"SharedChannels": "true", "ThemeManagement": "true",
}

// ClientLicense is the answer of GET /license/client. Parley needs no licence; this tells clients made for
// Mattermost not to hide features behind one. What is switched off in the settings they still hide.
func ClientLicense() map[string]string { return maps.Clone(licence) }
