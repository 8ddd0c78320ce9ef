package config

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// normalize brings values into the range that they are clamped to instead of refused.
func normalize(c *Config) {
	n := &c.ServiceSettings.UniqueEmojiReactionLimitPerPost
	*n = max(0, min(500, *n))
}

// Validate checks every value against what the table allows, and the rules between keys.
// The error joins one *ValueError for each wrong value.
func (c *Config) Validate() error {
	return c.validate(func(*Key) string { return "" })
}

// validate names the source of each wrong value, so that the operator knows which file or variable to mend. s.changing or s.mu is
// held, or s is not shared yet.
func (s *Store) validate(c *Config) error {
	return c.validate(func(k *Key) string { return s.origin(k).String() })
}

func (c *Config) validate(source func(*Key) string) error {
	var errs []error
	keys := Keys()
	for i := range keys {
		k := &keys[i]
		if k.Allowed == "" {
			continue
		}
		if check := ruleOf(k.Allowed); check != nil {
			if v := k.get(c); !check(v) {
				errs = append(errs, k.invalid(v, source(k), k.Allowed, k.errorID))
			}
		}
	}
	for _, p := range c.crossChecks() {
		k := mustKey(p.key)
		id := p.id
		if id == "" {
			id = k.errorID
		}
		errs = append(errs, k.invalid(k.get(c), source(k), k.Allowed, id))
	}
	return errors.Join(errs...)
}

type rule func(v any) bool

func textRule(fn func(s string) bool) rule {
	return func(v any) bool { s, ok := v.(string); return ok && fn(s) }
}

func intRule(fn func(n int) bool) rule {
	return func(v any) bool { n, ok := v.(int); return ok && fn(n) }
}

var (
	clock     = regexp.MustCompile(`^([01]?\d|2[0-3]):[0-5]\d$`)
	semver    = regexp.MustCompile(`^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)
	urlScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9.+-]*$`)
	userID    = regexp.MustCompile(`^[a-z0-9]{26}$`)
	domain    = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,}$`)
	ageKey    = regexp.MustCompile(`^age1[0-9a-z]{58}$`)
	logLevels = map[string]bool{"panic": true, "fatal": true, "error": true, "warn": true, "info": true, "debug": true, "trace": true}
)

// namedRules are the rules of the table that stand alone and are no range or choice.
var namedRules = map[string]rule{
	`"" or absolute URL`: textRule(emptyOrURL),
	`"" or absolute URL (required for subdomain cookies and email batching)`: textRule(emptyOrURL),
	"host:port, port 0..65535": textRule(listenAddress),
	`"" or strict semver`:      textRule(func(s string) bool { return s == "" || semver.MatchString(s) }),
	"length <= 30":             textRule(func(s string) bool { return len([]rune(s)) <= 30 }),
	`"" or length >= 32`:       textRule(func(s string) bool { return s == "" || len(s) >= 32 }),
	"must be true":             func(v any) bool { return v == true },
	"must be false":            func(v any) bool { return v == false },
	"not empty":                textRule(func(s string) bool { return s != "" }),
	"not empty, no surrounding whitespace": textRule(func(s string) bool {
		return s != "" && strings.TrimSpace(s) == s
	}),
	"no surrounding whitespace": textRule(func(s string) bool { return strings.TrimSpace(s) == s }),
	"-1 or > 0":                 intRule(func(n int) bool { return n == -1 || n > 0 }),
	"HH:MM":                     textRule(clock.MatchString),
	"panic | fatal | error | warn | info | debug | trace (any case)": textRule(func(s string) bool {
		return logLevels[strings.ToLower(s)]
	}),
	"at most 5 user ids": listRule(5, userID.MatchString),
	"each matches [A-Za-z][A-Za-z0-9.+-]*": listRule(0, func(s string) bool {
		return urlScheme.MatchString(s)
	}),
	"public keys of age": listRule(0, ageKey.MatchString),
	`"" (the folder backups beside the data), a folder, or s3://bucket/folder`: textRule(backupPlace),
	"domain names or localhost": listRule(0, func(s string) bool { return s == "localhost" || domain.MatchString(s) }),
	"redirect URI patterns":     listRule(0, func(s string) bool { return strings.Contains(s, "://") && strings.TrimSpace(s) == s }),
	"supported cipher names":    listRule(0, func(s string) bool { return cipherIDs()[s] != 0 }),
	"comma list, no item starts with -": textRule(func(s string) bool {
		for _, item := range strings.Split(s, ",") {
			if strings.HasPrefix(strings.TrimSpace(item), "-") {
				return false
			}
		}
		return true
	}),
	`"" or host:port`:          textRule(func(s string) bool { return s == "" || listenAddress(s) }),
	`"" or loopback host:port`: textRule(func(s string) bool { return s == "" || listenAddress(s) && loopback(s) }),
	`"" or host name`:          textRule(func(s string) bool { return s == "" || s == "localhost" || domain.MatchString(s) }),
	"host:port or unix:/path":  textRule(func(s string) bool { return listenAddress(s) || strings.HasPrefix(s, "unix:/") }),
	"addresses or networks":    listRule(0, network),
	`"" or key=value`:          textRule(func(s string) bool { return s == "" || strings.Contains(s, "=") }),
	`"" or LDAP filter`:        textRule(ldapFilter),
}

// ruleOf reads a rule of the table: a named one, "> 0", ">= 2", "5..72", or a choice "a | b".
// It returns nil for rules that depend on other keys; crossChecks has those.
func ruleOf(text string) rule {
	if r, ok := namedRules[text]; ok {
		return r
	}
	if other, ok := strings.CutPrefix(text, "as "); ok {
		return ruleOf(mustKey(other).Allowed)
	}
	if n, ok := number(text, "> "); ok {
		return intRule(func(v int) bool { return v > n })
	}
	if n, ok := number(text, ">= "); ok {
		return intRule(func(v int) bool { return v >= n })
	}
	if lo, hi, ok := strings.Cut(text, ".."); ok {
		a, err1 := strconv.Atoi(lo)
		b, err2 := strconv.Atoi(hi)
		if err1 == nil && err2 == nil {
			return intRule(func(v int) bool { return v >= a && v <= b })
		}
		return nil
	}
	return choice(text)
}

// network reports whether s is an address or a network of addresses.
func network(s string) bool {
	_, notAddress := netip.ParseAddr(s)
	_, notNetwork := netip.ParsePrefix(s)
	return notAddress == nil || notNetwork == nil
}

func choice(text string) rule {
	words := strings.Split(text, " | ")
	for i, w := range words {
		if w == `""` {
			words[i] = ""
		} else if w == "" || strings.Contains(w, " ") {
			return nil
		}
	}
	if len(words) == 1 && words[0] != "postgres" {
		return nil
	}
	return textRule(func(s string) bool {
		for _, w := range words {
			if s == w {
				return true
			}
		}
		return false
	})
}

func number(text, prefix string) (int, bool) {
	rest, ok := strings.CutPrefix(text, prefix)
	n, err := strconv.Atoi(rest)
	return n, ok && err == nil
}

func listRule(most int, each func(string) bool) rule {
	return func(v any) bool {
		list, ok := v.([]string)
		if !ok || most > 0 && len(list) > most {
			return false
		}
		for _, s := range list {
			if !each(s) {
				return false
			}
		}
		return true
	}
}

func emptyOrURL(s string) bool { return s == "" || absoluteURL(s) }

func absoluteURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme != "" && u.Host != ""
}

func webURL(s string) bool {
	return absoluteURL(s) && (strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://"))
}

func listenAddress(s string) bool {
	_, port, err := net.SplitHostPort(s)
	n, convErr := strconv.Atoi(port)
	return err == nil && convErr == nil && n >= 0 && n <= 65535
}

// loopback reports whether an address is reached from this host only: passwords cross it in the clear.
func loopback(s string) bool {
	host, _, _ := net.SplitHostPort(s)
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// ldapFilter checks the outer shape; the LDAP library says more when it compiles the filter.
func ldapFilter(s string) bool {
	if s == "" {
		return true
	}
	depth := 0
	for i, r := range s {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth < 0 || depth == 0 && i < len(s)-1 {
			return false
		}
	}
	return depth == 0
}

func socketParentExists(path string) bool {
	st, err := os.Stat(filepath.Dir(path))
	return err == nil && st.IsDir()
}

// validExportStart reports whether a time in Unix seconds lies between 1970 and now.
func validExportStart(seconds int) bool {
	return seconds >= 0 && int64(seconds) <= time.Now().Unix()
}

// backupPlace is nothing, a folder that is named from the root, or a bucket.
func backupPlace(s string) bool {
	if bucket, ok := strings.CutPrefix(s, "s3://"); ok {
		name, _, _ := strings.Cut(bucket, "/")
		return name != ""
	}
	return s == "" || filepath.IsAbs(s)
}
