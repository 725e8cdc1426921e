package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/rpc"
	"net/rpc/jsonrpc"
	"time"

	"interop/geerpc"
)

// caller is what net/rpc's client and GeeRPC's have in common.
type caller interface {
	Call(serviceMethod string, args interface{}, reply interface{}) error
	Close() error
}

// texts are the errors that a dialect has for requests that nobody answers.
type texts struct {
	illFormed, noService, noMethod string
	// By names whose service or method is empty.
	oddNames map[string]string
	shutDown                       error
}

type dialect struct {
	dial  func(network, where string) (caller, error)
	texts texts
	gee   func(network, where string, opt geerpc.Option) (*geerpc.Client, error)
}

var goTexts = texts{
	illFormed: "rpc: service/method request ill-formed: Multiply",
	noService: "rpc: can't find service Nobody.Multiply",
	noMethod:  "rpc: can't find method Arith.Nothing",
	oddNames: map[string]string{
		".":         "rpc: can't find service .",
		".Multiply": "rpc: can't find service .Multiply",
		"Arith.":    "rpc: can't find method Arith.",
	},
	shutDown:  rpc.ErrShutdown,
}

var geeTexts = texts{
	illFormed: "rpc server: service/method request ill-formed: Multiply",
	noService: "rpc server: can't find service Nobody",
	noMethod:  "rpc server: can't find method Nothing",
	oddNames: map[string]string{
		".":         "rpc server: can't find service ",
		".Multiply": "rpc server: can't find service ",
		"Arith.":    "rpc server: can't find method ",
	},
	shutDown:  geerpc.ErrShutdown,
}

var dialects = map[string]dialect{
	"netrpc": {texts: goTexts, dial: func(network, where string) (caller, error) {
		return rpc.Dial(network, where)
	}},
	"netrpc+http": {texts: goTexts, dial: dialNetRPCOverHTTP},
	"jsonrpc": {texts: goTexts, dial: func(network, where string) (caller, error) {
		return jsonrpc.Dial(network, where)
	}},
	"geerpc-gob":       gee(geerpc.GobType, geerpc.NewClient),
	"geerpc-json":      gee(geerpc.JsonType, geerpc.NewClient),
	"geerpc-gob+http":  gee(geerpc.GobType, geerpc.NewHTTPClient(geerpc.GeeRPCPath)),
	"geerpc-json+http": gee(geerpc.JsonType, geerpc.NewHTTPClient("/_geerpc_")),
	"myrpc-gob+http":   gee(geerpc.GobType, geerpc.NewHTTPClient(geerpc.MyRPCPath)),
}

// dialNetRPCOverHTTP is rpc.DialHTTP, which knows TCP alone by its host's form; a Unix socket is
// asked in the same words.
func dialNetRPCOverHTTP(network, where string) (caller, error) {
	if network == "tcp" {
		return rpc.DialHTTP(network, where)
	}
	conn, err := net.Dial(network, where)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(conn, "CONNECT "+rpc.DefaultRPCPath+" HTTP/1.0\n\n"); err != nil {
		return nil, err
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: "CONNECT"})
	if err != nil {
		return nil, err
	}
	if answer.Status != "200 Connected to Go RPC" {
		return nil, errors.New("unexpected HTTP response: " + answer.Status)
	}
	return rpc.NewClient(conn), nil
}

// geeCaller calls without a time limit of its own.
type geeCaller struct{ *geerpc.Client }

func (c geeCaller) Call(serviceMethod string, args interface{}, reply interface{}) error {
	return c.Client.Call(context.Background(), serviceMethod, args, reply)
}

func gee(codec geerpc.Type, hello func(net.Conn, *geerpc.Option) (*geerpc.Client, error)) dialect {
	dial := func(network, where string, opt geerpc.Option) (*geerpc.Client, error) {
		opt.MagicNumber = geerpc.MagicNumber
		opt.CodecType = codec
		opt.ConnectTimeout = 10 * time.Second
		return geerpc.Dial(hello, network, where, &opt)
	}
	return dialect{
		texts: geeTexts,
		gee:   dial,
		dial: func(network, where string) (caller, error) {
			client, err := dial(network, where, geerpc.Option{})
			return geeCaller{client}, err
		},
	}
}
