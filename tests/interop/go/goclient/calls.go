package main

import (
	"strings"
	"sync"

	"interop/services"
)

// checkServices calls every method of every service.
func checkServices(c *checks, dial func() caller) {
	client := dial()
	defer client.Close()

	var product int
	err := client.Call("Arith.Multiply", &services.Args{A: 7, B: 8}, &product)
	c.that("Multiply(7, 8) = 56", err == nil && product == 56, product, err)
	var quotient services.Quotient
	err = client.Call("Arith.Divide", &services.Args{A: 17, B: 5}, &quotient)
	c.that("Divide(17, 5) = 3 remainder 2", err == nil && quotient == services.Quotient{Quo: 3, Rem: 2},
		quotient, err)

	err = client.Call("interop.Arith.Multiply", &services.Args{A: 7, B: 8}, &product)
	c.that("a name with two dots", err == nil && product == 56, product, err)

	var sum int
	err = client.Call("Foo.Sum", services.FooArgs{Num1: 1, Num2: 3}, &sum)
	c.that("Sum(1, 3) = 4", err == nil && sum == 4, sum, err)
	err = client.Call("Foo.Sleep", services.FooArgs{Num1: 1, Num2: 5}, &sum)
	c.that("Sleep(1, 5) = 6", err == nil && sum == 6, sum, err)

	var text string
	c.works("Set", client.Call("KVStoreService.Set", []string{"city", "北京"}, new(struct{})))
	err = client.Call("KVStoreService.Get", "city", &text)
	c.that("Get", err == nil && text == "北京", text, err)
	c.works("Set takes an array", client.Call("KVStoreService.Set", [2]string{"a", "b"}, new(struct{})))
	checkWatch(c, client)
	checkHello(c, dial)
}

// checkWatch sets a key while two calls of the same connection wait for one.
func checkWatch(c *checks, client caller) {
	keys := make([]string, 2)
	errs := make([]error, 2)
	var watching sync.WaitGroup
	for i := range keys {
		watching.Add(1)
		go func(i int) {
			defer watching.Done()
			errs[i] = client.Call("KVStoreService.Watch", 10, &keys[i])
		}(i)
	}
	done := make(chan struct{})
	go func() {
		watching.Wait()
		close(done)
	}()
	for waiting := true; waiting; {
		if err := client.Call("KVStoreService.Set", []string{"watched", "x"}, new(struct{})); err != nil {
			c.works("Set while others watch", err)
			return
		}
		select {
		case <-done:
			waiting = false
		default:
		}
	}
	c.that("every watcher learns of the key",
		errs[0] == nil && errs[1] == nil && keys[0] == "watched" && keys[1] == "watched", keys, errs)
	c.fails("Watch(1)", client.Call("KVStoreService.Watch", 1, new(string)), "timed out")
}

func checkHello(c *checks, dial func() caller) {
	client, other := dial(), dial()
	defer client.Close()
	defer other.Close()
	var text string
	c.fails("Hello", client.Call("HelloService.Hello", "world", &text), "not login")
	c.fails("Login(user:word)", client.Call("HelloService.Login", "user:word", &text),
		"username or password incorrect")
	c.works("Login(user:pass)", client.Call("HelloService.Login", "user:pass", &text))
	err := client.Call("HelloService.Hello", "world", &text)
	c.that("Hello greets", err == nil && strings.HasPrefix(text, "Hello world, from "), text, err)
	c.fails("Hello on another connection", other.Call("HelloService.Hello", "world", &text),
		"not login")
}

// checkWrapper is the documents' program with its typed client.
func checkWrapper(c *checks, network, where string) {
	store, err := services.DialKVStoreService(network, where)
	if err != nil {
		c.works("DialKVStoreService", err)
		return
	}
	c.works("the wrapper's Set", store.Set([]string{"wrapped", "text"}, new(struct{})))
	var text string
	err = store.Get("wrapped", &text)
	c.that("the wrapper's Get", err == nil && text == "text", text, err)
	c.fails("the wrapper's Get", store.Get("nowhere", &text), services.ErrNotFound.Error())
	c.fails("the wrapper's Watch", store.Watch(1, &text), services.ErrTimeout.Error())
}
