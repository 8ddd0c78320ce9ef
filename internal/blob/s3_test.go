package blob_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/testkit/s3"
)

func bucket(t *testing.T, server *s3.Server) *config.FileSettings {
	t.Helper()
	return &config.FileSettings{DriverName: "amazons3", AmazonS3Bucket: s3.Bucket, AmazonS3Endpoint: server.Endpoint, AmazonS3Region: "us-east-1",
		AmazonS3AccessKeyId: s3.Key, AmazonS3SecretAccessKey: s3.Secret, AmazonS3PathPrefix: "/chat/", AmazonS3RequestTimeoutMilliseconds: 5000}
}

func openBucket(t *testing.T, set *config.FileSettings) *blob.S3 {
	t.Helper()
	s, err := blob.OpenS3(set, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestABucketIsAStore(t *testing.T) {
	server := s3.Start(t)
	set := bucket(t, server)
	store := openBucket(t, set)
	if err := store.Check(ctx); err != nil {
		t.Fatal(err)
	}
	const name = "teams/abc/teamIcon.png"
	if _, err := store.Read(ctx, name); !errors.Is(err, blob.ErrNotFound) {
		t.Fatalf("read before write: %v", err)
	}
	if ok, err := store.Exists(ctx, name); ok || err != nil {
		t.Fatalf("exists before write: %v %v", ok, err)
	}
	large := make([]byte, 13<<20) // of three parts
	_, _ = rand.Read(large)
	for _, content := range [][]byte{[]byte("one"), {}, large, large[:5<<20], []byte("five")} {
		if n, err := store.Write(ctx, name, bytes.NewReader(content)); err != nil || n != int64(len(content)) {
			t.Fatalf("write of %d: %d, %v", len(content), n, err)
		}
		if got, err := store.Read(ctx, name); err != nil || !bytes.Equal(got, content) {
			t.Fatalf("read: %d bytes of %d, %v", len(got), len(content), err)
		}
	}
	if _, err := store.Write(ctx, "x/y", bytes.NewReader(large)); err != nil {
		t.Fatal(err)
	}
	readFromTheMiddle(t, store, large)
	refusedBuckets(t, set)
	for _, broken := range []io.Reader{failing{}, io.MultiReader(strings.NewReader("new"), failing{}), io.MultiReader(bytes.NewReader(large), failing{})} {
		if _, err := store.Write(ctx, name, broken); err == nil || !strings.Contains(err.Error(), "cut off") {
			t.Fatalf("a write that failed: %v", err)
		}
	}
	if got, err := store.Read(ctx, name); err != nil || string(got) != "five" {
		t.Fatalf("after writes that failed: %d bytes, %v", len(got), err)
	}
	if err := store.Sweep(ctx, time.Hour); err != nil {
		t.Errorf("sweep: %v", err)
	}
	for range 2 {
		if err := store.Delete(ctx, name); err != nil {
			t.Fatal(err)
		}
	}
	if ok, err := store.Exists(ctx, name); ok || err != nil {
		t.Fatalf("exists after delete: %v %v", ok, err)
	}
	for _, name := range []string{"", "../x", "/x", "a/../b", ".tmp/x"} {
		if _, err := store.Write(ctx, name, strings.NewReader("x")); err == nil {
			t.Errorf("write %q went through", name)
		}
	}
}

func readFromTheMiddle(t *testing.T, store blob.Store, large []byte) {
	t.Helper()
	f, err := store.Open(ctx, "x/y")
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 1000)
	if _, err := f.Seek(7_000_000, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(f, got); err != nil || !bytes.Equal(got, large[7_000_000:7_001_000]) {
		t.Errorf("read from the middle: %v", err)
	}
	if end, err := f.Seek(0, io.SeekEnd); err != nil || end != int64(len(large)) {
		t.Errorf("the end is at %d, %v", end, err)
	}
	_ = f.Close()
}

func refusedBuckets(t *testing.T, set *config.FileSettings) {
	t.Helper()
	for what, change := range map[error]func(*config.FileSettings){
		blob.ErrDenied:   func(c *config.FileSettings) { c.AmazonS3SecretAccessKey = "another" },
		blob.ErrNoBucket: func(c *config.FileSettings) { c.AmazonS3Bucket = "nowhere" },
	} {
		other := *set
		change(&other)
		if err := openBucket(t, &other).Check(ctx); !errors.Is(err, what) {
			t.Errorf("%v, want %v", err, what)
		}
	}
}

func TestABucketThatIsGoneComesBack(t *testing.T) {
	server := s3.Start(t)
	store := openBucket(t, bucket(t, server))
	if _, err := store.Write(ctx, "a", strings.NewReader("kept")); err != nil {
		t.Fatal(err)
	}
	server.Stop()
	started := time.Now()
	if _, err := store.Read(ctx, "a"); err == nil || errors.Is(err, blob.ErrNotFound) {
		t.Errorf("reading from nobody: %v", err)
	}
	if _, err := store.Write(ctx, "b", strings.NewReader("lost")); err == nil {
		t.Error("a write that nobody took was acknowledged")
	}
	if err := store.Check(ctx); err == nil {
		t.Error("a server that is gone was found")
	}
	if took := time.Since(started); took > 30*time.Second {
		t.Errorf("it took %v to find that nobody is there", took)
	}
	server.Run()
	if got, err := store.Read(ctx, "a"); err != nil || string(got) != "kept" {
		t.Errorf("after it came back: %q %v", got, err)
	}
	if _, err := store.Write(ctx, "b", strings.NewReader("new")); err != nil {
		t.Error(err)
	}
}
