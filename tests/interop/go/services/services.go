// Package services has the services as Go programs write them, for the programs here to serve and
// to call.
package services

import (
	"errors"
	"fmt"
	"time"
)

type Args struct{ A, B int }

type Quotient struct{ Quo, Rem int }

type Arith int

func (t *Arith) Multiply(args *Args, reply *int) error {
	*reply = args.A * args.B
	return nil
}

func (t *Arith) Divide(args *Args, quo *Quotient) error {
	if args.B == 0 {
		return errors.New("divide by zero")
	}
	quo.Quo = args.A / args.B
	quo.Rem = args.A % args.B
	return nil
}

var (
	ErrAuth  = errors.New("not login")
	ErrLogin = errors.New("username or password incorrect")
)

// HelloService is made anew for each connection.
type HelloService struct {
	RemoteAddr string
	isLogin    bool
}

func (h *HelloService) Login(request string, reply *string) error {
	if request != "user:pass" {
		return ErrLogin
	}
	h.isLogin = true
	return nil
}

func (h *HelloService) Hello(request string, reply *string) error {
	if !h.isLogin {
		return ErrAuth
	}
	*reply = fmt.Sprintf("Hello %s, from %s", request, h.RemoteAddr)
	return nil
}

type FooArgs struct{ Num1, Num2 int }

type Foo int

func (f Foo) Sum(args FooArgs, reply *int) error {
	*reply = args.Num1 + args.Num2
	return nil
}

func (f Foo) Sleep(args FooArgs, reply *int) error {
	time.Sleep(time.Second * time.Duration(args.Num1))
	*reply = args.Num1 + args.Num2
	return nil
}
