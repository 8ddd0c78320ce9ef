package ctl

import "maps"

// actions are what the runnable commands do, by name.
var actions = map[string]action{}

func init() {
	for _, group := range []map[string]action{authActions, userActions, userEditActions, preferenceActions, attributeActions, teamActions,
		channelActions, memberActions, postActions, configActions, roleActions, tokenActions, botActions, webhookActions, slashActions,
		jobActions, transferActions, systemActions, groupActions, pluginActions, licenceActions} {
		maps.Copy(actions, group)
	}
}
