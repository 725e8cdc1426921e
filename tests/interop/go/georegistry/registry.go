// Package georegistry has the registry of GeeRPC and MyRPC as Go programs write it: the registry
// itself, the heartbeat of a server, the discovery of a client.
package georegistry

import (
	"log"
	"net/http"
	"sort"
	"strings"
	"sync"
	"time"
)

// Names are what GeeRPC and MyRPC call things differently.
type Names struct{ Path, Server, Servers string }

var (
	GeeRPC = Names{"/_geerpc_/registry", "X-Geerpc-Server", "X-Geerpc-Servers"}
	MyRPC  = Names{"/_myrpc_/registry", "X-Myrpc-Server", "X-Myrpc-Servers"}
)

const (
	DefaultTimeout       = 5 * time.Minute
	DefaultUpdateTimeout = 10 * time.Second
)

type serverItem struct {
	addr  string
	start time.Time
}

// Registry is the table and its answers.
type Registry struct {
	names   Names
	timeout time.Duration
	mu      sync.Mutex // guards the following
	servers map[string]*serverItem
}

func New(names Names, timeout time.Duration) *Registry {
	return &Registry{names: names, timeout: timeout, servers: make(map[string]*serverItem)}
}

func (r *Registry) putServer(addr string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.servers[addr]
	if s == nil {
		r.servers[addr] = &serverItem{addr: addr, start: time.Now()}
	} else {
		s.start = time.Now()
	}
}

func (r *Registry) aliveServers() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var alive []string
	for addr, s := range r.servers {
		if r.timeout == 0 || s.start.Add(r.timeout).After(time.Now()) {
			alive = append(alive, addr)
		} else {
			delete(r.servers, addr)
		}
	}
	sort.Strings(alive)
	return alive
}

func (r *Registry) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	switch req.Method {
	case "GET":
		w.Header().Set(r.names.Servers, strings.Join(r.aliveServers(), ","))
	case "POST":
		addr := req.Header.Get(r.names.Server)
		if addr == "" {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		r.putServer(addr)
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// Heartbeat registers addr and goes on doing so, until it fails once.
func Heartbeat(names Names, registry, addr string, duration time.Duration) error {
	if duration == 0 {
		duration = DefaultTimeout - time.Duration(1)*time.Minute
	}
	err := sendHeartbeat(names, registry, addr)
	go func(err error) {
		t := time.NewTicker(duration)
		for err == nil {
			<-t.C
			err = sendHeartbeat(names, registry, addr)
		}
	}(err)
	return err
}

func sendHeartbeat(names Names, registry, addr string) error {
	httpClient := &http.Client{}
	req, _ := http.NewRequest("POST", registry, nil)
	req.Header.Set(names.Server, addr)
	resp, err := httpClient.Do(req)
	if err != nil {
		log.Println("rpc server: heart beat err:", err)
		return err
	}
	return resp.Body.Close()
}

// Discovery is a client's list.
type Discovery struct {
	names      Names
	registry   string
	timeout    time.Duration
	mu         sync.Mutex // guards the following
	lastUpdate time.Time
	servers    []string
}

func NewDiscovery(names Names, registry string, timeout time.Duration) *Discovery {
	if timeout == 0 {
		timeout = DefaultUpdateTimeout
	}
	return &Discovery{names: names, registry: registry, timeout: timeout}
}

func (d *Discovery) Refresh() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.lastUpdate.Add(d.timeout).After(time.Now()) {
		return nil
	}
	resp, err := http.Get(d.registry)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	servers := strings.Split(resp.Header.Get(d.names.Servers), ",")
	d.servers = make([]string, 0, len(servers))
	for _, server := range servers {
		if strings.TrimSpace(server) != "" {
			d.servers = append(d.servers, strings.TrimSpace(server))
		}
	}
	d.lastUpdate = time.Now()
	return nil
}

func (d *Discovery) GetAll() ([]string, error) {
	if err := d.Refresh(); err != nil {
		return nil, err
	}
	return append([]string(nil), d.servers...), nil
}
