// The registry of GeeRPC or MyRPC, and who uses it:
//
//	goregistry DIALECT registry NETWORK ADDRESS [EXPIRE]
//	goregistry DIALECT server REGISTRY [HEARTBEAT]
//	goregistry DIALECT list REGISTRY
//	goregistry DIALECT call REGISTRY
//
// DIALECT is geerpc or myrpc, REGISTRY http://host:port/path. A registry prints its address, and a
// server its own once it is registered; both run until they are killed. list prints the servers with
// commas between them; call lets each of them add two numbers, and prints how many there were.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"interop/geerpc"
	"interop/georegistry"
	"interop/services"
)

func duration(arguments []string) time.Duration {
	if len(arguments) == 0 {
		return 0
	}
	d, err := time.ParseDuration(arguments[0])
	if err != nil {
		log.Fatal(err)
	}
	return d
}

func registry(names georegistry.Names, network, address string, expire time.Duration) {
	if expire == 0 {
		expire = georegistry.DefaultTimeout
	}
	listener, err := net.Listen(network, address)
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(names.Path, georegistry.New(names, expire))
	fmt.Println("http@" + listener.Addr().String() + names.Path)
	log.Fatal(http.Serve(listener, mux))
}

// As GeeRPC's own main: it listens on every address, and registers what the listener says.
func server(names georegistry.Names, registry string, heartbeat time.Duration) {
	listener, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
	serving := geerpc.NewServer()
	if err := serving.Register(new(services.Foo)); err != nil {
		log.Fatal(err)
	}
	where := "tcp@" + listener.Addr().String()
	if err := georegistry.Heartbeat(names, registry, where, heartbeat); err != nil {
		log.Fatal(err)
	}
	fmt.Println(where)
	for {
		conn, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go serving.ServeConn(conn)
	}
}

func call(servers []string) {
	for i, where := range servers {
		network, address, _ := strings.Cut(where, "@")
		opt := geerpc.Option{MagicNumber: geerpc.MagicNumber, CodecType: geerpc.GobType,
			ConnectTimeout: 10 * time.Second}
		client, err := geerpc.Dial(geerpc.NewClient, network, address, &opt)
		if err != nil {
			log.Fatal(where, ": ", err)
		}
		var sum int
		args := services.FooArgs{Num1: i, Num2: i * i}
		if err := client.Call(context.Background(), "Foo.Sum", args, &sum); err != nil {
			log.Fatal(where, ": ", err)
		}
		if sum != i+i*i {
			log.Fatal(where, ": the sum is ", sum)
		}
		_ = client.Close()
	}
	fmt.Println(len(servers))
}

func main() {
	if len(os.Args) < 4 {
		log.Fatal("usage: goregistry DIALECT registry|server|list|call …")
	}
	names := georegistry.GeeRPC
	if os.Args[1] == "myrpc" {
		names = georegistry.MyRPC
	}
	switch what, rest := os.Args[2], os.Args[3:]; what {
	case "registry":
		registry(names, rest[0], rest[1], duration(rest[2:]))
	case "server":
		server(names, rest[0], duration(rest[1:]))
	case "list", "call":
		servers, err := georegistry.NewDiscovery(names, rest[0], 0).GetAll()
		if err != nil {
			log.Fatal(err)
		}
		if what == "list" {
			fmt.Println(strings.Join(servers, ","))
		} else {
			call(servers)
		}
	default:
		log.Fatalf("goregistry: there is no %q", what)
	}
}
