package main

import (
	"fmt"
	"strings"
	"sync"

	"interop/services"
)

// checkLoad has a thousand calls in flight on one connection, and large values among small ones.
func checkLoad(c *checks, dial func() caller) {
	client := dial()
	defer client.Close()

	const calls = 1000
	products := make([]int, calls)
	errs := make([]error, calls)
	var running sync.WaitGroup
	for i := 0; i < calls; i++ {
		running.Add(1)
		go func(i int) {
			defer running.Done()
			errs[i] = client.Call("Arith.Multiply", services.Args{A: i, B: i}, &products[i])
		}(i)
	}
	running.Wait()
	right := 0
	for i := range products {
		if errs[i] == nil && products[i] == i*i {
			right++
		}
	}
	c.that("1000 calls at once", right == calls, right, " right")

	large := strings.Repeat("0123456789abcdef", 1<<16) // 1 MiB
	large = large[:len(large)-2] + "é"
	for i := 0; i < 4; i++ {
		running.Add(1)
		go func(i int) {
			defer running.Done()
			key := fmt.Sprint("large", i)
			if err := client.Call("KVStoreService.Set", []string{key, large}, new(struct{})); err != nil {
				errs[i] = err
				return
			}
			var back string
			errs[i] = client.Call("KVStoreService.Get", key, &back)
			if errs[i] == nil && back != large {
				errs[i] = fmt.Errorf("%d bytes came back for %d", len(back), len(large))
			}
		}(i)
	}
	running.Wait()
	for i := 0; i < 4; i++ {
		c.works("1 MiB there and back", errs[i])
	}
}

// checkEnds closes with calls waiting.
func checkEnds(c *checks, dial func() caller) {
	client := dial()
	var sum int
	if err := client.Call("Foo.Sum", services.FooArgs{Num1: 1, Num2: 2}, &sum); err != nil {
		c.works("Sum", err)
	}
	result := make(chan error, 1)
	go func() { result <- client.Call("KVStoreService.Watch", 30, new(string)) }()
	c.works("close", client.Close())
	err := <-result
	c.that("a call that waits ends with the connection", err != nil, err)
	err = client.Call("Foo.Sum", services.FooArgs{Num1: 1, Num2: 2}, &sum)
	c.fails("a call after the end", err, "connection is shut down")
}
