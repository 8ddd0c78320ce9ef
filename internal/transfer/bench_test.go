package transfer_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/testkit"
	"github.com/parley-chat/parley/internal/transfer"
)

// wanted is how many messages the benchmark moves.
const wanted = 20_000

// filled writes a file of a hundred people, ten channels and wanted messages: a
// quarter of them replies, with a reaction to one in five.
func filled(b *testing.B) string {
	b.Helper()
	name := filepath.Join(b.TempDir(), "lines.jsonl")
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	put(`{"type":"version","version":1}`)
	put(`{"type":"team","team":{"name":"acme","display_name":"Acme","type":"O"}}`)
	var in []string
	for c := range 10 {
		put(`{"type":"channel","channel":{"team":"acme","name":"c%d","display_name":"C %d","type":"O"}}`, c, c)
		in = append(in, fmt.Sprintf(`{"name":"c%d"}`, c))
	}
	for u := range 100 {
		put(`{"type":"user","user":{"username":"u%d","email":"u%d@example.com","teams":[{"name":"acme","channels":[%s]}]}}`, u, u, strings.Join(in, ","))
	}
	words := strings.Repeat("some words of a message that is about as long as they are ", 3)
	for n, at := 0, 1_600_000_000_000; n < wanted; at += 1000 {
		more := ""
		if n%5 == 0 {
			more = fmt.Sprintf(`,"reactions":[{"user":"u%d","emoji_name":"tada","create_at":%d}]`, n%97, at+500)
		}
		if n%3 == 0 && n+1 < wanted {
			n++
			more += fmt.Sprintf(`,"replies":[{"user":"u%d","message":"reply %d %s","create_at":%d}]`, n%89, n, words, at+700)
		}
		put(`{"type":"post","post":{"team":"acme","channel":"c%d","user":"u%d","message":"message %d %s","create_at":%d%s}}`, n%10, n%100, n, words, at, more)
		n++
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return name
}

// peak is the most memory that this process has had, MiB.
func peak(b *testing.B) float64 {
	b.Helper()
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := bytes.Cut(raw, []byte("VmHWM:"))
	var kib float64
	_, _ = fmt.Sscan(string(rest), &kib)
	return kib / 1024
}

// BenchmarkImport imports wanted messages into an empty, durable database, gives
// them again, and exports them. Memory is the whole server's.
func BenchmarkImport(b *testing.B) {
	for _, engine := range dbtest.Engines {
		b.Run(string(engine), func(b *testing.B) {
			name := filled(b)
			for range b.N {
				s := testkit.Bare(b, dbtest.Options(b, engine, dbtest.Durable))
				rate := func(what string) {
					from, err := transfer.OpenFile(name)
					if err != nil {
						b.Fatal(err)
					}
					began := time.Now()
					report, err := s.Transfer().ImportBulk(b.Context(), from, transfer.Options{Strict: true})
					if err != nil || report.Made["post"]+report.Known["post"] != wanted {
						b.Fatal(report, err)
					}
					b.ReportMetric(wanted/time.Since(began).Seconds(), what)
					_ = from.Close()
				}
				rate("new/s")
				rate("known/s")
				began := time.Now()
				if _, err := s.Transfer().Export(b.Context(), io.Discard, transfer.ExportOptions{Files: true}); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(wanted/time.Since(began).Seconds(), "exported/s")
				b.ReportMetric(peak(b), "MiB-peak")
				s.Stop()
			}
		})
	}
}
