package links

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"net/url"
	"strings"

	"github.com/parley-chat/parley/internal/model"
)

// Embed is what clients show below a message for an address that it links to.
// Sizes are added to images, by the addresses that clients load them from.
func (l *Links) Embed(address string, k *Link, images map[string]*model.PostImage) *model.PostEmbed {
	switch {
	case k != nil && k.Kind == KindPage:
		page := *k.Page
		page.Images = make([]*model.OpenGraphMedia, 0, len(k.Page.Images))
		for _, m := range k.Page.Images {
			shown := *m
			shown.URL = l.ProxyURL(m.URL)
			if m.SecureURL != "" {
				shown.SecureURL = l.ProxyURL(m.SecureURL)
			}
			page.Images = append(page.Images, &shown)
			if format, ok := strings.CutPrefix(m.Type, "image/"); ok && m.Width > 0 && m.Height > 0 {
				images[imageURL(&shown)] = &model.PostImage{Width: int(m.Width), Height: int(m.Height), Format: format}
			}
		}
		if len(page.Images) == 0 {
			page.Images = nil
		}
		return &model.PostEmbed{Type: model.EmbedOpenGraph, URL: address, Data: &page}
	case k != nil && k.Kind == KindImage:
		images[address] = k.Image
		return &model.PostEmbed{Type: model.EmbedImage, URL: address}
	}
	return &model.PostEmbed{Type: model.EmbedLink, URL: address}
}

// ProxyURL is the address that clients load an image of another site from: the
// site's own when an image proxy is set up, else the image's own.
func (l *Links) ProxyURL(address string) string {
	set := l.cfg.Get()
	if !set.ImageProxySettings.Enable || address == "" || l.own(address) {
		return address
	}
	if set.ImageProxySettings.ImageProxyType == "atmos/camo" {
		return l.camo(address)
	}
	return strings.TrimRight(set.ServiceSettings.SiteURL, "/") + "/api/v4/image?url=" + url.QueryEscape(address)
}

// camo is an address on a proxy of the kind of atmos/camo: signed with the key
// that both know, as HMAC-SHA1, and in hexadecimal digits.
// An address on that proxy stays as it is.
func (l *Links) camo(address string) string {
	set := l.cfg.Get().ImageProxySettings
	if strings.HasPrefix(address, strings.TrimRight(set.RemoteImageProxyURL, "/")+"/") {
		return address
	}
	mac := hmac.New(sha1.New, []byte(set.RemoteImageProxyOptions))
	mac.Write([]byte(address))
	return strings.TrimRight(set.RemoteImageProxyURL, "/") + "/" + hex.EncodeToString(mac.Sum(nil)) + "/" + hex.EncodeToString([]byte(address))
}
