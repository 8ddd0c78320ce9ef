package golden

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"sort"
	"strings"
)

// binder holds what the placeholders of one scenario stand for.
type binder struct {
	ids   map[string]string // "id#4" → actual
	marks map[string]string // actual → "id#4"
	log   []string          // marks in order of binding, for undo
	words map[string]string // fixed placeholders, "<r>" → word
}

const idAlphabet = "ybndrfg8ejkmcpqxot1uwisza345h769"

// randomID makes an id that no server has given out.
func randomID() string {
	b := make([]byte, 26)
	for i := range b {
		b[i] = idAlphabet[rand.IntN(len(idAlphabet))]
	}
	return string(b)
}

// randomWord makes the scenario's word: nine letters, as in the recording (limits/names counts on it).
func randomWord() string {
	b := make([]byte, 9)
	for i := range b {
		b[i] = byte('a' + rand.IntN(26))
	}
	return string(b)
}

func newBinder(word string, words map[string]string) *binder {
	b := &binder{ids: map[string]string{}, marks: map[string]string{}, words: map[string]string{
		"<r>": word, "<R>": strings.ToUpper(word), "<Rr>": strings.ToUpper(word[:1]) + word[1:],
	}}
	for k, v := range words {
		b.words[k] = v
	}
	return b
}

// bind ties a mark to an id; an error says why they do not correspond.
func (b *binder) bind(mark, actual string) error {
	if have, ok := b.ids[mark]; ok {
		if have != actual {
			return fmt.Errorf("want %s (%s)", mark, have)
		}
		return nil
	}
	if other, ok := b.marks[actual]; ok {
		return fmt.Errorf("want %s, a new id, got that of %s", mark, other)
	}
	b.ids[mark], b.marks[actual] = actual, mark
	b.log = append(b.log, mark)
	return nil
}

// undo forgets the bindings made since the log had n entries.
func (b *binder) undo(n int) {
	for _, mark := range b.log[n:] {
		delete(b.marks, b.ids[mark])
		delete(b.ids, mark)
	}
	b.log = b.log[:n]
}

var (
	tokenRE = regexp.MustCompile(`id#\d+|<[A-Za-z][^<>]*>|probeadmin@example\.com|probeadmin`)
	idRE    = regexp.MustCompile(`^[a-z0-9]{26}$`)
	markRE  = regexp.MustCompile(`id#\d+`)
)

// patterns of placeholders that stand for any text of a form, inside a string or alone.
var forms = map[string]string{
	"<id>":           `[a-z0-9]{26}`,
	"<ms>":           `\d{12,14}`,
	"<seconds>":      `\d{9,11}`,
	"<seconds text>": `\d{9,11}`,
	"<time>":         `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)`,
	"<date>":         `\d{4}-\d\d-\d\d`,
	"<uuid>":         `[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`,
	"<etag>":         `.+`,
	"<text>":         `[\s\S]+`,
	"<any string>":   `[\s\S]*`,
	"<group name>":   `[0-9a-f]{40}`,
	"<present>":      `[\s\S]+`,
}

// fixed gives what a placeholder stands for when that is known by now.
func (b *binder) fixed(tok string) (string, bool) {
	if v, ok := b.ids[tok]; ok {
		return v, true
	}
	if v, ok := b.words[tok]; ok {
		return v, true
	}
	if strings.HasPrefix(tok, "<direct ") {
		var ids []string
		for _, m := range markRE.FindAllString(tok, -1) {
			id, ok := b.ids[m]
			if !ok {
				return "", false
			}
			ids = append(ids, id)
		}
		sort.Strings(ids)
		return strings.Join(ids, "__"), true
	}
	return "", false
}

// match compares a recorded string with an actual one, binding ids seen first here.
func (b *binder) match(golden, actual string) error {
	var re strings.Builder
	var captured []string
	plain := true
	last := 0
	re.WriteString(`^`)
	for _, at := range tokenRE.FindAllStringIndex(golden, -1) {
		tok := golden[at[0]:at[1]]
		re.WriteString(regexp.QuoteMeta(golden[last:at[0]]))
		last = at[1]
		if v, ok := b.fixed(tok); ok {
			re.WriteString(regexp.QuoteMeta(v))
			continue
		}
		if form, ok := forms[tok]; ok {
			plain = false
			re.WriteString(form)
			continue
		}
		if strings.HasPrefix(tok, "id#") {
			plain = false
			captured = append(captured, tok)
			re.WriteString(`([a-z0-9]{26})`)
			continue
		}
		re.WriteString(regexp.QuoteMeta(tok))
	}
	if plain {
		if want := b.known(golden); want != actual {
			return fmt.Errorf("want %s", b.show(golden))
		}
		return nil
	}
	re.WriteString(regexp.QuoteMeta(golden[last:]) + `$`)
	m := regexp.MustCompile(re.String()).FindStringSubmatch(actual)
	if m == nil {
		return fmt.Errorf("want %s", b.show(golden))
	}
	for i, mark := range captured {
		if err := b.bind(mark, m[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// known fills in every placeholder that is known by now.
func (b *binder) known(golden string) string {
	return tokenRE.ReplaceAllStringFunc(golden, func(tok string) string {
		if v, ok := b.fixed(tok); ok {
			return v
		}
		return tok
	})
}

// show writes a recorded string for a difference: the marks kept, what they stand for beside them.
func (b *binder) show(golden string) string {
	k := b.known(golden)
	if k == golden {
		return brief(golden)
	}
	return brief(golden) + " (" + brief(k) + ")"
}

// resolved reports whether the whole string is known, so that it can be a map key.
func (b *binder) resolved(golden string) (string, bool) {
	ok := true
	out := tokenRE.ReplaceAllStringFunc(golden, func(tok string) string {
		if v, known := b.fixed(tok); known {
			return v
		}
		if strings.HasPrefix(tok, "id#") || strings.HasPrefix(tok, "<direct ") || tok == "<id>" {
			ok = false
		}
		return tok
	})
	return out, ok
}

// holdsID says whether a key of the recording has an id in it.
func holdsID(key string) bool {
	return markRE.MatchString(key) || strings.Contains(key, "<id>")
}
