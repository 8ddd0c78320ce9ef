package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
)

// largeFile is how many bytes BenchmarkFiles sends and fetches: PARLEY_FILE_BYTES,
// or few enough for a test.
func largeFile() int64 {
	if n, err := strconv.ParseInt(os.Getenv("PARLEY_FILE_BYTES"), 10, 64); err == nil {
		return n
	}
	return 16 << 20
}

// BenchmarkFiles measures, on a server of its own (scripts/bench-files.sh): a
// large file sent whole, fetched, and sent in parts, with what the server's
// memory grows by; and pictures of a telephone's camera until their small ones
// are drawn.
func BenchmarkFiles(b *testing.B) {
	p := newVictim(b, built(b), dbtest.SQLite)
	p.client = &http.Client{}
	p.env = []string{"MM_FILESETTINGS_MAXFILESIZE=8589934592"}
	token, room := p.scene()
	defer p.kill(syscall.SIGTERM)
	size := largeFile()
	var sent model.FileUploadResponse
	p.measured("sent whole", size, func() {
		p.stream(token, "POST", "/files?filename=large.bin&channel_id="+room, io.LimitReader(endless{}, size), size, &sent)
	})
	p.measured("fetched", size, func() {
		if n := p.fetch(token, sent.FileInfos[0].ID); n != size {
			b.Errorf("%d bytes came of %d", n, size)
		}
	})
	var us model.UploadSession
	p.must(token, "POST", "/uploads", map[string]any{"channel_id": room, "filename": "parts.bin", "file_size": size}, &us)
	p.measured("sent in parts of 8 MiB", size, func() {
		for at := int64(0); at < size; at += 8 << 20 {
			part := min(8<<20, size-at)
			p.stream(token, "POST", "/uploads/"+us.ID, io.LimitReader(endless{}, part), part, nil)
		}
	})
	photo := camera(4000, 3000)
	took := make([]time.Duration, 0, 12)
	p.measured("12 photos of 12 megapixels", int64(len(photo)*cap(took)), func() {
		for range cap(took) {
			started := time.Now()
			p.stream(token, "POST", "/files?filename=photo.jpg&channel_id="+room, bytes.NewReader(photo), int64(len(photo)), nil)
			took = append(took, time.Since(started))
		}
	})
	slices.Sort(took)
	fmt.Printf("a photo of %.1f MB with its small pictures: p50 %d ms, slowest %d ms\n", float64(len(photo))/1e6,
		took[len(took)/2].Milliseconds(), took[len(took)-1].Milliseconds())
}

// measured prints how fast something went and what the server's memory grew by.
func (p *victim) measured(what string, size int64, act func()) {
	before := p.memory()
	var most atomic.Int64
	done := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for tick := time.NewTicker(20 * time.Millisecond); ; {
			select {
			case <-done:
				tick.Stop()
				return
			case <-tick.C:
				most.Store(max(most.Load(), p.memory()))
			}
		}
	}()
	started := time.Now()
	act()
	took := time.Since(started)
	close(done)
	<-ended
	fmt.Printf("%-28s %7.0f MB/s   %6.1f s   memory %5.1f MB, at most %5.1f MB\n", what, float64(size)/1e6/took.Seconds(), took.Seconds(),
		float64(before)/1e6, float64(max(most.Load(), before))/1e6)
}

// memory is the resident memory of the server, in bytes.
func (p *victim) memory() int64 {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.process.Process.Pid))
	_, rest, _ := strings.Cut(string(raw), "VmRSS:")
	kb, _ := strconv.ParseInt(strings.Fields(rest + " 0")[0], 10, 64)
	return kb << 10
}

// stream sends a body of that length.
func (p *victim) stream(token, method, path string, body io.Reader, size int64, out any) {
	req, err := http.NewRequest(method, "http://"+p.addr+"/api/v4"+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	req.ContentLength = size
	req.Header.Set("Authorization", "Bearer "+token)
	p.finish(req, out)
}

func (p *victim) finish(req *http.Request, out any) {
	resp, err := p.client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode > 299 {
		p.t.Fatal(resp.Status, string(raw), err)
	}
	if out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			p.t.Fatal(err)
		}
	}
}

func (p *victim) fetch(token, fileID string) int64 {
	req, err := http.NewRequest("GET", "http://"+p.addr+"/api/v4/files/"+fileID, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := p.client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	n, err := io.Copy(io.Discard, resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

// endless yields bytes that no compression makes small.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i*i>>3 ^ i)
	}
	return len(p), nil
}

// camera is a photo as a telephone takes them: soft colours with some noise.
func camera(w, h int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			soft := 110 + 90*math.Sin(float64(x)/400)*math.Cos(float64(y)/300)
			noise := float64((x*7919 ^ y*104729) & 15)
			m.SetRGBA(x, y, color.RGBA{uint8(soft + noise), uint8(soft/2 + 60 + noise), uint8(200 - soft/2), 255})
		}
	}
	var out bytes.Buffer
	_ = jpeg.Encode(&out, m, &jpeg.Options{Quality: 90})
	return out.Bytes()
}
