package channels

import (
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
)

// Mount adds the routes of the slice.
func (c *Channels) Mount(r *access.Router) {
	c.mountChannel(r)
	c.mountLists(r)
	c.mountMembers(r)
	c.mountReading(r)
	c.mountAdmin(r)
}

// channelIn is the input of routes that need no more than a channel.
type channelIn struct {
	ChannelID string `path:"channel_id"`
}

// idsIn is a body that must be a list of ids.
type idsIn struct {
	Raw []byte `body:"raw"`
}

// mostIDs bounds how many objects one call names (reference: limits.tsv, maxListSize).
const mostIDs = 1000

// ids decodes the body; each id once, in order of the alphabet.
func (in idsIn) ids(name string) ([]string, error) {
	list, err := in.inOrder()
	if err != nil {
		return nil, err
	}
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) == 0 {
		return nil, fault.InvalidParam(name)
	}
	for _, s := range list {
		if !id.Valid(s) {
			return nil, fault.InvalidParam(name)
		}
	}
	return list, nil
}

// inOrder decodes the body as it is.
func (in idsIn) inOrder() ([]string, error) {
	var list []string
	if err := api.DecodeJSON(in.Raw, &list); err != nil {
		return nil, fault.Invalid("api.payload.parse.error").Wrap(err)
	}
	if len(list) > mostIDs {
		return nil, fault.Invalid("api.payload.parse.error")
	}
	return list, nil
}
