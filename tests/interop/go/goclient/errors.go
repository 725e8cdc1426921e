package main

import "interop/services"

// checkErrors meets every error text, and after each one calls on the same connection again.
func checkErrors(c *checks, dial func() caller, expected texts) {
	client := dial()
	defer client.Close()
	args := services.Args{A: 7, B: 8}
	lives := func(after string) {
		var product int
		err := client.Call("Arith.Multiply", args, &product)
		c.that("the connection lives after "+after, err == nil && product == 56, product, err)
	}

	c.fails("Divide(1, 0)", client.Call("Arith.Divide", services.Args{A: 1}, new(services.Quotient)),
		"divide by zero")
	lives("an error of a handler")
	c.fails("Get", client.Call("KVStoreService.Get", "nothing", new(string)), "not found")
	lives("another")
	c.fails("a name without a dot", client.Call("Multiply", args, new(int)), expected.illFormed)
	lives("a name without a dot")
	for name, text := range expected.oddNames {
		c.fails("the name "+name, client.Call(name, args, new(int)), text)
		lives("the name " + name)
	}
	c.fails("an unknown service", client.Call("Nobody.Multiply", args, new(int)), expected.noService)
	lives("an unknown service")
	c.fails("an unknown method", client.Call("Arith.Nothing", args, new(int)), expected.noMethod)
	lives("an unknown method")

	err := client.Call("Arith.Multiply", "seven times eight", new(int))
	c.that("an argument of another type fails", err != nil && err != expected.shutDown, err)
	lives("an argument of another type")
	err = client.Call("Arith.Multiply", struct{ A, B string }{"seven", "eight"}, new(int))
	c.that("a field of another type fails", err != nil && err != expected.shutDown, err)
	lives("a field of another type")
	err = client.Call("KVStoreService.Set", []string{"alone"}, new(struct{}))
	c.that("Set of one string fails", err != nil && err != expected.shutDown, err)
	lives("an argument that a handler refuses")
}
