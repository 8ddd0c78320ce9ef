package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/encrypt"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/traces"
)

// Errors of S3.Check, for errors.Is.
var (
	// ErrDenied is a store that doesn't know the key, or allows it nothing.
	ErrDenied = errors.New("blob: the store refuses the access key")
	// ErrNoBucket is a bucket that isn't there.
	ErrNoBucket = errors.New("blob: there is no such bucket")
)

// FromSettings opens the store that the settings name: a bucket, or the folder.
// A bucket is first spoken to when it is used.
func FromSettings(set *config.FileSettings, folder string, log *slog.Logger) (Store, error) {
	if set.DriverName == "amazons3" {
		return OpenS3(set, log)
	}
	return OpenDisk(folder)
}

// S3 keeps blobs in a bucket of a server that speaks Amazon's S3.
type S3 struct {
	client   *minio.Client
	bucket   string
	prefix   string
	partSize int64
	put      minio.PutObjectOptions
}

const (
	// leastPart and mostPart bound the parts that large objects are sent in, bytes.
	leastPart = 5 << 20
	mostPart  = 1 << 30
	// attempts are how often a request is tried that found nobody, or a server
	// that said that it was busy.
	attempts = 3
)

// OpenS3 returns the store that the Amazon… settings name. Without an access key
// the host's own role counts, or what its environment says.
func OpenS3(set *config.FileSettings, log *slog.Logger) (*S3, error) {
	if set.AmazonS3Bucket == "" {
		return nil, errors.New("blob: FileSettings.AmazonS3Bucket names no bucket")
	}
	transport, err := minio.DefaultTransport(set.AmazonS3SSL)
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	timeout := time.Duration(set.AmazonS3RequestTimeoutMilliseconds) * time.Millisecond
	transport.ResponseHeaderTimeout = timeout
	transport.MaxIdleConnsPerHost = 32
	told := traces.Transport(transport)
	client, err := minio.New(set.AmazonS3Endpoint, &minio.Options{Creds: keys(set, &http.Client{Transport: told}), Secure: set.AmazonS3SSL,
		Region: set.AmazonS3Region, Transport: told, MaxRetries: attempts})
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	if set.AmazonS3Trace {
		client.TraceOn(tracer{log})
	}
	s := &S3{client: client, bucket: set.AmazonS3Bucket, prefix: strings.Trim(set.AmazonS3PathPrefix, "/"),
		partSize: min(max(int64(set.AmazonS3UploadPartSizeBytes), leastPart), mostPart)}
	s.put = minio.PutObjectOptions{ContentType: "application/octet-stream", StorageClass: set.AmazonS3StorageClass, PartSize: uint64(s.partSize)}
	if set.AmazonS3SSE {
		s.put.ServerSideEncryption = encrypt.NewSSE()
	}
	return s, nil
}

func keys(set *config.FileSettings, client *http.Client) *credentials.Credentials {
	switch {
	case set.AmazonS3AccessKeyId == "":
		return credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.IAM{Client: client}})
	case set.AmazonS3SignV2:
		return credentials.NewStaticV2(set.AmazonS3AccessKeyId, set.AmazonS3SecretAccessKey, "")
	}
	return credentials.NewStaticV4(set.AmazonS3AccessKeyId, set.AmazonS3SecretAccessKey, "")
}

// tracer writes what is said to the store, without signatures, into the log.
type tracer struct{ log *slog.Logger }

func (t tracer) Write(p []byte) (int, error) {
	t.log.Debug("s3", "trace", string(p))
	return len(p), nil
}

// Check finds out whether the bucket can be used. Fails with ErrDenied,
// ErrNoBucket, or why nobody answers.
func (s *S3) Check(ctx context.Context) error {
	ok, err := s.client.BucketExists(ctx, s.bucket)
	if err != nil {
		return s.named(err)
	}
	if !ok {
		return ErrNoBucket
	}
	return nil
}

func (s *S3) key(name string) (string, error) {
	if err := check(name); err != nil {
		return "", err
	}
	return path.Join(s.prefix, name), nil
}

// Open is Store's.
func (s *S3) Open(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	key, err := s.key(name)
	if err != nil {
		return nil, err
	}
	object, err := s.client.GetObject(ctx, s.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, s.named(err)
	}
	if _, err := object.Stat(); err != nil {
		return nil, errors.Join(s.named(err), object.Close())
	}
	return object, nil
}

// Read is Store's.
func (s *S3) Read(ctx context.Context, name string) ([]byte, error) { return readAll(ctx, s, name) }

// Exists is Store's.
func (s *S3) Exists(ctx context.Context, name string) (bool, error) {
	key, err := s.key(name)
	if err != nil {
		return false, err
	}
	_, err = s.client.StatObject(ctx, s.bucket, key, minio.StatObjectOptions{})
	if err = s.named(err); errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Write is Store's. What fits into a part is one request; a larger object comes
// to be when its last part has arrived.
func (s *S3) Write(ctx context.Context, name string, from io.Reader) (int64, error) {
	key, err := s.key(name)
	if err != nil {
		return 0, err
	}
	var first bytes.Buffer
	n, err := io.Copy(&first, io.LimitReader(from, s.partSize))
	if err != nil {
		return n, fmt.Errorf("blob: %w", err)
	}
	if n < s.partSize {
		_, err = s.client.PutObject(ctx, s.bucket, key, bytes.NewReader(first.Bytes()), n, s.put)
		return n, s.named(err)
	}
	counted := &failure{r: io.MultiReader(&first, from)}
	info, err := s.client.PutObject(ctx, s.bucket, key, counted, -1, s.put)
	if counted.err != nil { // the client wraps it in words of its own
		err = counted.err
	}
	return info.Size, s.named(err)
}

// failure remembers what reading failed with.
type failure struct {
	r   io.Reader
	err error
}

func (f *failure) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}

// Delete is Store's.
func (s *S3) Delete(ctx context.Context, name string) error {
	key, err := s.key(name)
	if err != nil {
		return err
	}
	if err = s.named(s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})); errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// Sweep is Store's: it ends the uploads of objects that never became whole.
func (s *S3) Sweep(ctx context.Context, older time.Duration) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for u := range s.client.ListIncompleteUploads(ctx, s.bucket, s.prefix, true) {
		if u.Err != nil {
			return s.named(u.Err)
		}
		if time.Since(u.Initiated) > older {
			if err := s.client.RemoveIncompleteUpload(ctx, s.bucket, u.Key); err != nil {
				return s.named(err)
			}
		}
	}
	return nil
}

// Close is Store's.
func (s *S3) Close() error { return nil }

func (s *S3) named(err error) error {
	if err == nil {
		return nil
	}
	switch minio.ToErrorResponse(err).Code {
	case minio.NoSuchKey, "NotFound":
		return ErrNotFound
	case minio.NoSuchBucket:
		return fmt.Errorf("%w: %w", ErrNoBucket, err)
	case minio.AccessDenied, "InvalidAccessKeyId", "SignatureDoesNotMatch", "Forbidden":
		return fmt.Errorf("%w: %w", ErrDenied, err)
	}
	return fmt.Errorf("blob: %w", err)
}

// List is Store's.
func (s *S3) List(ctx context.Context, each func(name string, size int64) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	prefix := ""
	if s.prefix != "" {
		prefix = s.prefix + "/"
	}
	for object := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if object.Err != nil {
			return s.named(object.Err)
		}
		name := strings.TrimPrefix(object.Key, prefix)
		if check(name) != nil {
			continue
		}
		if err := each(name, object.Size); err != nil {
			return err
		}
	}
	return nil
}
