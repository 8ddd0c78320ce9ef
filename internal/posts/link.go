package posts

import (
	"context"
	"regexp"
	"sync/atomic"
	"time"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/links"
	"github.com/parley-chat/parley/internal/model"
)

// What a post's first link leads to is asked once the post is there, in the
// background. A post whose link is known already comes with its preview;
// another's readers are told of it by post_edited when it is. The post gets a
// later update_at for that, as it does for a reaction, and no edit_at.

const (
	maxPictures = 5                // images of one post whose size is asked
	retryFor    = 24 * time.Hour   // how long a link that led nowhere is asked again when its post is read
	waitFor     = time.Second      // how long a single post waits for its preview
	askTime     = 10 * time.Second // for what follows an answer
	justNow     = 15 * time.Second // so old a post can wait for its preview at most
)

var picture = regexp.MustCompile(`!\[[^\]\n]{0,1000}\]\(\s*<?(https?://[^\s)>]+)[^)\n]{0,1000}\)`)

// linksOf returns the link of a post that has a preview, "" when none has, and
// the images that its text and its attachments show.
func linksOf(post *model.Post) (link string, images []string) {
	if post.DeleteAt != 0 || post.IsSystem() || post.Type == model.PostTypeBurnOnRead || isTrue(post.Props[model.PostPropUnsafeLinks]) {
		return "", nil
	}
	text := ""
	if firstLink(post.Message) != "" {
		text = readable(post.Message)
		for _, m := range picture.FindAllStringSubmatch(text, maxPictures) {
			images = append(images, m[1])
		}
	}
	attached := attachmentsOf(post)
	for _, a := range attached {
		for _, key := range []string{"image_url", "thumb_url"} {
			if address := a.String(key); firstLink(address) != "" && len(images) < maxPictures {
				images = append(images, address)
			}
		}
	}
	if len(attached) == 0 && !isTrue(post.Props[model.PostPropRemoveLinkPreview]) {
		link = firstLink(picture.ReplaceAllString(text, " "))
	}
	return link, images
}

func isTrue(v any) bool { return v == true || v == "true" }

// addressesOf are the link and the images that may be asked about.
func (p *Posts) addressesOf(post *model.Post) (link string, all []string) {
	link, images := linksOf(post)
	if link != "" && p.links.Allowed(link) {
		all = append(all, link)
	} else {
		link = ""
	}
	for _, address := range images {
		if p.links.Allowed(address) {
			all = append(all, address)
		}
	}
	return link, all
}

// addLinks adds what is known of the links and images of posts: to new ones
// what is remembered, to others with one statement. What isn't known of a post
// that is read is asked in the background.
func (p *Posts) addLinks(ctx context.Context, posts []*model.Post, isNew bool) error {
	var wanted []string
	type linked struct {
		post *model.Post
		link string
		all  []string
	}
	var list []linked
	for _, post := range posts {
		if link, all := p.addressesOf(post); len(all) > 0 {
			list = append(list, linked{post, link, all})
			wanted = append(wanted, all...)
		}
	}
	if len(list) == 0 {
		return nil
	}
	var known map[string]*links.Link
	if isNew {
		known = p.links.Remembered(wanted)
	} else {
		var err error
		if known, err = p.links.Recall(ctx, wanted); err != nil {
			return err
		}
	}
	for _, l := range list {
		p.addLink(l.post.Metadata, l.link, l.all, known)
		if !isNew {
			p.ask(l.post, l.all, func(address string) bool { return known[address] == nil || again(l.post, known[address]) })
		}
	}
	return nil
}

// again reports whether a link that led nowhere is worth another question.
func again(post *model.Post, k *links.Link) bool {
	return k.Kind == links.KindNone && !k.Fresh() && id.Now()-post.CreateAt < retryFor.Milliseconds()
}

func (p *Posts) addLink(m *model.PostMetadata, link string, all []string, known map[string]*links.Link) {
	images := map[string]*model.PostImage{}
	if k := known[link]; k != nil {
		m.Embeds = append(m.Embeds, p.links.Embed(link, k, images))
	}
	for _, address := range all {
		if k := known[address]; k != nil && k.Kind == links.KindImage {
			images[address] = k.Image
		}
	}
	if len(images) > 0 {
		m.Images = images
	}
}

// askLinks asks what the links of a new or changed post lead to.
func (p *Posts) askLinks(post *model.Post) {
	_, all := p.addressesOf(post)
	if len(all) == 0 {
		return
	}
	known := p.links.Remembered(all)
	p.ask(post, all, func(address string) bool { return !known[address].Fresh() })
}

// ask asks those of a post's addresses that need it, and tells the readers when
// all have answered.
func (p *Posts) ask(post *model.Post, all []string, need func(string) bool) {
	var list []string
	for _, address := range all {
		if need(address) {
			list = append(list, address)
		}
	}
	var left atomic.Int64
	var found atomic.Bool
	left.Store(int64(len(list)))
	postID := post.ID
	for _, address := range list {
		p.links.Fetch(address, func(k *links.Link) {
			if k != nil && k.Kind != links.KindNone {
				found.Store(true)
			}
			if left.Add(-1) == 0 && found.Load() {
				p.linked(postID)
			}
		})
	}
}

// linked tells the readers of a post that there is more to see of its links.
func (p *Posts) linked(postID string) {
	ctx, cancel := context.WithTimeout(context.Background(), askTime)
	defer cancel()
	if err := p.tellLinked(ctx, postID); err != nil {
		p.log.Error("readers were not told what a link leads to", "post", postID, "error", err)
	}
}

func (p *Posts) tellLinked(ctx context.Context, postID string) error {
	now := p.batcher.now()
	n, err := p.db.Exec(ctx, `UPDATE posts SET updateat = greatest(updateat + 1, $2) WHERE id = $1 AND deleteat = 0`, postID, now)
	if err != nil || n == 0 {
		return err
	}
	post, err := p.load(ctx, p.db, postID, false)
	if err != nil {
		return err
	}
	p.changed(post.ChannelID, post.UpdateAt)
	ch, err := p.acc.Channel(ctx, post.ChannelID)
	if err != nil {
		return err
	}
	shown, err := p.shown(ctx, p.acting(ctx, post.UserID), post)
	if err != nil {
		return err
	}
	p.tellEdited(ctx, ch, shown)
	return nil
}

// awaitLinks gives the preview of a post that was written just now a moment to
// come, for clients that read a post once and hear no events.
func (p *Posts) awaitLinks(ctx context.Context, post *model.Post) {
	if id.Now()-post.CreateAt > justNow.Milliseconds() {
		return
	}
	if _, all := p.addressesOf(post); len(all) > 0 {
		p.links.Wait(ctx, all, waitFor)
	}
}
