package search

import "strings"

// stem returns the stem of an English word in small letters, as the Porter2
// ("English") algorithm of Snowball works it out; that is what PostgreSQL's
// configuration english does to words. Words with other letters than a to z
// and the apostrophe come back as they are.
func stem(word string) string {
	if len(word) <= 2 {
		return word
	}
	if s, ok := irregular[word]; ok {
		return s
	}
	w := &stemmer{b: markConsonantY(word)}
	w.regions()
	w.step1a()
	if keptAfter1a[string(w.b)] {
		return string(w.b)
	}
	w.step1b()
	w.step1c()
	w.step2()
	w.step3()
	w.step4()
	w.step5()
	return strings.ReplaceAll(string(w.b), "Y", "y")
}

var irregular = map[string]string{
	"skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "idly": "idl", "gently": "gentl",
	"ugly": "ugli", "early": "earli", "only": "onli", "singly": "singl", "sky": "sky", "news": "news", "howe": "howe",
	"atlas": "atlas", "cosmos": "cosmos", "bias": "bias", "andes": "andes",
}

var keptAfter1a = map[string]bool{"inning": true, "outing": true, "canning": true, "herring": true, "earring": true,
	"proceed": true, "exceed": true, "succeed": true}

// stemmer is a word on its way; r1 and r2 are where its regions begin.
type stemmer struct {
	b      []byte
	r1, r2 int
}

// markConsonantY writes Y for each y that is a consonant.
func markConsonantY(word string) []byte {
	b := []byte(strings.TrimPrefix(word, "'"))
	for i, c := range b {
		if c == 'y' && (i == 0 || vowel(b[i-1])) {
			b[i] = 'Y'
		}
	}
	return b
}

func vowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}

func (w *stemmer) regions() {
	w.r1 = -1
	for _, p := range []string{"gener", "commun", "arsen"} {
		if strings.HasPrefix(string(w.b), p) {
			w.r1 = len(p)
		}
	}
	if w.r1 < 0 {
		w.r1 = w.after(0)
	}
	w.r2 = w.after(w.r1)
}

// after returns the place behind the first consonant that follows a vowel.
func (w *stemmer) after(from int) int {
	for i := from + 1; i < len(w.b); i++ {
		if !vowel(w.b[i]) && vowel(w.b[i-1]) {
			return i + 1
		}
	}
	return len(w.b)
}

func (w *stemmer) ends(s string) bool {
	return len(w.b) >= len(s) && string(w.b[len(w.b)-len(s):]) == s
}

// in tells whether the last n letters lie in a region.
func (w *stemmer) in(region, n int) bool { return len(w.b)-n >= region }

func (w *stemmer) cut(n int, add string) { w.b = append(w.b[:len(w.b)-n], add...) }

// hasVowel looks at the word without its last n letters.
func (w *stemmer) hasVowel(n int) bool {
	for _, c := range w.b[:max(len(w.b)-n, 0)] {
		if vowel(c) {
			return true
		}
	}
	return false
}

// shortEnd tells whether the first n letters end in a short syllable.
func (w *stemmer) shortEnd(n int) bool {
	if n == 2 {
		return vowel(w.b[0]) && !vowel(w.b[1])
	}
	if n < 3 {
		return false
	}
	last := w.b[n-1]
	return !vowel(last) && last != 'w' && last != 'x' && last != 'Y' && vowel(w.b[n-2]) && !vowel(w.b[n-3])
}

func (w *stemmer) short() bool { return w.r1 >= len(w.b) && w.shortEnd(len(w.b)) }

func (w *stemmer) step1a() {
	for _, s := range []string{"'s'", "'s", "'"} {
		if w.ends(s) {
			w.cut(len(s), "")
			break
		}
	}
	switch {
	case w.ends("sses"):
		w.cut(2, "")
	case w.ends("ied"), w.ends("ies"):
		if len(w.b) > 4 {
			w.cut(2, "")
		} else {
			w.cut(1, "")
		}
	case w.ends("us"), w.ends("ss"):
	case w.ends("s") && w.hasVowel(2):
		w.cut(1, "")
	}
}

func (w *stemmer) step1b() {
	for _, s := range []string{"eedly", "eed"} {
		if w.ends(s) {
			if w.in(w.r1, len(s)) {
				w.cut(len(s), "ee")
			}
			return
		}
	}
	for _, s := range []string{"ingly", "edly", "ing", "ed"} {
		if !w.ends(s) {
			continue
		}
		if w.hasVowel(len(s)) {
			w.cut(len(s), "")
			w.repair()
		}
		return
	}
}

// repair makes a word again of what -ed or -ing was cut from.
func (w *stemmer) repair() {
	n := len(w.b)
	switch {
	case w.ends("at"), w.ends("bl"), w.ends("iz"):
		w.cut(0, "e")
	case n > 1 && w.b[n-1] == w.b[n-2] && strings.IndexByte("bdfgmnprt", w.b[n-1]) >= 0:
		w.cut(1, "")
	case w.short():
		w.cut(0, "e")
	}
}

func (w *stemmer) step1c() {
	n := len(w.b)
	if n > 2 && (w.b[n-1] == 'y' || w.b[n-1] == 'Y') && !vowel(w.b[n-2]) {
		w.b[n-1] = 'i'
	}
}

type ending struct{ from, to string }

var endings2 = []ending{{"ization", "ize"}, {"ational", "ate"}, {"ousness", "ous"}, {"iveness", "ive"}, {"fulness", "ful"},
	{"tional", "tion"}, {"lessli", "less"}, {"biliti", "ble"}, {"entli", "ent"}, {"ation", "ate"}, {"alism", "al"}, {"aliti", "al"},
	{"fulli", "ful"}, {"ousli", "ous"}, {"iviti", "ive"}, {"enci", "ence"}, {"anci", "ance"}, {"abli", "able"}, {"izer", "ize"},
	{"ator", "ate"}, {"alli", "al"}, {"bli", "ble"}}

func (w *stemmer) step2() {
	for _, e := range endings2 {
		if w.ends(e.from) {
			if w.in(w.r1, len(e.from)) {
				w.cut(len(e.from), e.to)
			}
			return
		}
	}
	n := len(w.b)
	switch {
	case w.ends("ogi"):
		if w.in(w.r1, 3) && n > 3 && w.b[n-4] == 'l' {
			w.cut(1, "")
		}
	case w.ends("li"):
		if w.in(w.r1, 2) && n > 2 && strings.IndexByte("cdeghkmnrt", w.b[n-3]) >= 0 {
			w.cut(2, "")
		}
	}
}

var endings3 = []ending{{"ational", "ate"}, {"tional", "tion"}, {"alize", "al"}, {"icate", "ic"}, {"iciti", "ic"}, {"ical", "ic"},
	{"ness", ""}, {"ful", ""}}

func (w *stemmer) step3() {
	for _, e := range endings3 {
		if w.ends(e.from) {
			if w.in(w.r1, len(e.from)) {
				w.cut(len(e.from), e.to)
			}
			return
		}
	}
	if w.ends("ative") && w.in(w.r2, 5) {
		w.cut(5, "")
	}
}

var endings4 = []string{"ement", "ment", "able", "ible", "ance", "ence", "ate", "iti", "ion", "ize", "ive", "ous", "ant", "ent", "ism",
	"al", "er", "ic"}

func (w *stemmer) step4() {
	for _, s := range endings4 {
		if !w.ends(s) {
			continue
		}
		n := len(w.b)
		if w.in(w.r2, len(s)) && (s != "ion" || n > 3 && (w.b[n-4] == 's' || w.b[n-4] == 't')) {
			w.cut(len(s), "")
		}
		return
	}
}

func (w *stemmer) step5() {
	n := len(w.b)
	switch {
	case w.ends("e"):
		if w.in(w.r2, 1) || w.in(w.r1, 1) && !w.shortEnd(n-1) {
			w.cut(1, "")
		}
	case w.ends("ll") && w.in(w.r2, 1):
		w.cut(1, "")
	}
}
