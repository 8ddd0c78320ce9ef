package mailgate

import (
	"regexp"
	"strings"

	"github.com/parley-chat/parley/internal/mail"
)

// signatureLine begins a signature (RFC 3676, section 4.3).
const signatureLine = "-- "

var (
	// attribution says who wrote what follows, as mail programs do in their language.
	attribution = regexp.MustCompile(`(?is)^(on|le|am|el|il|em|op|den|dne|w dniu|på|data|в|в)\b.{4,300}\b(wrote|a écrit|schrieb(\s.{1,120})?|escribió|ha scritto|escreveu|schreef(\s.{1,120})?|skrev(\s.{1,120})?|napsal(\(a\))?(\s.{1,120})?|napisał(\(a\))?(\s.{1,120})?)\s*:$`)
	// original begins a message as a whole.
	original = regexp.MustCompile(`(?i)^[-_ ]{2,}\s*(original message|original appointment|forwarded message|message d.origine|message transféré|message original|ursprüngliche nachricht|weitergeleitete nachricht|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht)\s*[-_ ]{2,}$`)
	// fromField and moreFields are the block that Outlook puts above a quote.
	fromField  = regexp.MustCompile(`(?i)^(from|de|von|da|van|fra|från|od)\s*:\s*\S`)
	moreFields = regexp.MustCompile(`(?i)^(sent|date|to|cc|subject|envoyé|à|objet|gesendet|an|datum|betreff|enviado|para|asunto|assunto|inviato|a|oggetto|verzonden|aan|onderwerp)\s*:`)
	rule       = regexp.MustCompile(`^(_{10,}|\* \* \*|-{10,})$`)
	// device is what telephones add.
	device = regexp.MustCompile(`(?i)^(sent from (my |yahoo|outlook|mail for|proton|samsung)|get outlook for|envoyé (de|depuis|à partir de) (mon|outlook|yahoo)|télécharge[rz] outlook|von meinem .{2,40} gesendet|gesendet (von|mit) |enviado desde mi|inviato da )`)
)

// answer is what somebody wrote, without what they quote whole and without their
// signature. Quotes that they wrote between stay, since they say what is meant.
func answer(text string) string {
	lines := strings.Split(text, "\n")
	lines = cutAt(lines, func(i int) bool { return wholeFrom(lines, i) || signs(lines, i) })
	lines = dropAttributed(lines)
	lines = dropTrailing(lines)
	lines = cutAt(lines, func(i int) bool { return signs(lines, i) }) // what only shows now to be the end
	return tidy(lines)
}

// unsigned is text without its signature, and without the marks.
func unsigned(text string) string {
	lines := strings.Split(text, "\n")
	lines = cutAt(lines, func(i int) bool { return signs(lines, i) })
	return tidy(lines)
}

func cutAt(lines []string, at func(i int) bool) []string {
	for i := range lines {
		if at(i) {
			return lines[:i]
		}
	}
	return lines
}

// bare is a line without the emphasis and escapes that markdown gives it.
func bare(line string) string {
	return strings.TrimSpace(strings.NewReplacer("**", "", "__", "", `\`, "", "\u00a0", " ").Replace(line))
}

// wholeFrom reports whether from a line on everything was written before.
func wholeFrom(lines []string, i int) bool {
	line := bare(lines[i])
	switch {
	case rule.MatchString(strings.TrimSpace(lines[i])):
		return i+1 < len(lines) && outlookBlock(lines, next(lines, i+1))
	case line == "":
		return false
	case strings.Contains(line, markCut):
		return true
	case strings.HasPrefix(line, mail.AnswerMark) && strings.HasSuffix(line, mail.AnswerMark) && len(line) > 2*len(mail.AnswerMark):
		return true
	case original.MatchString(line):
		return true
	}
	return outlookBlock(lines, i)
}

// outlookBlock reports whether a line begins From, Sent, To and Subject of an
// earlier message.
func outlookBlock(lines []string, i int) bool {
	if i >= len(lines) || !fromField.MatchString(bare(lines[i])) {
		return false
	}
	found := 0
	for n, j := 0, i+1; j < len(lines) && n < 8; j++ {
		line := bare(lines[j])
		if line == "" {
			continue
		}
		if n++; moreFields.MatchString(line) {
			found++
		}
	}
	return found >= 2
}

// next is the first line from i on that isn't empty; len(lines) without one.
func next(lines []string, i int) int {
	for i < len(lines) && bare(lines[i]) == "" {
		i++
	}
	return i
}

func quoted(line string) bool { return strings.HasPrefix(strings.TrimLeft(line, " \t"), ">") }

// attributes returns how many lines from i on say who wrote what follows, 0 for
// none: programs break that line in up to three. Without a quote below it such a
// line says when, too.
func attributes(lines []string, i int) int {
	if strings.Contains(lines[i], markAttribution) {
		return min(next(lines, i+1)+1, len(lines)) - i
	}
	joined := ""
	for n := 0; n < 3 && i+n < len(lines); n++ {
		line := bare(lines[i+n])
		if line == "" || quoted(line) {
			return 0
		}
		joined = strings.TrimSpace(joined + " " + line)
		if attribution.MatchString(joined) {
			if below := next(lines, i+n+1); below < len(lines) && quoted(lines[below]) || strings.ContainsAny(joined, "0123456789") {
				return n + 1
			}
			return 0
		}
	}
	return 0
}

// dropAttributed takes out quotes with the line that says whose they are: what
// follows one in a program that doesn't mark quotes, else the block of marked
// lines, below which people may have answered.
func dropAttributed(lines []string) []string {
	for i := 0; i < len(lines); i++ {
		n := attributes(lines, i)
		if n == 0 {
			continue
		}
		end := next(lines, i+n)
		if end == len(lines) || !quoted(lines[end]) {
			return lines[:i]
		}
		for end < len(lines) && (quoted(lines[end]) || bare(lines[end]) == "") {
			end++
		}
		lines = append(append([]string{}, lines[:i]...), lines[end:]...)
		i--
	}
	return lines
}

// dropTrailing takes out a quote below which nothing is written, with the line
// that leads to it in a language that isn't known here.
func dropTrailing(lines []string) []string {
	end := len(lines)
	for end > 0 && (quoted(lines[end-1]) || bare(lines[end-1]) == "") {
		end--
	}
	any := false
	for _, line := range lines[end:] {
		any = any || quoted(line)
	}
	if !any {
		return lines
	}
	if end > 0 && strings.HasSuffix(bare(lines[end-1]), ":") && strings.ContainsAny(lines[end-1], "0123456789") {
		end--
	}
	return lines[:end]
}

// signs reports whether from a line on there is only a signature.
func signs(lines []string, i int) bool {
	line := lines[i]
	if strings.TrimRight(line, " ") == "--" || bare(line) == "--" || strings.Contains(line, markSignature) {
		return true
	}
	if !device.MatchString(bare(line)) {
		return false
	}
	left := 0
	for _, line := range lines[i+1:] {
		if bare(line) != "" {
			left++
		}
	}
	return left == 0
}

// tidy joins lines, without marks and without more than one empty line between.
func tidy(lines []string) string {
	var out []string
	for _, line := range lines {
		line = strings.TrimRight(strings.NewReplacer(markCut, "", markAttribution, "", markSignature, "").Replace(line), " \t\u00a0")
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return strings.TrimRight(strings.Join(out, "\n"), "\n")
}
