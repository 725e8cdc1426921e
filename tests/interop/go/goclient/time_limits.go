package main

import (
	"context"
	"time"

	"interop/geerpc"
	"interop/services"
)

// checkTimeLimits has the server end a call, and then the caller.
func checkTimeLimits(c *checks, dial func(string, string, geerpc.Option) (*geerpc.Client, error),
	network, where string) {
	slow := services.FooArgs{Num1: 3, Num2: 1}
	quick := services.FooArgs{Num1: 1, Num2: 3}
	limited, err := dial(network, where, geerpc.Option{HandleTimeout: time.Second})
	if err != nil {
		c.works("dial with HandleTimeout", err)
		return
	}
	defer limited.Close()
	var sum int
	err = limited.Call(context.Background(), "Foo.Sleep", slow, &sum)
	c.fails("Sleep(3)", err, "rpc server: request handle timeout: expect within 1s")
	err = limited.Call(context.Background(), "Foo.Sum", quick, &sum)
	c.that("the connection lives after HandleTimeout", err == nil && sum == 4, sum, err)

	client, err := dial(network, where, geerpc.Option{})
	if err != nil {
		c.works("dial", err)
		return
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	err = client.Call(ctx, "Foo.Sleep", quick, new(int))
	c.fails("Sleep(1) with 100 ms", err, "rpc client: call failed: context deadline exceeded")
	err = client.Call(context.Background(), "Foo.Sleep", quick, &sum)
	c.that("the late reply harms nobody", err == nil && sum == 4, sum, err)
}
