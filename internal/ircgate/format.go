package ircgate

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Formatting of IRC after https://modern.ircdocs.horse/formatting.
const (
	bold     = '\x02'
	color    = '\x03'
	hexColor = '\x04'
	reset    = '\x0f'
	mono     = '\x11'
	italic   = '\x1d'
	strike   = '\x1e'
)

// marks are the formats that have a form in Markdown.
var marks = map[rune]string{bold: "**", italic: "*", strike: "~~", mono: "`"}

// markdown gathers a text with marks that are open.
type markdown struct {
	text []byte
	open []opened
}

// opened is a mark, and where the text behind it begins.
type opened struct {
	format rune
	at     int
}

func (m *markdown) begin(format rune) {
	m.text = append(m.text, marks[format]...)
	m.open = append(m.open, opened{format, len(m.text)})
}

// closeTo closes the marks above the first n, the last one first; one around nothing is taken back.
func (m *markdown) closeTo(n int) {
	for len(m.open) > n {
		last := m.open[len(m.open)-1]
		m.open = m.open[:len(m.open)-1]
		if mark := marks[last.format]; len(m.text) == last.at {
			m.text = m.text[:last.at-len(mark)]
		} else {
			m.text = append(m.text, mark...)
		}
	}
}

// toggle begins or ends a format. Those begun after it end with it, as Markdown needs it, and begin again.
func (m *markdown) toggle(format rune) {
	for at, o := range m.open {
		if o.format != format {
			continue
		}
		again := append([]opened(nil), m.open[at+1:]...)
		m.closeTo(at)
		for _, o := range again {
			m.begin(o.format)
		}
		return
	}
	m.begin(format)
}

// fromIRC turns a text's formatting into Markdown and takes out all other control characters.
func fromIRC(s string) string {
	var m markdown
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case marks[r] != "":
			m.toggle(r)
		case r == reset:
			m.closeTo(0)
		case r == color || r == hexColor:
			i += colorLength(s[i:], r == hexColor)
		case r == '\n' || r == '\t':
			m.text = append(m.text, byte(r))
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError && n == 1:
		default:
			m.text = utf8.AppendRune(m.text, r)
		}
	}
	m.closeTo(0)
	return string(m.text)
}

// colorLength is how many bytes after a color's code belong to it: one or two digits, and after a
// comma as many; for the other code six of base 16.
func colorLength(s string, hex bool) int {
	digits := func(s string) int {
		most, n := 2, 0
		if hex {
			most = 6
		}
		for n < most && n < len(s) && (s[n] >= '0' && s[n] <= '9' || hex && (s[n]|0x20 >= 'a' && s[n]|0x20 <= 'f')) {
			n++
		}
		if hex && n < 6 {
			return 0
		}
		return n
	}
	n := digits(s)
	if n > 0 && n < len(s) && s[n] == ',' {
		if more := digits(s[n+1:]); more > 0 {
			n += 1 + more
		}
	}
	return n
}

// toIRC turns a message in Markdown into lines with IRC's formatting. What it holds of control
// characters is taken out first.
func toIRC(message string) []string {
	message = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(message)
	var out []string
	fence := ""
	for _, l := range strings.Split(message, "\n") {
		l = strings.ReplaceAll(l, "\t", "    ")
		l = clean(l)
		trimmed := strings.TrimSpace(l)
		switch {
		case fence == "" && (strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~")):
			fence = trimmed[:3]
		case fence != "" && strings.HasPrefix(trimmed, fence) && strings.Trim(trimmed, fence[:1]) == "":
			fence = ""
		case fence != "":
			if l != "" {
				l = string(mono) + l + string(mono)
			}
			out = append(out, l)
		case trimmed != "":
			out = append(out, inline(heading(l)))
		}
	}
	return out
}

var headingMark = regexp.MustCompile(`^\s{0,3}#{1,6}\s+(.+?)\s*#*$`)

func heading(l string) string {
	if m := headingMark.FindStringSubmatch(l); m != nil {
		return "**" + m[1] + "**"
	}
	return l
}

var (
	codeSpan = regexp.MustCompile("(`+)(.+?)(`+)")
	linkMark = regexp.MustCompile(`!?\[((?:[^\]\\]|\\.)*)\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)`)
	styles   = []struct {
		find *regexp.Regexp
		with string
	}{
		{regexp.MustCompile(`\*\*(\S(?:.*?\S)?)\*\*`), "\x02$1\x02"},
		{regexp.MustCompile(`(^|[^\w])__(\S(?:.*?\S)?)__($|[^\w])`), "$1\x02$2\x02$3"},
		{regexp.MustCompile(`~~(\S(?:.*?\S)?)~~`), "\x1e$1\x1e"},
		{regexp.MustCompile(`(^|[^\w*\\])\*([^\s*](?:[^*]*?[^\s*])?)\*($|[^\w*])`), "$1\x1d$2\x1d$3"},
		{regexp.MustCompile(`(^|[^\w\\])_([^\s_](?:[^_]*?[^\s_])?)_($|[^\w])`), "$1\x1d$2\x1d$3"},
	}
	escaped = regexp.MustCompile("\\\\([\\\\`*_{}\\[\\]()#+.!~|>-])")
)

// inline formats one line. Code is left as it is.
func inline(l string) string {
	var b strings.Builder
	for {
		at := codeSpan.FindStringSubmatchIndex(l)
		if at == nil || at[3]-at[2] != at[7]-at[6] {
			b.WriteString(style(l))
			return b.String()
		}
		b.WriteString(style(l[:at[0]]))
		b.WriteString(string(mono) + strings.TrimSpace(l[at[4]:at[5]]) + string(mono))
		l = l[at[1]:]
	}
}

func style(s string) string {
	if s == "" {
		return ""
	}
	// Addresses keep their underscores: they are put aside while the rest is formatted.
	var kept []string
	hold := func(v string) string {
		kept = append(kept, v)
		return "\x00" + string(rune('\ue000'+len(kept)-1)) + "\x00"
	}
	s = linkMark.ReplaceAllStringFunc(s, func(m string) string {
		p := linkMark.FindStringSubmatch(m)
		if p[1] == p[2] || p[1] == "" {
			return hold(p[2])
		}
		return p[1] + " (" + hold(p[2]) + ")"
	})
	s = bareLink.ReplaceAllStringFunc(s, hold)
	s = shortcodes(s)
	for _, st := range styles {
		s = st.find.ReplaceAllString(s, st.with)
	}
	s = escaped.ReplaceAllString(s, "$1")
	for i := len(kept) - 1; i >= 0; i-- {
		s = strings.ReplaceAll(s, "\x00"+string(rune('\ue000'+i))+"\x00", kept[i])
	}
	return strings.ReplaceAll(s, "\x00", "")
}

var bareLink = regexp.MustCompile(`https?://[^\s<>"\x00]+`)

// split cuts a line into pieces of at most so many bytes, at blanks where it can and never inside a
// character.
func split(l string, most int) []string {
	most = max(most, 16)
	var out []string
	for len(l) > most {
		at := len(cut(l, most))
		if blank := strings.LastIndexByte(l[:at], ' '); blank > most/2 {
			out, l = append(out, l[:blank]), l[blank+1:]
			continue
		}
		out, l = append(out, l[:at]), l[at:]
	}
	return append(out, l)
}
