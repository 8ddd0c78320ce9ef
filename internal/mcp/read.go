package mcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parley-chat/parley/internal/model"
)

func (c *caller) addReading(s *sdk.Server) {
	closed := false
	tool := func(name, title, about string) *sdk.Tool {
		return &sdk.Tool{Name: name, Title: title, Description: about, Annotations: &sdk.ToolAnnotations{Title: title, ReadOnlyHint: true, OpenWorldHint: &closed}}
	}
	sdk.AddTool(s, tool("get_me", "Who I am", "The account in whose name everything happens."), c.getMe)
	sdk.AddTool(s, tool("list_teams", "My teams", "The teams that the user is in."), c.listTeams)
	sdk.AddTool(s, tool("list_channels", "Channels", "Channels of a team: those that the user is in, direct messages among them, or with joined=false the public ones that they could join."), c.listChannels)
	sdk.AddTool(s, tool("find_user", "Find people", "People by the beginning of a username or name."), c.findUser)
	sdk.AddTool(s, tool("search_messages", "Search messages", `Messages that hold words, newest first, from the channels that the user is in. The query may hold "a phrase", from:username, in:channel, before:2026-01-31 and after:2026-01-01.`), c.searchMessages)
	sdk.AddTool(s, tool("read_channel", "Read a channel", "The newest messages of a channel, oldest of them first; with before, those before a message."), c.readChannel)
	sdk.AddTool(s, tool("read_thread", "Read a thread", "A message and its replies, oldest first."), c.readThread)
	c.addResources(s)
}

func (c *caller) getMe(ctx context.Context, _ *sdk.CallToolRequest, _ struct{}) (*sdk.CallToolResult, Person, error) {
	var u model.User
	err := c.call(ctx, "GET", "/users/me", nil, &u)
	return nil, personOf(&u), err
}

func (c *caller) listTeams(ctx context.Context, _ *sdk.CallToolRequest, _ struct{}) (*sdk.CallToolResult, Teams, error) {
	var list []*model.Team
	out := Teams{Teams: []Team{}}
	err := c.call(ctx, "GET", "/users/me/teams", nil, &list)
	for _, t := range list[:min(len(list), listMost)] {
		out.Teams = append(out.Teams, Team{ID: t.ID, Name: t.DisplayName})
	}
	return nil, out, err
}

type channelsIn struct {
	TeamID string `json:"team_id" jsonschema:"id of the team"`
	Joined *bool  `json:"joined,omitempty" jsonschema:"false: public channels of the team, whether the user is in them or not"`
	Page   int    `json:"page,omitempty" jsonschema:"page of the list, from 0"`
}

func (c *caller) listChannels(ctx context.Context, _ *sdk.CallToolRequest, in channelsIn) (*sdk.CallToolResult, Channels, error) {
	out := Channels{Channels: []Channel{}}
	if !isID(in.TeamID) {
		return nil, out, errID
	}
	page := min(max(in.Page, 0), 1000)
	var list []*model.Channel
	if in.Joined != nil && !*in.Joined {
		err := c.call(ctx, "GET", fmt.Sprintf("/teams/%s/channels?page=%d&per_page=%d", in.TeamID, page, listMost), nil, &list)
		out.More = len(list) == listMost
		out.add(list)
		return nil, out, err
	}
	if err := c.call(ctx, "GET", "/users/me/teams/"+in.TeamID+"/channels", nil, &list); err != nil {
		return nil, out, err
	}
	list = list[min(page*listMost, len(list)):]
	if len(list) > listMost {
		list, out.More = list[:listMost], true
	}
	out.add(list)
	return nil, out, nil
}

func (l *Channels) add(list []*model.Channel) {
	for _, ch := range list {
		l.Channels = append(l.Channels, channelOf(ch))
	}
}

type findIn struct {
	Name string `json:"name" jsonschema:"beginning of a username, first name, last name or nickname"`
}

func (c *caller) findUser(ctx context.Context, _ *sdk.CallToolRequest, in findIn) (*sdk.CallToolResult, People, error) {
	out := People{People: []Person{}}
	if strings.TrimSpace(in.Name) == "" || len(in.Name) > 200 {
		return nil, out, errors.New("name must have 1 to 200 characters")
	}
	var list []*model.User
	err := c.call(ctx, "POST", "/users/search", map[string]any{"term": in.Name, "limit": 20}, &list)
	for _, u := range list {
		out.People = append(out.People, personOf(u))
	}
	return nil, out, err
}

type searchIn struct {
	Query  string `json:"query" jsonschema:"words to look for"`
	TeamID string `json:"team_id,omitempty" jsonschema:"id of a team; without it all teams are searched"`
	Limit  int    `json:"limit,omitempty" jsonschema:"how many messages at most, up to 100"`
	Page   int    `json:"page,omitempty" jsonschema:"page of the results, from 0"`
}

func (c *caller) searchMessages(ctx context.Context, _ *sdk.CallToolRequest, in searchIn) (*sdk.CallToolResult, Messages, error) {
	if strings.TrimSpace(in.Query) == "" || len(in.Query) > 1000 {
		return nil, Messages{}, errors.New("query must have 1 to 1000 characters")
	}
	path := "/posts/search"
	if in.TeamID != "" {
		if !isID(in.TeamID) {
			return nil, Messages{}, errID
		}
		path = "/teams/" + in.TeamID + path
	}
	limit := limitOf(in.Limit)
	var list model.PostList
	if err := c.call(ctx, "POST", path, map[string]any{"terms": in.Query, "per_page": limit, "page": min(max(in.Page, 0), 1000)}, &list); err != nil {
		return nil, Messages{}, err
	}
	found := ordered(&list)
	slices.Reverse(found)
	return c.answered(ctx, found, len(found) == limit)
}

func limitOf(n int) int { return min(max(cmp.Or(n, messagesFew), 1), messagesMost) }

func (c *caller) answered(ctx context.Context, list []*model.Post, more bool) (*sdk.CallToolResult, Messages, error) {
	out := Messages{More: more}
	var err error
	if out.Messages, err = c.messagesOf(ctx, list); err != nil {
		return nil, Messages{}, err
	}
	return readable(out), out, nil
}

type channelIn struct {
	ChannelID string `json:"channel_id" jsonschema:"id of the channel"`
	Before    string `json:"before,omitempty" jsonschema:"id of a message: only what was written before it"`
	Limit     int    `json:"limit,omitempty" jsonschema:"how many messages at most, up to 100"`
}

func (c *caller) readChannel(ctx context.Context, _ *sdk.CallToolRequest, in channelIn) (*sdk.CallToolResult, Messages, error) {
	if !isID(in.ChannelID) || in.Before != "" && !isID(in.Before) {
		return nil, Messages{}, errID
	}
	limit := limitOf(in.Limit)
	path := fmt.Sprintf("/channels/%s/posts?per_page=%d", in.ChannelID, limit)
	if in.Before != "" {
		path += "&before=" + in.Before
	}
	var list model.PostList
	if err := c.call(ctx, "GET", path, nil, &list); err != nil {
		return nil, Messages{}, err
	}
	return c.answered(ctx, ordered(&list), list.PrevPostID != "")
}

type threadIn struct {
	MessageID string `json:"message_id" jsonschema:"id of the first message of the thread, or of any reply"`
	After     string `json:"after,omitempty" jsonschema:"id of a reply: only what was written after it"`
	Limit     int    `json:"limit,omitempty" jsonschema:"how many messages at most, up to 100"`
}

func (c *caller) readThread(ctx context.Context, _ *sdk.CallToolRequest, in threadIn) (*sdk.CallToolResult, Messages, error) {
	if !isID(in.MessageID) || in.After != "" && !isID(in.After) {
		return nil, Messages{}, errID
	}
	var list model.PostList
	if err := c.call(ctx, "GET", "/posts/"+in.MessageID+"/thread", nil, &list); err != nil {
		return nil, Messages{}, err
	}
	all := make([]*model.Post, 0, len(list.Posts))
	for _, p := range list.Posts {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *model.Post) int {
		return cmp.Or(cmp.Compare(a.CreateAt, b.CreateAt), strings.Compare(a.ID, b.ID))
	})
	if i := slices.IndexFunc(all, func(p *model.Post) bool { return p.ID == in.After }); i >= 0 {
		all = all[i+1:]
	}
	limit := limitOf(in.Limit)
	return c.answered(ctx, all[:min(limit, len(all))], len(all) > limit)
}

// addResources offers channels and threads as documents, by their addresses.
func (c *caller) addResources(s *sdk.Server) {
	s.AddResourceTemplate(&sdk.ResourceTemplate{Name: "channel", Title: "Newest messages of a channel", URITemplate: "parley://channel/{id}", MIMEType: "text/plain"},
		c.resource("parley://channel/", func(ctx context.Context, id string) (*sdk.CallToolResult, error) {
			out, _, err := c.readChannel(ctx, nil, channelIn{ChannelID: id})
			return out, err
		}))
	s.AddResourceTemplate(&sdk.ResourceTemplate{Name: "thread", Title: "A message with its replies", URITemplate: "parley://thread/{id}", MIMEType: "text/plain"},
		c.resource("parley://thread/", func(ctx context.Context, id string) (*sdk.CallToolResult, error) {
			out, _, err := c.readThread(ctx, nil, threadIn{MessageID: id})
			return out, err
		}))
}

func (c *caller) resource(prefix string, read func(context.Context, string) (*sdk.CallToolResult, error)) sdk.ResourceHandler {
	return func(ctx context.Context, req *sdk.ReadResourceRequest) (*sdk.ReadResourceResult, error) {
		out, err := read(ctx, strings.TrimPrefix(req.Params.URI, prefix))
		if err != nil {
			return nil, sdk.ResourceNotFoundError(req.Params.URI) // what one may not read doesn't exist
		}
		text := out.Content[0].(*sdk.TextContent).Text
		return &sdk.ReadResourceResult{Contents: []*sdk.ResourceContents{{URI: req.Params.URI, MIMEType: "text/plain", Text: text}}}, nil
	}
}
