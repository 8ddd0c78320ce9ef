package mcp

import (
	"context"
	"errors"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parley-chat/parley/internal/model"
)

// PropAssistant marks a message that was written through an assistant, so that
// those who read it know.
const PropAssistant = "parley_assistant"

// mayWrite reports whether the tools that write are there at all: the settings
// let assistants write, and the caller's token is good for it.
func (c *caller) mayWrite() bool {
	return c.m.cfg.Get().MCPSettings.AllowWrites && c.v.Allows(model.ScopeWrite)
}

func (c *caller) addWriting(s *sdk.Server) {
	no := false
	tool := func(name, title, about string, again bool) *sdk.Tool {
		return &sdk.Tool{Name: name, Title: title, Description: about,
			Annotations: &sdk.ToolAnnotations{Title: title, DestructiveHint: &no, IdempotentHint: again, OpenWorldHint: &no}}
	}
	sdk.AddTool(s, tool("post_message", "Write a message", "Writes a message in a channel, in the user's name. Others see that it was written through an assistant.", false), c.postMessage)
	sdk.AddTool(s, tool("reply", "Reply", "Writes a reply to a message, in its thread and in the user's name.", false), c.reply)
	sdk.AddTool(s, tool("add_reaction", "React", "Puts an emoji to a message, in the user's name.", true), c.addReaction)
}

type postIn struct {
	ChannelID string `json:"channel_id" jsonschema:"id of the channel"`
	Text      string `json:"text" jsonschema:"the message; markdown is allowed"`
}

func (c *caller) postMessage(ctx context.Context, _ *sdk.CallToolRequest, in postIn) (*sdk.CallToolResult, Message, error) {
	if !isID(in.ChannelID) {
		return nil, Message{}, errID
	}
	return c.write(ctx, "post_message", in.ChannelID, "", in.Text)
}

type replyIn struct {
	MessageID string `json:"message_id" jsonschema:"id of the message to reply to"`
	Text      string `json:"text" jsonschema:"the reply; markdown is allowed"`
}

func (c *caller) reply(ctx context.Context, _ *sdk.CallToolRequest, in replyIn) (*sdk.CallToolResult, Message, error) {
	if !isID(in.MessageID) {
		return nil, Message{}, errID
	}
	var to model.Post
	if err := c.call(ctx, "GET", "/posts/"+in.MessageID, nil, &to); err != nil {
		return nil, Message{}, err
	}
	root := to.ID
	if to.RootID != "" {
		root = to.RootID
	}
	return c.write(ctx, "reply", to.ChannelID, root, in.Text)
}

func (c *caller) write(ctx context.Context, tool, channelID, rootID, text string) (*sdk.CallToolResult, Message, error) {
	if strings.TrimSpace(text) == "" {
		return nil, Message{}, errors.New("text is empty")
	}
	var made model.Post
	if err := c.call(ctx, "POST", "/posts", map[string]any{"channel_id": channelID, "root_id": rootID, "message": text,
		"props": map[string]any{PropAssistant: "true"}}, &made); err != nil {
		return nil, Message{}, err
	}
	c.audit(tool, made.ID)
	out := c.message(&made, c.v.Username())
	return readable(Messages{Messages: []Message{out}}), out, nil
}

type reactionIn struct {
	MessageID string `json:"message_id" jsonschema:"id of the message"`
	Emoji     string `json:"emoji" jsonschema:"short name of the emoji, such as thumbsup"`
}

// Done says what was done.
type Done struct {
	Done string `json:"done"`
}

func (c *caller) addReaction(ctx context.Context, _ *sdk.CallToolRequest, in reactionIn) (*sdk.CallToolResult, Done, error) {
	if !isID(in.MessageID) {
		return nil, Done{}, errID
	}
	name := strings.Trim(in.Emoji, ":")
	if name == "" || len(name) > model.EmojiNameMaxLength {
		return nil, Done{}, errors.New("emoji must be a short name, such as thumbsup")
	}
	err := c.call(ctx, "POST", "/reactions", map[string]any{"user_id": c.v.UserID, "post_id": in.MessageID, "emoji_name": name}, nil)
	if err == nil {
		c.audit("add_reaction", in.MessageID)
	}
	return nil, Done{Done: "reacted with :" + name + ":"}, err
}
