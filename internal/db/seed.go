package db

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/db/migrations"
	"github.com/parley-chat/parley/internal/id"
)

// seed adds the rows that a fresh database starts with, and to an adopted one
// those of them that it lacks. Rows that are there stay as they are, but
// built-in roles get the permissions of the Mattermost versions in between.
func seed(ctx context.Context, tx *Tx) error {
	present, err := List(ctx, tx, One[string], "SELECT name FROM systems ORDER BY name LIMIT 10000")
	if err != nil {
		return err
	}
	for _, step := range []func(context.Context, *Tx, []string) error{seedSystems, seedRoles, seedProperties, seedBot} {
		if err := step(ctx, tx, present); err != nil {
			return err
		}
	}
	return nil
}

// insertRows adds rows in one statement, leaving out those that exist.
func insertRows(ctx context.Context, tx *Tx, table string, columns []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	var b strings.Builder
	b.WriteString("INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES ")
	var args []any
	for i, r := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		for j, v := range r {
			args = append(args, v)
			b.WriteString(map[bool]string{true: "(", false: ", "}[j == 0] + "$" + strconv.Itoa(len(args)))
		}
		b.WriteString(")")
	}
	_, err := tx.Exec(ctx, b.String()+" ON CONFLICT DO NOTHING", args...)
	return err
}

func seedSystems(ctx context.Context, tx *Tx, present []string) error {
	now := strconv.FormatInt(id.Now(), 10)
	var rows [][]any
	for name, value := range migrations.Systems() {
		if slices.Contains(present, name) {
			continue
		}
		switch {
		case name == "AsymmetricSigningKey":
			key, err := signingKey()
			if err != nil {
				return err
			}
			value = key
		case name == "PostActionCookieSecret":
			raw := make([]byte, 32)
			_, _ = rand.Read(raw) // never fails
			value = `{"key":"` + base64.StdEncoding.EncodeToString(raw) + `"}`
		case value == "26 char id":
			value = id.New()
		case value == "unix ms":
			value = now
		}
		rows = append(rows, []any{name, value})
	}
	return insertRows(ctx, tx, "systems", []string{"name", "value"}, rows)
}

// signingKey makes a P-256 key in the form the table keeps it: decimal numbers.
func signingKey() (string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", err
	}
	public, err := key.PublicKey.Bytes() // 4, then x and y of 32 bytes each
	if err != nil {
		return "", err
	}
	private, err := key.Bytes()
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(map[string]any{"ecdsa_key": map[string]any{"curve": "P-256",
		"x": new(big.Int).SetBytes(public[1:33]), "y": new(big.Int).SetBytes(public[33:]),
		"d": new(big.Int).SetBytes(private)}})
	return string(b), err
}

// grants are the permissions that a Mattermost version after 10.11 gave to
// built-in roles, by the row in systems that says it was done.
var grants = map[string]func(permission string) bool{
	"add_channel_auto_translation_permissions":  func(p string) bool { return strings.Contains(p, "auto_translation") },
	"add_channel_access_rules_permission":       func(p string) bool { return p == "manage_channel_access_rules" },
	"add_channel_banner_permissions":            func(p string) bool { return strings.HasSuffix(p, "_channel_banner") },
	"add_sysconsole_mobile_security_permission": func(p string) bool { return strings.HasSuffix(p, "_mobile_security") },
	"restore_manage_oauth_permission":           func(p string) bool { return p == "manage_oauth" },
}

func seedRoles(ctx context.Context, tx *Tx, present []string) error {
	now := id.Now()
	all := migrations.Roles()
	var rows [][]any
	for name, r := range all {
		rows = append(rows, []any{id.New(), name, r.DisplayName, r.Description, now, now, int64(0),
			strings.Join(r.Permissions, " "), r.SchemeManaged, r.BuiltIn})
	}
	if len(present) > 0 {
		if err := grantMissing(ctx, tx, all, present); err != nil {
			return err
		}
	}
	return insertRows(ctx, tx, "roles", []string{"id", "name", "displayname", "description", "createat", "updateat",
		"deleteat", "permissions", "schememanaged", "builtin"}, rows)
}

func grantMissing(ctx context.Context, tx *Tx, all map[string]migrations.Role, present []string) error {
	type held struct{ name, permissions string }
	stored, err := List(ctx, tx, func(r Row) (h held, err error) {
		err = r.Scan(&h.name, NullString(&h.permissions))
		return h, err
	}, "SELECT name, permissions FROM roles WHERE deleteat = 0 ORDER BY name LIMIT 100000")
	if err != nil {
		return err
	}
	for _, h := range stored {
		has := strings.Fields(h.permissions)
		before := len(has)
		for _, p := range all[h.name].Permissions {
			for done, covers := range grants {
				if covers(p) && !slices.Contains(present, done) && !slices.Contains(has, p) {
					has = append(has, p)
				}
			}
		}
		if len(has) == before {
			continue
		}
		if _, err := tx.Exec(ctx, "UPDATE roles SET permissions = $1, updateat = $2 WHERE name = $3",
			strings.Join(has, " "), id.Now(), h.name); err != nil {
			return err
		}
	}
	return nil
}

func seedProperties(ctx context.Context, tx *Tx, _ []string) error {
	seed := migrations.PropertySeed()
	var rows [][]any
	for _, name := range seed.Groups {
		rows = append(rows, []any{id.New(), name})
	}
	if err := insertRows(ctx, tx, "propertygroups", []string{"id", "name"}, rows); err != nil {
		return err
	}
	now := id.Now()
	rows = nil
	for _, f := range seed.Fields {
		group, err := Value[string](ctx, tx, "SELECT id FROM propertygroups WHERE name = $1", f.Group)
		if err != nil {
			return err
		}
		var attrs any = json.RawMessage("null")
		if f.Attrs != nil {
			if options, ok := f.Attrs["options"].([]any); ok {
				for _, o := range options {
					o.(map[string]any)["id"] = id.New()
				}
			}
			attrs = JSON(f.Attrs)
		}
		rows = append(rows, []any{id.New(), group, f.Name, f.Type, attrs, "", "", now, now, int64(0)})
	}
	return insertRows(ctx, tx, "propertyfields", []string{"id", "groupid", "name", "type", "attrs", "targetid",
		"targettype", "createat", "updateat", "deleteat"}, rows)
}

// seedBot adds the account that posts what the system says.
func seedBot(ctx context.Context, tx *Tx, _ []string) error {
	now := id.Now()
	bot := id.New()
	notify := map[string]string{"push": "mention", "email": "true", "channel": "true", "desktop": "mention",
		"comments": "never", "first_name": "false", "push_status": "online", "mention_keys": "", "push_threads": "all",
		"desktop_sound": "true", "email_threads": "all", "desktop_threads": "all"}
	zone := map[string]string{"manualTimezone": "", "automaticTimezone": "", "useAutomaticTimezone": "true"}
	added, err := tx.Exec(ctx, `INSERT INTO users (id, createat, updateat, deleteat, username, password, authservice,
		email, emailverified, nickname, firstname, lastname, roles, allowmarketing, props, notifyprops,
		lastpasswordupdate, lastpictureupdate, failedattempts, locale, mfaactive, mfasecret, position, timezone,
		lastlogin, mfausedtimestamps)
		VALUES ($1, $2, $2, 0, 'system-bot', '', '', 'system-bot@localhost', $3, '', 'System', '', 'system_user', $3,
		'{}', $4, $2, 0, 0, 'en', $3, '', '', $5, 0, 'null') ON CONFLICT DO NOTHING`,
		bot, now, false, JSON(notify), JSON(zone))
	if err != nil || added == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO bots (userid, description, ownerid, createat, updateat, deleteat, lasticonupdate)
		VALUES ($1, '', $1, $2, $2, 0, 0)`, bot, now)
	return err
}
