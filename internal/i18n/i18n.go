// Package i18n holds the texts that the server itself writes: errors, mails, system messages.
//
// A catalogue is one flat JSON file a slice and language, `en/posts.json` and `fr/posts.json`,
// from key to text. A text names its parameters as {{.Name}}. Keys of errors are their public
// ids. English is the fallback for a language that isn't here and the two catalogues hold the
// same keys with the same parameters; the tests of this package see to both, and to every
// error id in the source having a text.
//
// The catalogues are embedded and parsed at the first text of their language, so a server
// that nobody reads in French doesn't keep French in memory.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"golang.org/x/text/language"
)

//go:embed en/*.json fr/*.json
var files embed.FS

// Fallback is the language of texts for readers whose language isn't here.
const Fallback = "en"

// catalogue is the texts of one language.
type catalogue struct {
	once  sync.Once
	texts map[string]string
}

var catalogues = map[string]*catalogue{"en": {}, "fr": {}}

// Locales lists the languages that the server has texts in, the fallback first.
func Locales() []string { return []string{"en", "fr"} }

// T returns the text of key in the language of locale ("fr", "fr-CA", "fr_FR"), with params filled in.
// It falls back to English, then to the key itself.
func T(locale, key string, params map[string]any) string {
	text, ok := lookup(Base(locale), key)
	if !ok {
		if text, ok = lookup(Fallback, key); !ok {
			return key
		}
	}
	return fill(text, params)
}

// N is T for a text that counts: key+".one" or key+".other" is taken by the plural rule of the
// language, and n is the parameter Count.
func N(locale, key string, n int, params map[string]any) string {
	form := ".other"
	if n == 1 || n == 0 && Base(locale) == "fr" { // French counts zero as singular
		form = ".one"
	}
	all := map[string]any{"Count": n}
	for k, v := range params {
		all[k] = v
	}
	return T(locale, key+form, all)
}

// Has reports whether the fallback catalogue has a text for key.
func Has(key string) bool {
	_, ok := lookup(Fallback, key)
	return ok
}

// Base maps a locale to the language of the catalogue that serves it.
func Base(locale string) string {
	if i := strings.IndexAny(locale, "-_"); i >= 0 {
		locale = locale[:i]
	}
	if locale = strings.ToLower(locale); catalogues[locale] != nil {
		return locale
	}
	return Fallback
}

var matcher = sync.OnceValue(func() language.Matcher {
	tags := make([]language.Tag, 0, len(catalogues))
	for _, l := range Locales() {
		tags = append(tags, language.MustParse(l))
	}
	return language.NewMatcher(tags)
})

// Match picks the language for a reader who sends an Accept-Language header; fallback is taken when the
// header is empty, broken, or names no language that the server has.
func Match(acceptLanguage, fallback string) string {
	if acceptLanguage == "" || len(acceptLanguage) > 1000 {
		return Base(fallback)
	}
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(wanted) == 0 {
		return Base(fallback)
	}
	_, i, confidence := matcher().Match(wanted...)
	if confidence == language.No {
		return Base(fallback)
	}
	return Locales()[i]
}

func lookup(lang, key string) (string, bool) {
	c := catalogues[lang]
	c.once.Do(func() { c.texts, _ = read(lang) })
	text, ok := c.texts[key]
	return text, ok
}

// read parses the catalogue of a language. What can be read is returned beside the error, so that
// one broken file (which the tests refuse) doesn't silence the rest.
func read(lang string) (map[string]string, error) {
	texts := map[string]string{}
	names, err := fs.Glob(files, lang+"/*.json")
	if err != nil {
		return texts, err
	}
	var first error
	for _, name := range names {
		raw, err := files.ReadFile(name)
		part := map[string]string{}
		if err == nil {
			err = json.Unmarshal(raw, &part)
		}
		if err != nil && first == nil {
			first = fmt.Errorf("%s: %w", name, err)
		}
		for k, v := range part {
			if _, twice := texts[k]; twice && first == nil {
				first = fmt.Errorf("%s: %s stands in another file too", name, k)
			}
			texts[k] = v
		}
	}
	return texts, first
}

// fill puts params in the place of {{.Name}}. A parameter that isn't given leaves nothing behind.
func fill(text string, params map[string]any) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{{.")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}}")
		if !closed {
			b.WriteString("{{." + rest)
			return b.String()
		}
		if v, has := params[name]; has {
			fmt.Fprint(&b, v)
		}
		text = after
	}
}
