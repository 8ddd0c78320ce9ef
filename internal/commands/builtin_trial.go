package commands

import (
	"context"
	"fmt"
	"strconv"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// trialMost bounds what one command makes for trying the server out.
const trialMost = 100

// test fills a server under trial with content: ServiceSettings.EnableTesting
// lets administrators do so.
func (c *Commands) test(ctx context.Context, r *run) (*model.CommandResponse, error) {
	what, rest := word(r.text)
	count, err := strconv.Atoi(rest)
	if rest == "" {
		count, err = 10, nil
	}
	if err != nil || count < 1 || count > trialMost {
		return r.says("commands.test.count", "Max", trialMost), nil
	}
	for n := 1; n <= count; n++ {
		switch what {
		case "posts":
			_, err = c.Posts.Create(ctx, r.v, &model.Post{ChannelID: r.ch.ID, RootID: r.rootID, Message: fmt.Sprintf("Test %d of %d", n, count)},
				posts.CreateOptions{})
		case "channels":
			_, err = c.Channels.Create(ctx, r.v, &model.Channel{TeamID: r.teamID(), Type: model.ChannelOpen, Name: "test-" + id.New(),
				DisplayName: fmt.Sprintf("Test %d", n)})
		default:
			return r.says("commands.test.help", "Max", trialMost), nil
		}
		if err != nil {
			return nil, err
		}
	}
	return r.says("commands.test.done", "Count", count), nil
}
