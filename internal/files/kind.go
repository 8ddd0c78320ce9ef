package files

import (
	"bytes"
	"net/http"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/parley-chat/parley/internal/model"
)

const plainText = "text/plain; charset=utf-8"

// byExtension are the media types that names of files stand for. The table is
// the server's own: what a host has in /etc/mime.types changes nothing.
var byExtension = map[string]string{
	"txt": plainText, "text": plainText, "log": plainText, "md": "text/markdown; charset=utf-8", "csv": "text/csv; charset=utf-8",
	"html": "text/html; charset=utf-8", "htm": "text/html; charset=utf-8", "xhtml": "application/xhtml+xml", "xml": "text/xml; charset=utf-8",
	"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8", "json": "application/json",
	"ics": "text/calendar; charset=utf-8", "vcf": "text/vcard; charset=utf-8", "rtf": "application/rtf", "yaml": "application/yaml", "yml": "application/yaml",
	"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "jpe": "image/jpeg", "gif": "image/gif", "webp": "image/webp", "bmp": "image/bmp",
	"tif": "image/tiff", "tiff": "image/tiff", "svg": "image/svg+xml", "ico": "image/x-icon", "avif": "image/avif", "heic": "image/heic", "heif": "image/heif",
	"psd": "image/vnd.adobe.photoshop",
	"mp3": "audio/mpeg", "m4a": "audio/mp4", "aac": "audio/aac", "wav": "audio/wav", "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg", "flac": "audio/flac", "weba": "audio/webm",
	"mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "ogv": "video/ogg", "mov": "video/quicktime", "mkv": "video/x-matroska", "avi": "video/x-msvideo",
	"mpg": "video/mpeg", "mpeg": "video/mpeg", "wmv": "video/x-ms-wmv", "3gp": "video/3gpp",
	"pdf": "application/pdf", "zip": "application/zip", "gz": "application/gzip", "tgz": "application/gzip", "tar": "application/x-tar", "bz2": "application/x-bzip2",
	"xz": "application/x-xz", "zst": "application/zstd", "7z": "application/x-7z-compressed", "rar": "application/vnd.rar", "jar": "application/java-archive",
	"doc": "application/msword", "dot": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	"odt":  "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet", "odp": "application/vnd.oasis.opendocument.presentation",
	"epub": "application/epub+zip", "eml": "message/rfc822", "exe": "application/vnd.microsoft.portable-executable", "apk": "application/vnd.android.package-archive",
	"dmg": "application/x-apple-diskimage", "iso": "application/x-iso9660-image", "wasm": "application/wasm", "swf": "application/x-shockwave-flash",
	"ttf": "font/ttf", "otf": "font/otf", "woff": "font/woff", "woff2": "font/woff2",
}

// maxExtension is the length of the column.
const maxExtension = 64

// extensionOf is the end of a file's name, in small letters and without dot.
func extensionOf(name string) string {
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	if utf8.RuneCountInString(ext) > maxExtension {
		return ""
	}
	return ext
}

// cleanName makes a name of what a client calls its file: the last part of a
// path, of characters that can be seen, at most as long as the column, and with
// the ending that it had.
func cleanName(name string) string {
	name = strings.ToValidUTF8(name, "\ufffd")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimSpace(norm.NFC.String(strings.Map(visible, name)))
	if name == "" || name == "." || name == ".." {
		return "file"
	}
	runes := []rune(name)
	if len(runes) <= model.FileNameMaxLength {
		return name
	}
	ext := []rune(path.Ext(name))
	if len(ext) > maxExtension {
		ext = nil
	}
	return string(runes[:model.FileNameMaxLength-len(ext)]) + string(ext)
}

// visible drops control characters and those that turn the direction of what
// follows: they make one name look like another.
func visible(c rune) rune {
	if unicode.IsControl(c) || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0x200e || c == 0x200f {
		return -1
	}
	return c
}

// maxDiskName leaves room for the endings of small pictures: file systems take
// 255 bytes.
const maxDiskName = 200

// diskName is the name under which a file lies, cut short when it is a long one.
func diskName(name string) string {
	if len(name) <= maxDiskName {
		return name
	}
	ext := path.Ext(name)
	if len(ext) > maxDiskName/2 {
		ext = ""
	}
	cut := maxDiskName - len(ext)
	for !utf8.RuneStart(name[cut]) {
		cut--
	}
	return name[:cut] + ext
}

// sniffLength is how much of a file tells what it is.
const sniffLength = 512

// delivery decides the media type that a file is sent with, from its ending and
// from its first bytes, and whether a browser may show it: pictures, sound,
// films, PDF and plain text. Whatever could run a script comes as something to
// save, or as plain text.
func delivery(extension string, head []byte) (mediaType string, inline bool) {
	declared, sniffed := byExtension[extension], http.DetectContentType(head)
	family, _, _ := strings.Cut(declared, "/")
	switch {
	case declared == "image/svg+xml":
		return declared, false
	case scripted(sniffed), scripted(declared):
		return plainText, false
	case strings.HasPrefix(sniffed, "image/"):
		return sniffed, true
	case family == "image":
		if declared == "image/tiff" && (bytes.HasPrefix(head, []byte("II*\x00")) || bytes.HasPrefix(head, []byte("MM\x00*"))) ||
			(declared == "image/avif" || strings.HasPrefix(declared, "image/hei")) && len(head) > 12 && string(head[4:8]) == "ftyp" {
			return declared, true
		}
		return "application/octet-stream", false
	case family == "audio" || family == "video":
		return declared, true
	case declared == "application/pdf":
		if sniffed == declared {
			return declared, true
		}
		return "application/octet-stream", false
	case strings.HasPrefix(sniffed, "text/plain") && (declared == "" || family == "text" || texts[extension]):
		if sniffed == plainText && !utf8.Valid(wholeRunes(head)) {
			return "text/plain", true
		}
		return sniffed, true
	case declared == "" || family == "text":
		return "application/octet-stream", false
	}
	return declared, false
}

// texts are endings of text files whose type is not called text.
var texts = map[string]bool{"json": true, "yaml": true, "yml": true}

// scripted tells whether browsers run what is in a file of a type.
func scripted(mediaType string) bool {
	kind, _, _ := strings.Cut(mediaType, ";")
	switch kind {
	case "text/html", "text/xml", "application/xml", "application/xhtml+xml", "application/x-shockwave-flash":
		return true
	}
	return false
}

// wholeRunes cuts off a character that the end of the head has split.
func wholeRunes(head []byte) []byte {
	for i := 1; i <= min(utf8.UTFMax-1, len(head)); i++ {
		if c := head[len(head)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(head[len(head)-i:]) {
				return head[:len(head)-i]
			}
			break
		}
	}
	return head
}
