// Reverse RPC as Go programs do it:
//
//	goreverse client            listens, and calls the server that dials in
//	goreverse server ADDRESS    dials tcp@host:port, serves, and dials again
package main

import (
	"fmt"
	"log"
	"net"
	"net/rpc"
	"os"
	"strings"
	"time"
)

type Operands struct{ X, Y int }

type ArithmeticService struct{}

func (ArithmeticService) Multiply(args Operands, reply *int) error {
	*reply = args.X * args.Y
	return nil
}

func serve(where string) {
	if err := rpc.Register(ArithmeticService{}); err != nil {
		log.Fatal(err)
	}
	for {
		conn, err := net.Dial("tcp", where)
		if err != nil {
			log.Printf("error dialing tcp: %v, retry ...", err)
			time.Sleep(100 * time.Millisecond)
			continue
		}
		rpc.ServeConn(conn)
		conn.Close()
	}
}

func call() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("tcp@" + listener.Addr().String())
	for i := 0; i < 2; i++ {
		conn, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		client := rpc.NewClient(conn)
		var reply int
		args := Operands{X: 2, Y: 3}
		if err := client.Call("ArithmeticService.Multiply", args, &reply); err != nil {
			log.Fatal("error calling ArithmeticService.Multiply: ", err)
		}
		fmt.Printf("%d * %d = %d\n", args.X, args.Y, reply)
		if reply != 6 {
			os.Exit(1)
		}
		client.Close()
	}
}

func main() {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "client":
		call()
	case len(os.Args) == 3 && os.Args[1] == "server":
		serve(strings.TrimPrefix(os.Args[2], "tcp@"))
	default:
		log.Fatal("usage: goreverse client | goreverse server ADDRESS")
	}
}
