package exchange

import (
	"fmt"
	"net/url"
	"os"
)

// CheckProxies refuses a proxy of the environment that cannot be read: net/http would
// go without it. The value is not shown, since it may hold a password.
func CheckProxies() error {
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"} {
		value := os.Getenv(name)
		if value == "" {
			continue
		}
		if u, err := url.Parse(value); err == nil && u.Scheme != "" && u.Host != "" {
			continue
		}
		if u, err := url.Parse("http://" + value); err != nil || u.Hostname() == "" {
			return fmt.Errorf("the proxy in %s is no URL", name)
		}
	}
	return nil
}
