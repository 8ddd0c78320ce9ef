package ctl

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/config"
)

var systemActions = map[string]action{
	"system status":        {0, 0, systemStatus, false},
	"system version":       {0, 0, systemVersion, false},
	"system getbusy":       {0, 0, systemBusy, false},
	"system setbusy":       {0, 0, systemSetBusy, false},
	"system clearbusy":     {0, 0, systemClearBusy, false},
	"system supportpacket": {0, 0, systemPacket, false},
	"logs":                 {0, 0, logs, false},
	"integrity":            {0, 0, integrity, false},
	"version":              {0, 0, version, true},
}

func systemStatus(c *call) error {
	o, err := c.one(http.MethodGet, "/system/ping?get_server_status=true", nil)
	if err != nil {
		return err
	}
	c.single = true
	c.show(o, "status: %s\ndatabase: %s\nfilestore: %s", field(o, "status"), field(o, "database_status"), field(o, "filestore_status"))
	return nil
}

func systemVersion(c *call) error {
	v, err := c.serverVersion()
	if err != nil {
		return err
	}
	c.single = true
	c.show(object{"version": v}, "%s", v)
	return nil
}

func systemBusy(c *call) error {
	o, err := c.one(http.MethodGet, "/server_busy", nil)
	if err != nil {
		return err
	}
	c.single = true
	c.show(o, "busy: %s  expires: %s", field(o, "busy"), field(o, "expires_ts"))
	return nil
}

func systemSetBusy(c *call) error {
	seconds := c.flags.number("seconds")
	if seconds <= 0 {
		return c.problem("flag_value", "Flag", "--seconds", "Value", seconds)
	}
	if err := c.post(fmt.Sprintf("/server_busy?seconds=%d", seconds), nil, nil); err != nil {
		return err
	}
	c.single = true
	c.done(object{"status": "OK"}, fmt.Sprintf("%ds", seconds))
	return nil
}

func systemClearBusy(c *call) error {
	if err := c.remove("/server_busy"); err != nil {
		return err
	}
	c.single = true
	c.done(object{"status": "OK"}, "")
	return nil
}

func systemPacket(c *call) error {
	file := c.flags.text("output-file")
	if file == "" {
		file = "support_packet_" + time.Now().UTC().Format("2006-01-02T15-04-05") + ".zip"
	}
	if err := c.save("/system/support_packet", file); err != nil {
		return err
	}
	c.single = true
	c.done(object{"file": file}, file)
	return nil
}

// logs prints the log's lines as they are, one object a line, or as text.
func logs(c *call) error {
	var lines []string
	if err := c.get(fmt.Sprintf("/logs?page=0&logs_per_page=%d", c.flags.number("number")), &lines); err != nil {
		return err
	}
	for _, line := range lines {
		line = strings.TrimSpace(line)
		var o object
		if json.Unmarshal([]byte(line), &o) != nil {
			o = object{"msg": line}
		}
		message := field(o, "msg")
		if c.flags.on("logrus") {
			c.show(o, "time=%q level=%s msg=%q", logTime(o), field(o, "level"), message)
			continue
		}
		c.show(o, "%s %s %s", logTime(o), field(o, "level"), message)
	}
	return nil
}

func logTime(o object) string {
	if t := field(o, "timestamp"); t != "" {
		return t
	}
	return field(o, "time")
}

// integrity asks the server to look for rows whose counterpart is missing. A
// Parley has other commands for that.
func integrity(c *call) error {
	if !c.client.local {
		return c.problem("only_local", "Command", c.spec.name)
	}
	if err := c.confirm("integrity"); err != nil {
		return err
	}
	var list []object
	err := c.post("/integrity", nil, &list)
	if errors.As(err, new(unserved)) {
		return c.problem("integrity")
	}
	if err != nil {
		return err
	}
	for _, o := range list {
		c.show(o, "%v", o)
	}
	return nil
}

func version(c *call) error {
	c.single = true
	c.show(object{"version": config.Version, "protocol": config.ProtocolVersion}, "parley ctl %s (Mattermost %s)", config.Version, config.ProtocolVersion)
	return nil
}
