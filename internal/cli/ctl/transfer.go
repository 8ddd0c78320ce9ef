package ctl

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"github.com/parley-chat/parley/internal/model"
)

// transferActions are of whole servers' exports and imports.
var transferActions = map[string]action{
	"export create":                 {0, 0, exportCreate, false},
	"export list":                   {0, 0, func(c *call) error { return c.names("/exports") }, false},
	"export delete":                 {1, 1, func(c *call) error { return c.removeNamed("/exports/") }, false},
	"export download":               {1, 2, exportDownload, false},
	"export generate-presigned-url": {1, 1, exportURL, false},
	"import list available":         {0, 0, func(c *call) error { return c.names("/imports") }, false},
	"import list incomplete":        {0, 0, importIncomplete, false},
	"import delete":                 {1, 1, func(c *call) error { return c.removeNamed("/imports/") }, false},
	"import upload":                 {1, 1, importUpload, false},
	"import process":                {1, 1, importProcess, false},
}

func exportCreate(c *call) error {
	data := map[string]string{
		"include_attachments":       strconv.FormatBool(!c.flags.on("no-attachments")),
		"include_archived_channels": strconv.FormatBool(c.flags.on("include-archived-channels")),
		"include_profile_pictures":  strconv.FormatBool(c.flags.on("include-profile-pictures")),
		"include_roles_and_schemes": strconv.FormatBool(!c.flags.on("no-roles-and-schemes")),
	}
	return c.start(model.JobTypeExportProcess, data)
}

// names prints a list of names.
func (c *call) names(path string) error {
	var list []string
	if err := c.get(path, &list); err != nil {
		return err
	}
	for _, name := range list {
		c.show(name, "%s", name)
	}
	return nil
}

func (c *call) removeNamed(base string) error {
	if err := c.remove(base + seg(c.args[0])); err != nil {
		return err
	}
	c.done(object{"name": c.args[0]}, c.args[0])
	return nil
}

func exportDownload(c *call) error {
	name, file := c.args[0], filepath.Base(c.args[0])
	if len(c.args) > 1 {
		file = c.args[1]
	}
	var err error
	for range max(1, c.flags.number("num-retries")) {
		if err = c.save("/exports/"+seg(name), file); err == nil {
			c.done(object{"name": name, "file": file}, file)
			return nil
		}
	}
	return err
}

func exportURL(c *call) error {
	o, err := c.one(http.MethodPost, "/exports/"+seg(c.args[0])+"/presign-url", nil)
	if err == nil {
		c.single = true
		c.show(o, "%s", field(o, "url"))
	}
	return err
}

// me is the caller's id in paths; over the local socket nobody's, which the
// protocol writes so.
func (c *call) me() string {
	if c.client.local {
		return model.UploadNoUser
	}
	return "me"
}

func importIncomplete(c *call) error {
	var list []object
	if err := c.get("/users/"+c.me()+"/uploads", &list); err != nil {
		return err
	}
	for _, o := range list {
		if field(o, "type") == model.UploadImport {
			c.show(o, "%s: %s (%s/%s)", field(o, "id"), field(o, "filename"), field(o, "file_offset"), field(o, "file_size"))
		}
	}
	return nil
}

func importUpload(c *call) error {
	f, err := os.Open(c.args[0])
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var upload object
	if c.flags.on("resume") {
		if err := c.need("upload"); err != nil {
			return err
		}
		upload, err = c.one(http.MethodGet, "/uploads/"+seg(c.flags.text("upload")), nil)
	} else {
		upload, err = c.one(http.MethodPost, "/uploads", object{"type": model.UploadImport, "filename": filepath.Base(c.args[0]), "file_size": info.Size()})
	}
	if err != nil {
		return err
	}
	var offset int64
	if _, err := fmt.Sscan(field(upload, "file_offset"), &offset); err != nil {
		offset = 0
	}
	if _, err := f.Seek(offset, 0); err != nil {
		return err
	}
	resp, err := c.client.send(c.ctx, http.MethodPost, "/uploads/"+field(upload, "id"), f, "application/octet-stream")
	if err != nil {
		return c.understood(err)
	}
	_ = resp.Body.Close()
	c.done(upload, field(upload, "id")+"_"+filepath.Base(c.args[0]))
	return nil
}

func importProcess(c *call) error {
	data := map[string]string{"import_file": c.args[0], "local_mode": strconv.FormatBool(c.flags.on("bypass-upload")),
		"extract_content": strconv.FormatBool(c.flags.on("extract-content"))}
	if n := c.flags.number("workers"); n > 0 {
		data["workers"] = strconv.Itoa(n)
	}
	return c.start(model.JobTypeImportProcess, data)
}
