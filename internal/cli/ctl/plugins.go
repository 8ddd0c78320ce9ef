package ctl

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
)

var pluginActions = map[string]action{
	"plugin list":        {0, 0, pluginList, false},
	"plugin add":         {1, many, pluginAdd, false},
	"plugin install-url": {1, many, pluginInstallURL, false},
	"plugin delete":      {1, many, pluginDelete, false},
	"plugin enable":      {1, many, func(c *call) error { return c.switchPlugins("/enable") }, false},
	"plugin disable":     {1, many, func(c *call) error { return c.switchPlugins("/disable") }, false},
}

// licenceActions are what a server without licences answers to.
var licenceActions = map[string]action{
	"license get":           {0, 0, licenceGet, false},
	"license remove":        {0, 0, licenceRemove, false},
	"license upload":        {1, 1, licenceUpload, false},
	"license upload-string": {1, 1, func(c *call) error { return c.licence([]byte(c.args[0])) }, false},
	"oauth list":            {0, 0, oauthList, false},
}

func pluginList(c *call) error {
	var list map[string][]object
	if err := c.get("/plugins", &list); err != nil {
		return err
	}
	for _, state := range []string{"active", "inactive"} {
		for _, p := range list[state] {
			c.show(p, "%s: %s %s (%s)", field(p, "id"), field(p, "name"), field(p, "version"), state)
		}
	}
	return nil
}

// form is the body of an upload: one file, and fields as pairs of name and value.
func form(name, file string, content io.Reader, fields ...string) (io.Reader, string, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			return nil, "", err
		}
	}
	part, err := w.CreateFormFile(name, filepath.Base(file))
	if err == nil {
		_, err = io.Copy(part, content)
	}
	if err == nil {
		err = w.Close()
	}
	return &b, w.FormDataContentType(), err
}

func (c *call) upload(path string, body io.Reader, kind string) error {
	resp, err := c.client.send(c.ctx, http.MethodPost, path, body, kind)
	if err != nil {
		return c.understood(err)
	}
	return resp.Body.Close()
}

func pluginAdd(c *call) error {
	return c.each(c.args, func(file string) error {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		body, kind, err := form("plugin", file, f, "force", strconv.FormatBool(c.flags.on("force")))
		if err != nil {
			return err
		}
		if err := c.upload("/plugins", body, kind); err != nil {
			return err
		}
		c.done(object{"file": file}, file)
		return nil
	})
}

func pluginInstallURL(c *call) error {
	return c.each(c.args, func(from string) error {
		query := url.Values{"plugin_download_url": {from}, "force": {strconv.FormatBool(c.flags.on("force"))}}
		p, err := c.one(http.MethodPost, "/plugins/install_from_url?"+query.Encode(), nil)
		if err == nil {
			c.done(p, field(p, "id"))
		}
		return err
	})
}

func pluginDelete(c *call) error {
	return c.each(c.args, func(pluginID string) error {
		if err := c.remove("/plugins/" + seg(pluginID)); err != nil {
			return err
		}
		c.done(object{"id": pluginID}, pluginID)
		return nil
	})
}

func (c *call) switchPlugins(path string) error {
	return c.each(c.args, func(pluginID string) error {
		if err := c.post("/plugins/"+seg(pluginID)+path, nil, nil); err != nil {
			return err
		}
		c.done(object{"id": pluginID}, pluginID)
		return nil
	})
}

func licenceGet(c *call) error {
	o, err := c.one(http.MethodGet, "/license/client?format=old", nil)
	if err != nil {
		return err
	}
	return c.showTree(o)
}

func licenceRemove(c *call) error {
	if err := c.remove("/license"); err != nil {
		return err
	}
	c.done(object{"status": "OK"}, "")
	return nil
}

func licenceUpload(c *call) error {
	raw, err := os.ReadFile(c.args[0])
	if err != nil {
		return err
	}
	return c.licence(raw)
}

func (c *call) licence(raw []byte) error {
	body, kind, err := form("license", "license", bytes.NewReader(raw))
	if err == nil {
		err = c.upload("/license", body, kind)
	}
	if err == nil {
		c.done(object{"status": "OK"}, "")
	}
	return err
}

func oauthList(c *call) error {
	return c.pages("/oauth/apps", func(app object) { c.show(app, "%s: %s", field(app, "id"), field(app, "name")) })
}
