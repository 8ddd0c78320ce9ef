package traces

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// variables are those of the environment whose names begin with OTEL_
// (OpenTelemetry's "Environment Variable Specification").
type variables map[string]string

// read takes them from lines as os.Environ gives them. An empty one is none.
func read(environ []string) variables {
	v := variables{}
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok && strings.HasPrefix(name, "OTEL_") && strings.TrimSpace(value) != "" {
			v[name] = strings.TrimSpace(value)
		}
	}
	return v
}

// exporter is the value of a variable of the exporter: the one for traces alone
// comes before the one for everything.
func (v variables) exporter(name string) string {
	return cmp.Or(v["OTEL_EXPORTER_OTLP_TRACES_"+name], v["OTEL_EXPORTER_OTLP_"+name])
}

// endpoint is where traces go; nil when nobody asks for them.
func (v variables) endpoint() (*url.URL, error) {
	if strings.EqualFold(v["OTEL_SDK_DISABLED"], "true") || strings.EqualFold(v["OTEL_TRACES_EXPORTER"], "none") {
		return nil, nil
	}
	name, suffix := "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", ""
	if v[name] == "" {
		name, suffix = "OTEL_EXPORTER_OTLP_ENDPOINT", "/v1/traces"
	}
	if v[name] == "" {
		return nil, nil
	}
	if p := v.exporter("PROTOCOL"); p != "" && p != "http/protobuf" {
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL asks for %q, and only http/protobuf is spoken, on a collector's port 4318", p)
	}
	u, err := url.Parse(v[name])
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("%s is no web address such as http://collector:4318", name) // its text may hold a password
	}
	if suffix != "" {
		u = u.JoinPath(suffix)
	} else if u.Path == "" {
		u.Path = "/"
	}
	return u, nil
}

// list reads "key=value,key=value", with %41 for what can't stand in it.
func list(name, text string) (map[string]string, error) {
	out := map[string]string{}
	for _, pair := range strings.Split(text, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		k, value, ok := strings.Cut(pair, "=")
		k = strings.TrimSpace(k)
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if !ok || k == "" || err != nil {
			return nil, fmt.Errorf("%s is no list of key=value, apart by commas", name)
		}
		out[k] = value
	}
	return out, nil
}

// sampler says which traces are kept; without a word all, or as the caller has decided.
func (v variables) sampler() (sdk.Sampler, error) {
	ratio, err := 1.0, error(nil)
	name, arg := strings.ToLower(v["OTEL_TRACES_SAMPLER"]), v["OTEL_TRACES_SAMPLER_ARG"]
	if strings.HasSuffix(name, "traceidratio") && arg != "" {
		if ratio, err = strconv.ParseFloat(arg, 64); err != nil || !(ratio >= 0 && ratio <= 1) {
			return nil, errors.New("OTEL_TRACES_SAMPLER_ARG is no number from 0 to 1")
		}
	}
	switch name {
	case "", "parentbased_always_on":
		return sdk.ParentBased(sdk.AlwaysSample()), nil
	case "always_on":
		return sdk.AlwaysSample(), nil
	case "always_off":
		return sdk.NeverSample(), nil
	case "parentbased_always_off":
		return sdk.ParentBased(sdk.NeverSample()), nil
	case "traceidratio":
		return sdk.TraceIDRatioBased(ratio), nil
	case "parentbased_traceidratio":
		return sdk.ParentBased(sdk.TraceIDRatioBased(ratio)), nil
	}
	return nil, errors.New("OTEL_TRACES_SAMPLER is none of always_on, always_off, traceidratio and these with parentbased_ before")
}

// resource is who tells: OTEL_SERVICE_NAME, or parley, its version, and what OTEL_RESOURCE_ATTRIBUTES adds.
func (v variables) resource(version string) (*resource.Resource, error) {
	more, err := list("OTEL_RESOURCE_ATTRIBUTES", v["OTEL_RESOURCE_ATTRIBUTES"])
	if err != nil {
		return nil, err
	}
	attrs := []attribute.KeyValue{attribute.String("service.name", "parley"), attribute.String("service.version", version)}
	for k, value := range more {
		attrs = append(attrs, attribute.String(k, value))
	}
	if name := v["OTEL_SERVICE_NAME"]; name != "" {
		attrs = append(attrs, attribute.String("service.name", name))
	}
	return resource.New(context.Background(), resource.WithTelemetrySDK(), resource.WithAttributes(attrs...))
}

// Open returns the tracer that the variables of environ ask for, nil when they
// ask for none. It fails on variables that can't be followed; the collector is
// not spoken to. version is the program's. Close it.
func Open(environ []string, version string, log *slog.Logger) (*Tracer, error) {
	v := read(environ)
	to, err := v.endpoint()
	if to == nil || err != nil {
		return nil, err
	}
	c, err := v.client(to, log)
	if err != nil {
		return nil, err
	}
	keep, err := v.sampler()
	if err != nil {
		return nil, err
	}
	who, err := v.resource(version)
	if err != nil {
		return nil, err
	}
	provider := sdk.NewTracerProvider(sdk.WithSampler(keep), sdk.WithResource(who),
		sdk.WithBatcher(otlptrace.NewUnstarted(c), sdk.WithExportTimeout(c.http.Timeout)))
	on.Store(true)
	return &Tracer{tracer: provider.Tracer("github.com/parley-chat/parley"), provider: provider, client: c}, nil
}

// closeTime is how long a stopping server waits for a collector at most.
const closeTime = 2 * time.Second

// Close sends what has ended. It waits two seconds at most.
func (t *Tracer) Close() {
	if t == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	_ = t.provider.Shutdown(ctx) // the client has said what went wrong
	t.client.stop()
}

// Check asks the collector that environ names to take nothing; "" when it names
// none. It returns the endpoint's host.
func Check(ctx context.Context, environ []string) (host string, err error) {
	v := read(environ)
	to, err := v.endpoint()
	if to == nil || err != nil {
		return "", err
	}
	c, err := v.client(to, slog.New(slog.DiscardHandler))
	if err != nil {
		return to.Host, err
	}
	defer c.stop()
	if _, err := v.sampler(); err != nil {
		return to.Host, err
	}
	if _, err := v.resource(""); err != nil {
		return to.Host, err
	}
	return to.Host, c.send(ctx, nil)
}
