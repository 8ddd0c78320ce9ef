package posts

import "github.com/parley-chat/parley/internal/model"

// Outside returns a copy of a post for programs that are told of it: without what
// is between its author's client or integration and the server.
func Outside(p *model.Post) *model.Post {
	c := p.Clone()
	c.PendingPostID = ""
	if list, ok := c.Props[model.PostPropAttachments].([]any); ok {
		c.Props[model.PostPropAttachments] = withoutIntegrations(list)
	}
	return c
}
