package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/arazzo-conformance/arazzo/runner/exchange"
)

// connectingFlags say how servers are met: whom to trust, with which certificate
// to answer, and how much to take.
type connectingFlags struct {
	caCerts, clientCerts, clientKeys, insecure []string
	maxResponseBytes                           int64
}

func (f *connectingFlags) add(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.caCerts, "ca-cert", nil, "trust the certificates in the PEM `FILE` too; repeatable")
	flags.StringArrayVar(&f.clientCerts, "client-cert", nil, "the certificate to answer servers with, a PEM `[HOST=]FILE`; repeatable, one for each host")
	flags.StringArrayVar(&f.clientKeys, "client-key", nil, "its private key, a PEM `[HOST=]FILE`; not needed where the certificate's file has it")
	flags.StringArrayVar(&f.insecure, "insecure", nil, "do not verify the certificate of `HOST[:PORT]`, for tests; repeatable")
	flags.Int64Var(&f.maxResponseBytes, "max-response-bytes", exchange.DefaultMaxResponseBytes, "the largest response, after decompression")
}

// files are the paths of the files, as far as they can be one.
func (f *connectingFlags) files() []string {
	list := slices.Clone(f.caCerts)
	for _, arg := range slices.Concat(f.clientCerts, f.clientKeys) {
		_, file, _ := strings.Cut(arg, "=")
		list = append(list, arg, file)
	}
	return list
}

// tls reads the files. What is wrong with them is told before anything is sent.
func (f *connectingFlags) tls() (exchange.TLS, error) {
	var t exchange.TLS
	if f.maxResponseBytes < 1 {
		return t, fmt.Errorf("--max-response-bytes is %d: at least 1 byte has to be allowed", f.maxResponseBytes)
	}
	if len(f.caCerts) > 0 {
		roots, err := exchange.ReadRoots(f.caCerts...)
		if err != nil {
			return t, fmt.Errorf("--ca-cert: %w", err)
		}
		t.Roots = roots
	}
	for _, text := range f.insecure {
		host, err := exchange.ParseHost(text)
		if err != nil {
			return t, fmt.Errorf("--insecure: %w", err)
		}
		t.Insecure = append(t.Insecure, host)
	}
	var err error
	t.Certificates, err = f.certificates()
	return t, err
}

// certificates pairs each certificate with the key for the same host.
func (f *connectingFlags) certificates() ([]exchange.ClientCertificate, error) {
	certificates, err := filesByHost("--client-cert", f.clientCerts)
	if err != nil {
		return nil, err
	}
	keys, err := filesByHost("--client-key", f.clientKeys)
	if err != nil {
		return nil, err
	}
	var list []exchange.ClientCertificate
	for _, c := range certificates {
		key := c.file
		for _, k := range keys {
			if k.host == c.host {
				key = k.file
			}
		}
		pair, err := exchange.ReadCertificate(c.file, key)
		if err != nil {
			return nil, fmt.Errorf("--client-cert: %w", err)
		}
		list = append(list, exchange.ClientCertificate{Host: c.host, Certificate: pair})
	}
	for _, k := range keys {
		if !has(certificates, k.host) {
			return nil, fmt.Errorf("--client-key %s has no --client-cert for the same host", k.file)
		}
	}
	return list, nil
}

// hostFile is a file that is for one host, or with the zero Host for all.
type hostFile struct {
	host exchange.Host
	file string
}

func has(files []hostFile, host exchange.Host) bool {
	for _, f := range files {
		if f.host == host {
			return true
		}
	}
	return false
}

// filesByHost reads [HOST=]FILE arguments, one for each host. What exists by the
// whole name, or has a folder before the equals sign, is a file.
func filesByHost(flag string, args []string) ([]hostFile, error) {
	var list []hostFile
	for _, arg := range args {
		f := hostFile{file: arg}
		name, file, found := strings.Cut(arg, "=")
		if _, err := os.Stat(arg); err != nil && found && !strings.ContainsAny(name, "/"+string(filepath.Separator)) {
			host, err := exchange.ParseHost(name)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", flag, err)
			}
			f = hostFile{host, file}
		}
		if has(list, f.host) {
			return nil, fmt.Errorf("%s is given twice for %s", flag, hostOrAll(f.host))
		}
		list = append(list, f)
	}
	return list, nil
}

func hostOrAll(h exchange.Host) string {
	if h == (exchange.Host{}) {
		return "all hosts"
	}
	return h.String()
}
