// Serves the services as Go programs do:
//
//	goserver KIND NETWORK ADDRESS
//
// KIND is netrpc, netrpc+http, jsonrpc, geerpc or geerpc+http. Prints the address that it listens
// on, as a client of Tern's takes it, and serves until it is killed.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"

	"interop/geerpc"
	"interop/services"
)

type registrar interface{ Register(rcvr interface{}) error }

var store = services.NewKVStoreService()

// register gives one connection its services; what HelloService knows belongs to it.
func register(server registrar, peer string) {
	for _, service := range []interface{}{
		new(services.Arith), store, &services.HelloService{RemoteAddr: peer}, new(services.Foo),
	} {
		if err := server.Register(service); err != nil {
			log.Fatal(err)
		}
	}
}

func netRPC(peer string) *rpc.Server {
	server := rpc.NewServer()
	register(server, peer)
	return server
}

func geeRPC(peer string) *geerpc.Server {
	server := geerpc.NewServer()
	register(server, peer)
	return server
}

func accept(listener net.Listener, serve func(conn net.Conn, peer string)) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			log.Fatal("accept: ", err)
		}
		go serve(conn, conn.RemoteAddr().String())
	}
}

func serveHTTP(listener net.Listener, path string, server func(peer string) http.Handler) {
	mux := http.NewServeMux()
	mux.HandleFunc(path, func(w http.ResponseWriter, req *http.Request) {
		server(req.RemoteAddr).ServeHTTP(w, req)
	})
	log.Fatal(http.Serve(listener, mux))
}

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: goserver KIND NETWORK ADDRESS")
	}
	kind, network := os.Args[1], os.Args[2]
	listener, err := net.Listen(network, os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	where := network + "@" + listener.Addr().String()
	overHTTP := "http@" + listener.Addr().String()
	switch kind {
	case "netrpc":
		fmt.Println("netrpc+" + where)
		accept(listener, func(conn net.Conn, peer string) { netRPC(peer).ServeConn(conn) })
	case "netrpc+http":
		fmt.Println("netrpc+" + overHTTP)
		serveHTTP(listener, rpc.DefaultRPCPath,
			func(peer string) http.Handler { return netRPC(peer) })
	case "jsonrpc":
		fmt.Println("jsonrpc+" + where)
		accept(listener, func(conn net.Conn, peer string) {
			netRPC(peer).ServeCodec(jsonrpc.NewServerCodec(conn))
		})
	case "geerpc":
		fmt.Println(where)
		accept(listener, func(conn net.Conn, peer string) { geeRPC(peer).ServeConn(conn) })
	case "geerpc+http":
		fmt.Println(overHTTP)
		serveHTTP(listener, geerpc.GeeRPCPath,
			func(peer string) http.Handler { return geeRPC(peer) })
	default:
		log.Fatalf("goserver: there is no %q", kind)
	}
}
